#pragma once

#include <algorithm>
#include <cmath>

#include "core/stream_format.h"

namespace gainstage::headphones {

/// The way from one sound of a signal (0) to another (1) and back, in 30 ms, or slower where some frequency
/// would become louder by more than 6 dB faster than 20 dB per second.
///
/// With a share s of the second sound, a frequency that it makes louder by a factor r at most is heard at
/// 1 + s (r - 1) times the first. That, and the same for the way back, each obey the token bucket of
/// dsp::LevelGuard; nothing that does not become louder is touched. The same bits however the stream is
/// split.
class SafeBlend {
 public:
  static constexpr Milliseconds kTime = 30_ms;

  void prepare(const StreamFormat& format) noexcept {  // [control]
    step_ = 1.0 / format.frames(kTime);
    growth_ = std::pow(10.0, 20.0 / 20.0 / format.sampleRate);
    snap();
  }
  /// The most that any frequency gains on the way there and on the way back, as factors of 1 and more.
  /// [audio]
  void setRange(double there, double back) noexcept {
    there_.setRange(std::max(there, 1.0), share_);
    back_.setRange(std::max(back, 1.0), 1.0 - share_);
  }
  void setTarget(bool second) noexcept { target_ = second ? 1.0 : 0.0; }  // [audio]
  /// Jumps to the target. [audio; or control before processing]
  void snap() noexcept {
    share_ = target_;
    there_.floor = there_.at(share_);
    back_.floor = back_.at(1.0 - share_);
  }
  bool isAt(bool second) const noexcept { return isSettled() && target_ == (second ? 1.0 : 0.0); }  // [audio]
  /// On the target, and the 6 dB may be taken at once again. [audio]
  bool isSettled() const noexcept {
    return share_ == target_ && there_.floor >= there_.at(share_) && back_.floor >= back_.at(1.0 - share_);
  }
  /// The next frame's share of the second sound. [audio]
  float next() noexcept {
    there_.grow(growth_, share_);
    back_.grow(growth_, 1.0 - share_);
    if (target_ > share_)
      share_ = std::max(share_, std::min({target_, share_ + step_, there_.limit()}));
    else
      share_ = std::min(share_, std::max({target_, share_ - step_, 1.0 - back_.limit()}));
    return static_cast<float>(share_);
  }

 private:
  static constexpr double kBurst = 1.9952623149688795;  // 6 dB

  /// One direction: what its loudest frequency is heard at.
  struct Rise {
    double range = 1.0, floor = 1.0;
    double at(double share) const noexcept { return 1.0 + share * (range - 1.0); }
    double limit() const noexcept { return range > 1.0 ? (kBurst * floor - 1.0) / (range - 1.0) : 1.0; }
    void grow(double growth, double share) noexcept { floor = std::min(floor * growth, at(share)); }
    void setRange(double to, double share) noexcept {
      const double before = at(share);
      range = to;
      floor *= at(share) / before;
    }
  };

  Rise there_, back_;
  double share_ = 0.0, target_ = 0.0;
  double step_ = 1.0, growth_ = 1.0;
};

}  // namespace gainstage::headphones
