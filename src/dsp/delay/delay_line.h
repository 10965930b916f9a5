#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/units.h"

namespace gainstage::dsp {

/// The last frames of one channel. Write a frame, then read: a delay of 0 is the frame just written.
class DelayLine {
 public:
  /// The longest delay that will ever be read; memory is allocated here only. [control]
  void prepare(FrameCount longestFrames) {
    // One more for the frame just written, two more for the outer points of the interpolation.
    ring_.assign(std::bit_ceil(static_cast<std::size_t>(longestFrames) + 3), 0.0f);
    longest_ = longestFrames;
    reset();
  }
  void reset() noexcept { at_ = written_ = 0; }  // [audio] at no cost, however long the line is

  FrameCount longestFrames() const noexcept { return longest_; }  // [any thread]

  void write(float sample) noexcept {  // [audio]
    at_ = (at_ + 1) & (ring_.size() - 1);
    ring_[at_] = sample;
    if (written_ < ring_.size()) ++written_;
  }

  /// 0..longestFrames. [audio]
  float read(FrameCount delayFrames) const noexcept {
    const auto delay = static_cast<std::size_t>(delayFrames);
    return delay < written_ ? ring_[(at_ - delay) & (ring_.size() - 1)] : 0.0f;
  }

  /// Between frames, by the cubic through the four nearest (third-order Lagrange: Laakso et al., "Splitting
  /// the unit delay", IEEE SP Magazine 13(1), 1996, eq. 42). Flat within 0.1 dB up to a sixth of the rate.
  /// 1..longestFrames. [audio]
  float readInterpolated(double delayFrames) const noexcept {
    const double whole = std::floor(delayFrames);
    const auto t = static_cast<float>(delayFrames - whole);
    const auto first = static_cast<FrameCount>(whole);
    const float newer = read(first - 1), near = read(first), far = read(first + 1), older = read(first + 2);
    const float a = t + 1.0f, c = t - 1.0f, e = t - 2.0f;
    return -t * c * e / 6.0f * newer + a * c * e / 2.0f * near - a * t * e / 2.0f * far +
           a * t * c / 6.0f * older;
  }

 private:
  std::vector<float> ring_;
  std::size_t at_ = 0;
  std::size_t written_ = 0;  // since reset: what lies further back is silence, whatever the memory holds
  FrameCount longest_ = 0;
};

}  // namespace gainstage::dsp
