#pragma once

#include <cmath>
#include <numbers>

#include "dsp/filters/biquad.h"
#include "formats/eq_file.h"

namespace gainstage::headphones {

/// A filter of second order on the bilinear transform's scale, W = tan(pi f / rate):
/// (n2 s^2 + n1 s + n0) / (s^2 + damping s + 1) at s = i W / warped.
struct EqSection {
  double n2 = 0.0, n1 = 0.0, n0 = 1.0, damping = 1.4142;
  double warped = 1.0;

  /// At W. [any thread]
  double squaredGain(double w) const noexcept {
    const double x = w / warped, real = n0 - n2 * x * x, below = 1.0 - x * x;
    return (real * real + n1 * n1 * x * x) / (below * below + damping * damping * x * x);
  }
  dsp::BiquadCoefficients coefficients() const noexcept {  // [any thread]
    return dsp::sectionOf(n2, n1, n0, damping, warped);
  }
};

/// W at a frequency of 0 up to half the rate. [any thread]
inline double warpedOf(double frequencyHz, double rateHz) noexcept {
  return std::tan(std::numbers::pi * frequencyHz / rateHz);
}

/// The cookbook's (Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients", W3C note
/// 2021), made at `rateHz`; its band-pass is the one of 0 dB at the peak. [any thread]
EqSection cookbookSection(const formats::EqFilter& filter, double rateHz) noexcept;

}  // namespace gainstage::headphones
