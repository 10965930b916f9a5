#pragma once

#include <array>
#include <span>
#include <string_view>

#include "core/units.h"
#include "rig/parameters.h"

/// What blocks share that compute a circuit.
namespace gainstage::rig {

inline constexpr std::array<std::string_view, 2> kQualities{"live", "offline"};

/// How dearly a circuit is computed. Live: minimum phase, no latency. Offline: linear phase, at twice the
/// rate or more. [any thread]
constexpr Parameter quality() { return structural(choice("quality", "Quality", kQualities)); }

/// A knob's place on its track. [any thread]
constexpr Parameter knob(std::string_view id, std::string_view name, float value) {
  return ratio(id, name, 0.0f, 1.0f, value);
}

/// By how much a circuit runs faster than the session: at `leastRate` or more, at twice that offline. [any
/// thread]
int circuitFactor(double sampleRate, double leastRate, bool offline) noexcept;

/// Counts the frames of silence of one channel, to let its circuit rest: silence must come out silent, and
/// cost nothing.
class Idle {
 public:
  void setTail(FrameCount frames) noexcept { tail_ = frames; }  // [control]
  void reset() noexcept { quiet_ = tail_; }                     // [audio]
  bool rests() const noexcept { return quiet_ >= tail_; }       // [audio]

  /// Frames to which the state of the first applies: up to the first sound where it rests, else up to where
  /// it begins to rest. Counts them. [audio]
  FrameCount advance(std::span<const float> in) noexcept;
  void wake() noexcept { quiet_ = 0; }  // [audio]

 private:
  FrameCount tail_ = 1, quiet_ = 1;
};

}  // namespace gainstage::rig
