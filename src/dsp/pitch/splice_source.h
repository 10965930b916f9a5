#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/stream_format.h"
#include "dsp/pitch/decimator.h"
#include "dsp/pitch/running_correlation.h"

namespace gainstage::dsp {

/// What voices that read at another speed share: the last frames of one or two channels, where they repeat,
/// and when a note began.
class SpliceSource {
 public:
  static constexpr int kCrossings = 8;  ///< of the interpolating sinc, to each side

  /// Voices read up to `longestDelayFrames` back and splice by up to `longestSplice`. [control]
  void prepare(const StreamFormat& format, int channels, FrameCount longestDelayFrames,
               FrameCount longestSplice);
  void reset() noexcept;  // [audio]

  void push(float left, float right) noexcept;  // [audio] one channel: the left one

  /// Frames since the last note's attack began; large where there was none. [audio]
  std::int64_t sinceOnset() const noexcept { return now_ - onset_; }
  /// Whether a note's attack was noticed at the last push. [audio]
  bool isOnset() const noexcept { return isOnset_; }

  /// Channel at a delay between frames, low-passed to rate / (2 speed) where it will be played faster:
  /// `speed` 0.25..4, delay at least reach(speed). [audio]
  float read(int channel, double delayFrames, float speed) const noexcept;
  static double reach(double speed) noexcept { return kCrossings * (speed > 1.0 ? speed : 1.0) + 1.0; }

  /// A jump after which the sound goes on best.
  struct Splice {
    double frames = 0.0;
    float likeness = 0.0f;  ///< 0..1, normalised correlation
  };
  /// Of `least`..`most` frames, from `delayFrames` back: further back (`backward`) or nearer to now. [audio]
  Splice best(double least, double most, double delayFrames, bool backward) const noexcept;

 private:
  float likeness(std::int64_t here, std::int64_t there) const noexcept;
  float mono(std::int64_t delay) const noexcept {
    return mono_[(at_ - static_cast<std::size_t>(delay)) & mask_];
  }

  int channels_ = 1;
  std::size_t mask_ = 0, at_ = 0;
  std::array<std::vector<float>, 2> rings_;  // each frame twice, so that the kernel never wraps round
  std::vector<float> mono_;
  std::vector<float> kernel_;
  Decimator decimator_;
  RunningCorrelation correlation_;
  std::int64_t now_ = 0, onset_ = 0;
  std::int64_t onsetLead_ = 0;  // frames by which an attack is older than its notice
  std::int64_t compared_ = 0, stride_ = 1;
  float fast_ = 0.0f, slow_ = 0.0f, fastShare_ = 0.0f, slowShare_ = 0.0f;
  bool isRising_ = false, isOnset_ = false;
};

}  // namespace gainstage::dsp
