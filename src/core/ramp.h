#pragma once

#include <span>

#include "core/units.h"

namespace gainstage {

/// A value on its way to a target in a fixed number of frames. The value at a frame depends on the frames
/// left and on nothing else, so the output is the same to the bit however the stream is split into blocks.
class LinearRamp {
 public:
  explicit constexpr LinearRamp(float value = 0.0f) noexcept : target_(value) {}

  /// Frames from one target to the next, at least 1. [any thread, not while processing]
  constexpr void setLength(FrameCount frames) noexcept { length_ = frames; }

  constexpr void setTarget(float target) noexcept {  // [audio]
    if (target == target_) return;
    const float from = current();
    target_ = target;
    left_ = length_;
    step_ = (target_ - from) / static_cast<float>(length_);
  }
  constexpr void snapTo(float value) noexcept {  // [audio]
    target_ = value;
    left_ = 0;
  }
  constexpr void snapToTarget() noexcept { left_ = 0; }  // [audio]

  constexpr float current() const noexcept {
    return left_ == 0 ? target_ : target_ - step_ * static_cast<float>(left_);
  }
  constexpr float target() const noexcept { return target_; }
  constexpr bool isSettled() const noexcept { return left_ == 0; }
  constexpr FrameCount framesLeft() const noexcept { return left_; }
  /// With framesLeft() and target() all that a vector loop needs: the value with n frames left is
  /// target - step * n, rounded twice.
  constexpr float step() const noexcept { return step_; }

  /// As far on as `frames` calls of next(). [audio]
  constexpr void skip(FrameCount frames) noexcept { left_ = left_ > frames ? left_ - frames : 0; }

  /// The next frame's value: one step on, the target exactly at the end. [audio]
  constexpr float next() noexcept {
    if (left_ > 0) --left_;
    return current();
  }

  /// The same values that as many calls of next() give. [audio]
  constexpr void fill(std::span<float> values) noexcept {
    for (float& value : values) value = next();
  }

  /// Scales the samples by the values of next(). [audio]
  constexpr void apply(std::span<float> samples) noexcept {
    if (isSettled() && target_ == 1.0f) return;
    for (float& sample : samples) sample *= next();
  }

 private:
  float target_;
  float step_ = 0.0f;
  FrameCount left_ = 0;
  FrameCount length_ = 1;
};

}  // namespace gainstage
