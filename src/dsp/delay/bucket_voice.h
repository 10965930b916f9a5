#pragma once

#include <algorithm>
#include <cmath>

#include "dsp/delay/fractional_delay.h"
#include "dsp/delay/saturate.h"
#include "dsp/filters/svf.h"

namespace gainstage::dsp {

/// What bucket brigades do to a repeat (Raffel & Smith, "Practical modeling of bucket-brigade device
/// circuits", DAFx 2010): a compressor in front and an expander behind, each led by the mean of what lies in
/// the buckets, which saturate; and a filter on either side that keeps a third of the clock. So many buckets
/// in so much time: the clock, and the band with it, fall as the delay grows.
///
/// Pressed, what is written is as loud as the drive's root: the line holds it without that, so that a new
/// drive leaves what is on its way as loud as it was.
class BucketVoice {
 public:
  static constexpr float kMakeUp = 1.0f;

  FractionalDelay line;

  void prepare(const StreamFormat& format, FrameCount longest) {  // [control]
    line.prepare(longest);
    sampleRate_ = format.sampleRate;
    follow_ = static_cast<float>(1.0 - std::exp(-1.0 / (kMeanSeconds * sampleRate_)));
  }
  void reset() noexcept {  // [audio]
    line.reset();
    before_.reset();
    behind_.reset();
    written_ = read_ = 0.0f;
  }
  void tune(double delayFrames) noexcept {  // [audio]
    if (delayFrames == tuned_) return;
    tuned_ = delayFrames;
    const double clockHz = kBuckets / 2.0 * sampleRate_ / delayFrames;  // a bucket passes on every half cycle
    const double share = std::min({clockHz / 3.0, kWidestHz, 0.45 * sampleRate_}) / sampleRate_;
    before_.tune(share, kFlat);
    behind_.tune(share, kFlat);
  }
  void write(float sample, float drive) noexcept {  // [audio]
    const float pressed = before_.lowpass(sample) * drive / std::max(written_, kLeastMean);
    const float held = kRoom * saturate(pressed / kRoom);
    written_ += follow_ * (std::abs(held) - written_);
    line.write(held / std::sqrt(drive));
  }
  float played(float sample, float drive) noexcept {  // [audio]
    const float held = behind_.lowpass(sample);
    read_ += follow_ * (std::abs(held) - read_);
    return held * std::max(read_, kLeastMean / std::sqrt(drive));
  }

 private:
  static constexpr double kBuckets = 16384.0;  // four chips of 4,096
  static constexpr double kWidestHz = 10000.0;
  static constexpr double kFlat = 0.7071067811865476;
  static constexpr double kMeanSeconds = 0.008;
  static constexpr float kLeastMean = 0.1f;  // softer than -40 dBFS it neither presses nor expands further
  static constexpr float kRoom = 2.0f;       // what the buckets hold: +10 dBFS before the compressor

  double sampleRate_ = 48000.0, tuned_ = 0.0;
  float follow_ = 0.0f, written_ = 0.0f, read_ = 0.0f;
  Svf before_, behind_;
};

}  // namespace gainstage::dsp
