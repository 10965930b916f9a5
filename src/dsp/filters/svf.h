#pragma once

#include <cmath>
#include <numbers>

namespace gainstage::dsp {

/// One channel of a second-order state-variable filter that may be tuned while it runs: trapezoidal
/// integrators, so no retuning ever makes it louder than its input would (Zavalishin, "The art of VA filter
/// design", 2018, section 4).
class Svf {
 public:
  void tune(double cyclesPerFrame, double q) noexcept {  // [audio] 0..0.49
    const double g = std::tan(std::numbers::pi * cyclesPerFrame);
    g_ = static_cast<float>(g);
    r_ = static_cast<float>(1.0 / q);
    gain_ = static_cast<float>(1.0 / (1.0 + g * (g + 1.0 / q)));
  }
  void reset() noexcept { band_ = low_ = 0.0f; }  // [audio]

  float lowpass(float in) noexcept {  // [audio] 1 at 0 Hz
    advance(in);
    return lowNow_;
  }
  float bandpass(float in) noexcept { return r_ * advance(in); }  // [audio] 1 at its frequency

 private:
  float advance(float in) noexcept {
    const float band = gain_ * (band_ + g_ * (in - low_));
    lowNow_ = low_ + g_ * band;
    band_ = 2.0f * band - band_;
    low_ = 2.0f * lowNow_ - low_;
    return band;
  }

  float g_ = 0.0f, r_ = 1.0f, gain_ = 1.0f;
  float band_ = 0.0f, low_ = 0.0f, lowNow_ = 0.0f;
};

}  // namespace gainstage::dsp
