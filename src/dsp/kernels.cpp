#include "dsp/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;

// Products and sums are rounded one by one, never fused: the scalar tails then give the vectors' bits.

void AddScaled(const float* HWY_RESTRICT in, float gain, float* HWY_RESTRICT out, std::size_t frames) {
  const Floats d;
  const auto factor = hn::Set(d, gain);
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d))
    hn::StoreU(hn::Add(hn::LoadU(d, out + n), hn::Mul(hn::LoadU(d, in + n), factor)), d, out + n);
  for (; n < frames; ++n) out[n] += in[n] * gain;
}

// In and out may be the same here.
void CopyScaled(const float* in, float gain, float* out, std::size_t frames) {
  const Floats d;
  const auto factor = hn::Set(d, gain);
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d))
    hn::StoreU(hn::Mul(hn::LoadU(d, in + n), factor), d, out + n);
  for (; n < frames; ++n) out[n] = in[n] * gain;
}

// The values of LinearRamp::next() from `left` frames before the end on, handed to `use` a vector and a
// sample at a time.
template <typename Vectors, typename Samples>
HWY_INLINE void AlongRamp(float target, float step, float left, std::size_t frames, const Vectors& vectors,
                          const Samples& samples) {
  const Floats d;
  const auto lanes = static_cast<float>(hn::Lanes(d));
  auto leftAt = hn::Sub(hn::Set(d, left - 1.0f), hn::Iota(d, 0.0f));
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d)) {
    const auto remaining = hn::Max(leftAt, hn::Zero(d));
    vectors(n, hn::Sub(hn::Set(d, target), hn::Mul(hn::Set(d, step), remaining)));
    leftAt = hn::Sub(leftAt, hn::Set(d, lanes));
  }
  for (; n < frames; ++n) {
    const float remaining = left - 1.0f - static_cast<float>(n);
    samples(n, target - step * (remaining > 0.0f ? remaining : 0.0f));
  }
}

void AddRamped(const float* HWY_RESTRICT in, float target, float step, float left, float* HWY_RESTRICT out,
               std::size_t frames) {
  const Floats d;
  AlongRamp(
      target, step, left, frames,
      [&](std::size_t n, auto gain) HWY_ATTR {
        hn::StoreU(hn::Add(hn::LoadU(d, out + n), hn::Mul(hn::LoadU(d, in + n), gain)), d, out + n);
      },
      [&](std::size_t n, float gain) HWY_ATTR { out[n] += in[n] * gain; });
}

void CopyRamped(const float* in, float target, float step, float left, float* out, std::size_t frames) {
  const Floats d;
  AlongRamp(
      target, step, left, frames,
      [&](std::size_t n, auto gain) HWY_ATTR { hn::StoreU(hn::Mul(hn::LoadU(d, in + n), gain), d, out + n); },
      [&](std::size_t n, float gain) HWY_ATTR { out[n] = in[n] * gain; });
}

void AddToBoth(const float* HWY_RESTRICT in, float leftGain, float rightGain, float* HWY_RESTRICT left,
               float* HWY_RESTRICT right, std::size_t frames) {
  const Floats d;
  const auto leftFactor = hn::Set(d, leftGain);
  const auto rightFactor = hn::Set(d, rightGain);
  std::size_t n = 0;
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, in + n);
    hn::StoreU(hn::Add(hn::LoadU(d, left + n), hn::Mul(x, leftFactor)), d, left + n);
    hn::StoreU(hn::Add(hn::LoadU(d, right + n), hn::Mul(x, rightFactor)), d, right + n);
  }
  for (; n < frames; ++n) {
    left[n] += in[n] * leftGain;
    right[n] += in[n] * rightGain;
  }
}

// As integers, magnitudes of floats are ordered like the floats, with infinity above all numbers and
// not-a-number above infinity: one maximum answers both questions.
std::int32_t LargestMagnitudeBits(const float* samples, std::size_t frames) {
  const hn::ScalableTag<std::int32_t> d;
  const auto mask = hn::Set(d, 0x7fffffff);
  const auto load = [&](std::size_t n)
                        HWY_ATTR { return hn::And(hn::BitCast(d, hn::LoadU(Floats(), samples + n)), mask); };
  auto first = hn::Zero(d);
  auto second = hn::Zero(d);
  std::size_t n = 0;
  for (; n + 2 * hn::Lanes(d) <= frames; n += 2 * hn::Lanes(d)) {
    first = hn::Max(first, load(n));
    second = hn::Max(second, load(n + hn::Lanes(d)));
  }
  for (; n + hn::Lanes(d) <= frames; n += hn::Lanes(d)) first = hn::Max(first, load(n));
  std::int32_t largest = hn::GetLane(hn::MaxOfLanes(d, hn::Max(first, second)));
  for (; n < frames; ++n) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(samples[n]) & 0x7fffffff;
    largest = bits > largest ? bits : largest;
  }
  return largest;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {

HWY_EXPORT(AddScaled);
HWY_EXPORT(CopyScaled);
HWY_EXPORT(AddRamped);
HWY_EXPORT(CopyRamped);
HWY_EXPORT(AddToBoth);
HWY_EXPORT(LargestMagnitudeBits);

namespace {
std::size_t movingFrames(const LinearRamp& gain, std::size_t frames) noexcept {
  return std::min(static_cast<std::size_t>(gain.framesLeft()), frames);
}
}  // namespace

void addScaled(std::span<const float> in, float gain, std::span<float> out) noexcept {
  HWY_DYNAMIC_DISPATCH(AddScaled)(in.data(), gain, out.data(), out.size());
}

void copyScaled(std::span<const float> in, float gain, std::span<float> out) noexcept {
  HWY_DYNAMIC_DISPATCH(CopyScaled)(in.data(), gain, out.data(), out.size());
}

void addScaled(std::span<const float> in, LinearRamp& gain, std::span<float> out) noexcept {
  const std::size_t moving = movingFrames(gain, out.size());
  if (moving > 0) {
    HWY_DYNAMIC_DISPATCH(AddRamped)
    (in.data(), gain.target(), gain.step(), static_cast<float>(gain.framesLeft()), out.data(), moving);
    gain.skip(static_cast<FrameCount>(moving));
  }
  if (gain.target() != 0.0f) addScaled(in.subspan(moving), gain.target(), out.subspan(moving));
}

void copyScaled(std::span<const float> in, LinearRamp& gain, std::span<float> out) noexcept {
  const std::size_t moving = movingFrames(gain, out.size());
  if (moving > 0) {
    HWY_DYNAMIC_DISPATCH(CopyRamped)
    (in.data(), gain.target(), gain.step(), static_cast<float>(gain.framesLeft()), out.data(), moving);
    gain.skip(static_cast<FrameCount>(moving));
  }
  copyScaled(in.subspan(moving), gain.target(), out.subspan(moving));
}

void addStereo(ConstAudioView in, LinearRamp& left, LinearRamp& right, AudioView out) noexcept {
  const std::span<const float> second = in.channel(in.channels() - 1);
  const bool oneToBoth = in.channels() == 1 && left.isSettled() && right.isSettled() &&
                         left.target() != 0.0f && right.target() != 0.0f;
  if (oneToBoth) {
    HWY_DYNAMIC_DISPATCH(AddToBoth)
    (second.data(), left.target(), right.target(), out.channel(0).data(), out.channel(1).data(),
     second.size());
    return;
  }
  addScaled(in.channel(0), left, out.channel(0));
  addScaled(second, right, out.channel(1));
}

float peak(std::span<const float> samples) noexcept {
  return std::bit_cast<float>(HWY_DYNAMIC_DISPATCH(LargestMagnitudeBits)(samples.data(), samples.size()));
}

bool allFinite(std::span<const float> samples) noexcept { return std::isfinite(peak(samples)); }

}  // namespace gainstage::dsp
#endif  // HWY_ONCE
