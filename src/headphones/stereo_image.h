#pragma once

#include <algorithm>
#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/dynamics/level_guard.h"

namespace gainstage::headphones {

/// Width, mono and balance of two channels. Latency 0.
///
/// Width is the gain of half the difference between the channels: 0 leaves what they have in common, 1
/// changes nothing, to the bit, 2 makes the difference 6 dB louder. Mono takes the difference away and gives
/// it back as it was, like a mute. Balance lowers the side that it leads away from, linearly to silence, and
/// raises nothing above what came in. Everything ramps over 20 ms; the difference is never raised by more
/// than 6 dB faster than 20 dB per second, and who sees to that for a whole path is told the sides' gains.
/// The same bits however the stream is split.
class StereoImage {
 public:
  static constexpr Milliseconds kRamp = 20_ms;

  void prepare(const StreamFormat& format) noexcept {  // [control]
    for (LinearRamp* ramp : {&width_, &mono_, &sides_[0], &sides_[1]}) ramp->setLength(format.frames(kRamp));
    widthGuard_.prepare(format, kRamp);
    reset();
  }
  void setWidth(float width) noexcept {  // [audio] 0..2, default 1
    width_.setTarget(width);
    widthGuard_.setTotal(decibels(width));
  }
  void setMono(bool mono) noexcept { mono_.setTarget(mono ? 0.0f : 1.0f); }  // [audio] default off
  void setBalance(float balance) noexcept {  // [audio] -1 (left only) .. 1 (right only), default 0
    sides_[0].setTarget(1.0f - std::max(balance, 0.0f));
    sides_[1].setTarget(1.0f + std::min(balance, 0.0f));
  }
  /// What balance makes of a side in the end. [audio]
  float sideDb(int side) const noexcept { return decibels(sides_[static_cast<std::size_t>(side)].target()); }
  /// Jumps to the values last set. [audio; or control before processing]
  void reset() noexcept {
    for (LinearRamp* ramp : {&width_, &mono_, &sides_[0], &sides_[1]}) ramp->snapToTarget();
    widthGuard_.snap(decibels(width_.target()));
  }

  /// In place, 2 channels. [audio]
  void process(AudioView io) noexcept {
    const auto left = io.channel(0), right = io.channel(1);
    const bool plain = isUnity(width_) && isUnity(mono_) && widthGuard_.isIdle();
    for (std::size_t n = 0; !plain && n < left.size(); ++n) {
      const float gain = nextDifference();
      if (gain == 1.0f) continue;
      const float middle = 0.5f * (left[n] + right[n]);
      const float difference = 0.5f * (left[n] - right[n]) * gain;
      left[n] = middle + difference;
      right[n] = middle - difference;
    }
    sides_[0].apply(left);
    sides_[1].apply(right);
  }

 private:
  static float decibels(float gain) noexcept {
    return static_cast<float>(Decibels::fromLinear(std::max(gain, 1e-5f)).value);
  }
  static bool isUnity(const LinearRamp& ramp) noexcept { return ramp.isSettled() && ramp.target() == 1.0f; }

  float nextDifference() noexcept {
    // While the difference is away it is not heard: what was heard last is what a rise is counted from.
    if (mono_.isSettled() && mono_.target() == 0.0f) {
      width_.skip(1);
      widthGuard_.skip(1);
      return 0.0f;
    }
    const float gain = mono_.next() * width_.next();
    return widthGuard_.isIdle() ? gain : gain * widthGuard_.next();
  }

  LinearRamp width_{1.0f};
  LinearRamp mono_{1.0f};  // share of the difference that is left
  std::array<LinearRamp, 2> sides_{LinearRamp{1.0f}, LinearRamp{1.0f}};
  dsp::LevelGuard widthGuard_;
};

}  // namespace gainstage::headphones
