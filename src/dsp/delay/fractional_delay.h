#pragma once

#include <bit>
#include <cstddef>
#include <span>
#include <vector>

#include "core/units.h"

namespace gainstage::dsp {

/// A delay of one channel that may glide: read at any delay between frames, by a sinc of 8 points under a
/// Kaiser window (Valimaki & Laakso, "Principles of fractional delay filters", ICASSP 2000). At
/// 44.1 kHz it is flat within 0.01 dB to 10 kHz at every delay, and never amplifies by more than 0.005 dB; 8
/// points of Lagrange's would lose 0.1 dB there, 6 of his 0.26 dB. Its 512 positions are joined by lines,
/// which differ from the curve by 1.8e-6.
class FractionalDelay {
 public:
  static constexpr int kPoints = 8;
  static constexpr double kLeast = 3.0;  ///< frames: three points lie after the one that is asked for

  void prepare(FrameCount longestFrames);  // [control]
  void reset() noexcept { written_ = 0; }  // [audio] at no cost, however long the line is

  void write(float sample) noexcept {  // [audio]
    at_ = (at_ + 1) & mask_;
    ring_[at_] = ring_[at_ + mask_ + 1] = sample;  // twice, so that points never wrap round
    if (written_ <= mask_) ++written_;
  }

  /// kLeast..longestFrames; the frame just written has 0. [audio]
  float read(double delayFrames) const noexcept {
    const auto whole = static_cast<std::size_t>(delayFrames);
    const double place = (delayFrames - static_cast<double>(whole)) * kPositions;
    const auto row = static_cast<std::size_t>(place);
    const auto t = static_cast<float>(place - static_cast<double>(row));
    const float* const now = kernel_.data() + row * kPoints;
    const float* const next = now + kPoints;
    const float* const points = ring_.data() + ((at_ - whole - kPoints / 2) & mask_);
    if (whole + kPoints / 2 >= written_) return readYoung(whole, now, t);
    float sums[kPoints];
    for (int i = 0; i < kPoints; ++i) sums[i] = (now[i] + t * (next[i] - now[i])) * points[i];
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
  }

  /// 0..longestFrames, exactly. [audio]
  float read(FrameCount delayFrames) const noexcept {
    const auto delay = static_cast<std::size_t>(delayFrames);
    return delay < written_ ? ring_[(at_ - delay) & mask_] : 0.0f;
  }

 private:
  static constexpr int kPositions = 512;  // between two frames

  static std::span<const float> kernel();
  float readYoung(std::size_t whole, const float* row, float t) const noexcept;

  std::span<const float> kernel_;  // (kPositions + 1) x kPoints, the oldest frame's first
  std::vector<float> ring_;
  std::size_t mask_ = 0, at_ = 0;
  std::size_t written_ = 0;  // since reset: what lies further back is silence, whatever the memory holds
};

}  // namespace gainstage::dsp
