#include "dsp/dynamics/dynamics_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/dynamics/dynamics_kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// Must follow foreach_target.h.
#include "dsp/dynamics/level_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Chunks end in room for a whole vector, so that the last one is computed like all others, whatever its lanes
// hold: a frame's value never depends on where in a call it stood.
using Floats = hn::CappedTag<float, 16>;

void LinkChannels(const float* first, const float* second, std::size_t frames, float* HWY_RESTRICT key) {
  const Floats d;
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d))
    hn::Store(hn::Max(hn::Abs(hn::LoadU(d, first + n)), hn::Abs(hn::LoadU(d, second + n))), d, key + n);
  for (; n < frames; ++n) {
    const float a = first[n] < 0.0f ? -first[n] : first[n];
    const float b = second[n] < 0.0f ? -second[n] : second[n];
    key[n] = a > b ? a : b;
  }
}

void ReductionOf(const float* HWY_RESTRICT key, const CompressorChunk& law, float attackShare,
                 float releaseShare, std::size_t frames, float* HWY_RESTRICT attack,
                 float* HWY_RESTRICT release) {
  const Floats d;
  const auto half = hn::Set(d, 0.5f);
  const auto zero = hn::Zero(d);
  for (std::size_t n = 0; n < frames; n += hn::Lanes(d)) {
    // 1e-10 is -200 dB: below any threshold, and a number whose logarithm exists.
    const auto magnitude = hn::Max(hn::Load(d, key + n), hn::Set(d, 1e-10f));
    const auto levelDb = hn::Mul(level::Log2(d, magnitude), hn::Set(d, 6.02059991f));
    const auto over = hn::Sub(levelDb, hn::Load(d, law.thresholdDb.data() + n));
    const auto knee = hn::Load(d, law.kneeDb.data() + n);
    const auto halfKnee = hn::Mul(knee, half);
    const auto inKnee = hn::Min(hn::Max(hn::Add(over, halfKnee), zero), knee);
    const auto aboveKnee = hn::Max(hn::Sub(over, halfKnee), zero);
    const auto bent = hn::Div(hn::Mul(hn::Mul(inKnee, inKnee), half), knee);
    const auto reduction = hn::Mul(hn::Load(d, law.slope.data() + n), hn::Add(bent, aboveKnee));
    hn::Store(hn::Mul(reduction, hn::Set(d, attackShare)), d, attack + n);
    hn::Store(hn::Mul(reduction, hn::Set(d, releaseShare)), d, release + n);
  }
}

void GainsOf(const float* HWY_RESTRICT reductionDb, const float* HWY_RESTRICT makeUpGain, std::size_t frames,
             float* HWY_RESTRICT gain) {
  const Floats d;
  const auto octavesPerDb = hn::Set(d, -0.166096405f);  // -log2(10) / 20
  for (std::size_t n = 0; n < frames; n += hn::Lanes(d)) {
    const auto reduced = level::Exp2(d, hn::Mul(hn::Load(d, reductionDb + n), octavesPerDb));
    hn::Store(hn::Mul(reduced, hn::Load(d, makeUpGain + n)), d, gain + n);
  }
}

void GateGainsOf(const float* HWY_RESTRICT openness, const float* HWY_RESTRICT depth, std::size_t frames,
                 float* HWY_RESTRICT gain) {
  const Floats d;
  const auto one = hn::Set(d, 1.0f);
  for (std::size_t n = 0; n < frames; n += hn::Lanes(d)) {
    const auto p = hn::Load(d, openness + n);
    const auto open = hn::Mul(hn::Mul(p, p), hn::Sub(hn::Set(d, 3.0f), hn::Add(p, p)));
    hn::Store(hn::Sub(one, hn::Mul(hn::Load(d, depth + n), hn::Sub(one, open))), d, gain + n);
  }
}

void Multiply(const float* HWY_RESTRICT gain, float* HWY_RESTRICT samples, std::size_t frames) {
  const Floats d;
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d))
    hn::StoreU(hn::Mul(hn::LoadU(d, samples + n), hn::Load(d, gain + n)), d, samples + n);
  for (; n < frames; ++n) samples[n] *= gain[n];
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {

HWY_EXPORT(LinkChannels);
HWY_EXPORT(ReductionOf);
HWY_EXPORT(GainsOf);
HWY_EXPORT(GateGainsOf);
HWY_EXPORT(Multiply);

void linkChannels(const float* first, const float* second, std::size_t frames, DynamicsChunk& key) noexcept {
  HWY_DYNAMIC_DISPATCH(LinkChannels)(first, second, frames, key.data());
}

void reductionOf(const DynamicsChunk& key, const CompressorChunk& law, float attackShare, float releaseShare,
                 std::size_t frames, DynamicsChunk& attack, DynamicsChunk& release) noexcept {
  HWY_DYNAMIC_DISPATCH(ReductionOf)
  (key.data(), law, attackShare, releaseShare, frames, attack.data(), release.data());
}

void gainsOf(const DynamicsChunk& reductionDb, const DynamicsChunk& makeUpGain, std::size_t frames,
             DynamicsChunk& gain) noexcept {
  HWY_DYNAMIC_DISPATCH(GainsOf)(reductionDb.data(), makeUpGain.data(), frames, gain.data());
}

void gateGainsOf(const DynamicsChunk& openness, const DynamicsChunk& depth, std::size_t frames,
                 DynamicsChunk& gain) noexcept {
  HWY_DYNAMIC_DISPATCH(GateGainsOf)(openness.data(), depth.data(), frames, gain.data());
}

void multiply(const DynamicsChunk& gain, float* samples, std::size_t frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Multiply)(gain.data(), samples, frames);
}

}  // namespace gainstage::dsp
#endif  // HWY_ONCE
