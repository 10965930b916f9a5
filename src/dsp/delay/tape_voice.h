#pragma once

#include <cmath>
#include <numbers>

#include "dsp/delay/fractional_delay.h"
#include "dsp/delay/saturate.h"
#include "dsp/filters/svf.h"

namespace gainstage::dsp {

/// What tape does to a repeat. It saturates; and since the heads stand still and the tape runs slower for a
/// longer delay, its band shrinks as the delay grows: the treble, lost with the distance from tape to head
/// (Wallace, "The reproduction of magnetically recorded signals", Bell System Technical Journal 30(4), 1951,
/// eq. 20), and the bump where a wavelength is as long as the head.
class TapeVoice {
 public:
  static constexpr float kMakeUp = 1.19f;  ///< the bump, +1.5 dB: in the loop it is the rest that is softer

  FractionalDelay line;

  void prepare(const StreamFormat& format, FrameCount longest) {  // [control]
    line.prepare(longest);
    sampleRate_ = format.sampleRate;
  }
  void reset() noexcept {  // [audio]
    line.reset();
    bump_.reset();
    first_ = second_ = 0.0f;
  }
  void tune(double delayFrames) noexcept {  // [audio]
    if (delayFrames == tuned_) return;
    tuned_ = delayFrames;
    const double metresPerSecond = kHeadToHead * sampleRate_ / delayFrames;
    const double trebleHz =
        std::clamp(metresPerSecond / (2.0 * std::numbers::pi * kSpacing), 1500.0, 14000.0);
    share_ = static_cast<float>(1.0 - std::exp(-2.0 * std::numbers::pi * trebleHz / sampleRate_));
    bump_.tune(std::clamp(metresPerSecond / kHeadLength, 30.0, 200.0) / sampleRate_, 0.8);
  }
  void write(float sample, float drive) noexcept { line.write(saturate(sample * drive) / drive); }  // [audio]
  float played(float sample, float) noexcept {                                                      // [audio]
    first_ += share_ * (sample - first_);
    second_ += share_ * (first_ - second_);
    return (second_ + (kMakeUp - 1.0f) * bump_.bandpass(second_)) / kMakeUp;
  }

 private:
  // 7.5 inches a second at 300 ms; the spacing of a good deal of use.
  static constexpr double kHeadToHead = 0.057, kSpacing = 4e-6, kHeadLength = 2.4e-3;  // m

  double sampleRate_ = 48000.0, tuned_ = 0.0;
  float share_ = 1.0f, first_ = 0.0f, second_ = 0.0f;
  Svf bump_;
};

}  // namespace gainstage::dsp
