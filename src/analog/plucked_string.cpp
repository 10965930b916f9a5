#include "analog/plucked_string.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

constexpr Milliseconds kDampTime{8.0};
// Across the pickup and along its plane: the second is a little sharp and rings longer, as the bridge gives
// way less in that direction, and the pickup hardly hears it.
constexpr double kDetune[2] = {1.0, 1.0004};  // 0.7 cents
constexpr double kDecay[2] = {1.0, 1.5};
constexpr float kDriven[2] = {0.85f, 0.5f};
constexpr float kSensed[2] = {1.0f, 0.3f};
// A plectrum leaves a string in some tenths of a millisecond, faster when struck hard.
constexpr double kSoftReleaseS = 0.45e-3;
constexpr double kHardReleaseS = 0.12e-3;
constexpr float kGrain = 0.25f;  // roughness of that, from the winding and the plectrum's edge

}  // namespace

void PluckedString::prepare(double sampleRate, const StringSetup& setup) {
  sampleRate_ = sampleRate;
  setup_ = setup;
  damping_.setLength(static_cast<FrameCount>(std::max(kDampTime.seconds() * sampleRate, 1.0)));
  for (StringLoop& loop : loops_) loop.prepare(sampleRate, setup.openHz);
  // A wave needs the share of a period that the distance has of the string, whatever fret is held.
  const double delay = sampleRate / setup.openHz * setup.pickupMm / setup.scaleMm;
  heardPart_ = static_cast<float>(delay - std::floor(delay));
  heard_.assign(static_cast<std::size_t>(delay) + 2, 0.0f);
  pluckDelayS_ = setup.pluckMm / setup.scaleMm / setup.openHz;
  reset();
}

void PluckedString::reset() noexcept {
  for (StringLoop& loop : loops_) loop.reset();
  std::ranges::fill(heard_, 0.0f);
  heardAt_ = 0;
  damping_.snapTo(1.0f);
  excitationFrames_ = 0;
  sincePluck_ = 0;
  noise_ = 1;
  isIdle_ = true;
}

void PluckedString::pluck(const Pluck& pluck) noexcept {
  const double shortening = std::exp2(pluck.semitones / 12.0);
  for (std::size_t i = 0; i < loops_.size(); ++i)
    loops_[i].tune({.frequencyHz = setup_.openHz * shortening * kDetune[i],
                    .inharmonicity = setup_.inharmonicity * shortening * shortening,
                    .decayS = setup_.decayS * kDecay[i] / std::sqrt(shortening),
                    .trebleDecayS = setup_.trebleDecayS});
  damping_.snapTo(1.0f);
  pulseS_ = std::lerp(kSoftReleaseS, kHardReleaseS, static_cast<double>(pluck.velocity));
  // Equal area for all widths: the height of the step in the string's velocity.
  strength_ = pluck.velocity * static_cast<float>(1.0 / (sampleRate_ * pulseS_));
  excitationFrames_ = static_cast<std::int64_t>(std::ceil((pluckDelayS_ + pulseS_) * sampleRate_));
  sincePluck_ = 0;
  isIdle_ = false;
}

/// One raised cosine of mean 1, `pulseS_` long, from time 0 on.
float PluckedString::pulse(double seconds) const noexcept {
  if (seconds < 0.0 || seconds >= pulseS_) return 0.0f;
  return static_cast<float>(1.0 - std::cos(2.0 * std::numbers::pi * seconds / pulseS_));
}

/// The release, and its mirror image that comes back from the bridge: no partial with a node where it is
/// plucked.
float PluckedString::excitation() noexcept {
  if (sincePluck_ >= excitationFrames_) return 0.0f;
  const double seconds = static_cast<double>(sincePluck_++) / sampleRate_;
  noise_ = noise_ * 1664525u + 1013904223u;  // Knuth's and Lewis' constants
  const float grain = 1.0f + kGrain * (static_cast<float>(noise_) / 2147483648.0f - 1.0f);
  return strength_ * grain * (pulse(seconds) - pulse(seconds - pluckDelayS_));
}

void PluckedString::process(std::span<float> sum) noexcept {
  if (isIdle_) return;
  for (float& sample : sum) {
    const float drive = excitation();
    const float damping = damping_.next();
    float wave = 0.0f;
    for (std::size_t i = 0; i < loops_.size(); ++i)
      wave += kSensed[i] * loops_[i].next(kDriven[i] * drive, damping);
    heard_[heardAt_] = wave;
    // The wave and its mirror image from the bridge: no partial with a node above the pickup.
    // heard_ holds just the delay and two frames: what was written longest ago comes next.
    const std::size_t farAt = heardAt_ + 1 == heard_.size() ? 0 : heardAt_ + 1;
    const std::size_t nearAt = farAt + 1 == heard_.size() ? 0 : farAt + 1;
    sample += wave - std::lerp(heard_[nearAt], heard_[farAt], heardPart_);
    heardAt_ = farAt;
  }
}

}  // namespace gainstage::analog
