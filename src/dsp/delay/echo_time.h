#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/ramp.h"
#include "dsp/delay/fractional_delay.h"
#include "dsp/modulation/lfo.h"

/// The ways in which an echo's time goes from one value to the next. A line's newest frame is the one before
/// the current, so that its delay 0 is a delay of 1 here.
namespace gainstage::dsp {

/// A swing of the time that moves the pitch up and down by some cents.
class EchoSway {
 public:
  void prepare(const StreamFormat& format) noexcept {  // [control]
    sampleRate_ = format.sampleRate;
    lfo_.prepare(format);
    depth_.setLength(format.frames({200.0}));
  }
  void set(Hertz rate, float cents) noexcept {  // [audio]
    lfo_.setRate(rate);
    // A delay that swings by A sin(2 pi f t) changes pitch by its slope, at most 2 pi f A.
    const double slope = std::exp2(static_cast<double>(cents) / 1200.0) - 1.0;
    depth_.setTarget(static_cast<float>(slope * sampleRate_ / (2.0 * std::numbers::pi * rate.value)));
  }
  void reset() noexcept {  // [audio]
    lfo_.reset();
    depth_.snapToTarget();
  }
  void advance() noexcept {  // [audio] by a frame
    depth_.next();
    lfo_.advance();
  }
  bool isStill() const noexcept { return depth_.isSettled() && depth_.target() == 0.0f; }  // [audio]
  double frames(double delay) const noexcept {  // [audio] to add to that delay: never half of it
    return lfo_.sine() * std::min(static_cast<double>(depth_.current()), 0.45 * delay);
  }

 private:
  double sampleRate_ = 48000.0;
  Lfo lfo_;
  LinearRamp depth_{0.0f};  // frames
};

/// Fades from tap to tap: no change of pitch.
class SwitchedTime {
 public:
  void prepare(const StreamFormat& format, FrameCount longest) noexcept {  // [control]
    longest_ = longest;
    fade_.setLength(format.frames({50.0}));
    sway_.prepare(format);
  }
  void setTarget(double frames) noexcept {  // [audio]
    wanted_ = std::clamp(static_cast<FrameCount>(frames + 0.5), 1, longest_);
  }
  EchoSway& sway() noexcept { return sway_; }
  void setWow(float) noexcept {}
  void reset() noexcept {  // [audio]
    now_ = next_ = wanted_;
    fade_.snapTo(1.0f);
    sway_.reset();
  }
  void advance() noexcept {  // [audio] by a frame
    if (fade_.isSettled()) {
      now_ = next_;
      if (wanted_ != next_) {
        next_ = wanted_;
        fade_.snapTo(0.0f);
        fade_.setTarget(1.0f);
      }
    }
    share_ = fade_.next();
    sway_.advance();
  }
  double longestNow() const noexcept { return std::max({now_, next_, wanted_}); }  // [audio] frames
  double frames() const noexcept { return next_; }                                 // [audio]
  float read(const FractionalDelay& line) const noexcept {                         // [audio]
    const float next = tap(line, next_);
    if (now_ == next_) return next;
    const float now = tap(line, now_);
    return now + share_ * (next - now);
  }

 private:
  float tap(const FractionalDelay& line, FrameCount frames) const noexcept {
    if (sway_.isStill()) return line.read(frames - 1);
    const auto delay = static_cast<double>(frames);
    return line.read(std::max(delay + sway_.frames(delay) - 1.0, FractionalDelay::kLeast));
  }

  EchoSway sway_;
  FrameCount longest_ = 1, wanted_ = 1, now_ = 1, next_ = 1;
  LinearRamp fade_{1.0f};  // from the tap at now_ (0) to that at next_ (1)
  float share_ = 1.0f;
};

/// Glides as a motor or a clock does: critically damped, so that neither time nor pitch ever steps. What is
/// heard on the way is at most an octave higher, or two lower: 2 s to 0.1 s takes 2 s.
class GlidingTime {
 public:
  void prepare(const StreamFormat& format, FrameCount longest) noexcept {  // [control]
    longest_ = longest;
    towards_ = 1.0 / (0.1 * format.sampleRate);
    yields_ = 4.0 * towards_;  // critical: a quarter of the time in which it goes towards its target
    sway_.prepare(format);
    wowDepth_.setLength(format.frames({200.0}));
    sampleRate_ = format.sampleRate;
    for (std::size_t i = 0; i < wow_.size(); ++i) {
      wow_[i].setRate({kWow[i].hertz});
      wow_[i].prepare(format);
    }
  }
  void setTarget(double frames) noexcept {  // [audio]
    target_ = std::clamp(frames, 1.0, static_cast<double>(longest_));
  }
  EchoSway& sway() noexcept { return sway_; }
  void setWow(float share) noexcept { wowDepth_.setTarget(share); }  // [audio]
  void reset() noexcept {                                            // [audio]
    now_ = target_;
    slope_ = 0.0;
    sway_.reset();
    wowDepth_.snapToTarget();
    for (Lfo& lfo : wow_) lfo.reset();
  }
  void advance() noexcept {  // [audio] by a frame
    const double wanted = std::clamp(towards_ * (target_ - now_), -1.0, 0.75);
    slope_ += yields_ * (wanted - slope_);
    now_ += slope_;
    sway_.advance();
    offset_ = sway_.isStill() ? 0.0 : sway_.frames(now_);
    const auto depth = static_cast<double>(wowDepth_.next());
    if (depth == 0.0 && wowDepth_.isSettled()) return;
    double wow = 0.0;
    for (std::size_t i = 0; i < wow_.size(); ++i) {
      wow_[i].advance();
      wow += kWow[i].pitch / (2.0 * std::numbers::pi * kWow[i].hertz) * wow_[i].sine();
    }
    offset_ += std::clamp(depth * wow * sampleRate_, -0.3 * now_, 0.3 * now_);
  }
  double longestNow() const noexcept {  // [audio] frames, with the swing
    return 1.01 * std::max(now_, target_) + 0.05 * sampleRate_;
  }
  double frames() const noexcept { return now_; }           // [audio]
  float read(const FractionalDelay& line) const noexcept {  // [audio]
    return line.read(std::max(now_ + offset_ - 1.0, FractionalDelay::kLeast));
  }

 private:
  // Two slow swings, as of eccentric reels and pinch roller, and a quick one, as of a capstan; as peak
  // deviations of speed. Where all meet they are 0.7 %: 12 cents.
  struct Wow {
    double hertz, pitch;
  };
  static constexpr std::array<Wow, 3> kWow{{{0.57, 0.003}, {1.31, 0.0025}, {8.7, 0.0015}}};

  EchoSway sway_;
  std::array<Lfo, 3> wow_;
  LinearRamp wowDepth_{0.0f};
  double sampleRate_ = 48000.0;
  FrameCount longest_ = 1;
  double towards_ = 0.0, yields_ = 0.0;  // shares of a frame
  double target_ = 1.0, now_ = 1.0, slope_ = 0.0, offset_ = 0.0;
};

}  // namespace gainstage::dsp
