#include "dsp/meters/true_peak.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/meters/true_peak.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// ITU-R BS.1770-4 Annex 2, table of the order 48, 4-phase FIR interpolator. Phases 2 and 3 are 1 and 0
// backwards.
constexpr std::size_t kTaps = 12;
constexpr float kPhase0[kTaps] = {0.0017089843750f,  0.0109863281250f,  -0.0196533203125f, 0.0332031250000f,
                                  -0.0594482421875f, 0.1373291015625f,  0.9721679687500f,  -0.1022949218750f,
                                  0.0476074218750f,  -0.0266113281250f, 0.0148925781250f,  -0.0083007812500f};
constexpr float kPhase1[kTaps] = {-0.0291748046875f, 0.0292968750000f,  -0.0517578125000f, 0.0891113281250f,
                                  -0.1665039062500f, 0.4650878906250f,  0.7797851562500f,  -0.2003173828125f,
                                  0.1015625000000f,  -0.0582275390625f, 0.0330810546875f,  -0.0189208984375f};

/// `padded`: 11 samples of history, then `frames` samples, then a whole vector of zeros at least.
BlockLevels MeasurePadded(const float* HWY_RESTRICT padded, std::size_t frames) {
  const hn::CappedTag<float, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto zero = hn::Zero(d);
  auto peak = zero, truePeak = zero, squares = zero;
  for (std::size_t n = 0; n < frames; n += lanes) {
    auto phase0 = zero, phase1 = zero, phase2 = zero, phase3 = zero;
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      const auto x = hn::LoadU(d, padded + n + kTaps - 1 - tap);
      phase0 = hn::MulAdd(x, hn::Set(d, kPhase0[tap]), phase0);
      phase1 = hn::MulAdd(x, hn::Set(d, kPhase1[tap]), phase1);
      phase2 = hn::MulAdd(x, hn::Set(d, kPhase1[kTaps - 1 - tap]), phase2);
      phase3 = hn::MulAdd(x, hn::Set(d, kPhase0[kTaps - 1 - tap]), phase3);
    }
    // The samples' own magnitude is 0 in the padding; what rings on there belongs to the next call.
    const auto x = hn::LoadU(d, padded + n + kTaps - 1);
    peak = hn::Max(peak, hn::Abs(x));
    squares = hn::MulAdd(x, x, squares);
    const auto largest =
        hn::Max(hn::Max(hn::Abs(phase0), hn::Abs(phase1)), hn::Max(hn::Abs(phase2), hn::Abs(phase3)));
    truePeak = hn::Max(truePeak, hn::IfThenElseZero(hn::FirstN(d, frames - n), largest));
  }
  const auto largest = hn::MaxOfLanes(d, peak);
  return {.peak = hn::GetLane(largest),
          .truePeak = hn::GetLane(hn::Max(largest, hn::MaxOfLanes(d, truePeak))),
          .squares = hn::GetLane(hn::SumOfLanes(d, squares))};
}

// 1e6 is +120 dBFS; what lies above is no audio, and its square must not overflow.
void CopyFinite(const float* HWY_RESTRICT in, float* HWY_RESTRICT out, std::size_t frames) {
  const hn::CappedTag<float, 16> d;
  const auto bound = hn::Set(d, 1e6f);
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, in + n);
    hn::StoreU(hn::IfThenElseZero(hn::Le(hn::Abs(x), bound), x), d, out + n);
  }
  for (; n < frames; ++n) out[n] = in[n] >= -1e6f && in[n] <= 1e6f ? in[n] : 0.0f;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {

HWY_EXPORT(MeasurePadded);
HWY_EXPORT(CopyFinite);

BlockLevels LevelDetector::measure(std::span<const float> samples) noexcept {
  alignas(64) float padded[kHistory + kLevelFrames + 16];
  const std::size_t frames = samples.size();
  std::ranges::copy(history_, padded);
  HWY_DYNAMIC_DISPATCH(CopyFinite)(samples.data(), padded + kHistory, frames);
  std::fill_n(padded + kHistory + frames, 16, 0.0f);
  std::copy_n(padded + frames, kHistory, history_.begin());
  return HWY_DYNAMIC_DISPATCH(MeasurePadded)(padded, frames);
}

}  // namespace gainstage::dsp
#endif  // HWY_ONCE
