#pragma once

#include <cmath>
#include <numbers>

#include "dsp/filters/biquad.h"

/// The two stages of K-weighting (ITU-R BS.1770-4, Annex 1), at any rate. [any thread]
namespace gainstage::dsp {

// BS.1770-4 gives K-weighting as coefficients for 48 kHz. The analog prototypes below give those to 1e-9, and
// the same response at any other rate (De Man, "Evaluation of implementations of the EBU R128 loudness
// measurement", AES 145, 2018, table 1).
inline BiquadCoefficients kWeightingShelf(double sampleRate) noexcept {
  const double warped = std::tan(std::numbers::pi * 1681.974450955533 / sampleRate);
  const double gain = std::pow(10.0, 3.999843853973347 / 20.0);
  const double q = 0.7071752369554196;
  return sectionOf(gain, std::pow(gain, 0.4996667741545416) / q, 1.0, 1.0 / q, warped);
}

inline BiquadCoefficients kWeightingHighPass(double sampleRate) noexcept {
  const double warped = std::tan(std::numbers::pi * 38.13547087602444 / sampleRate);
  const double damping = 1.0 / 0.5003270373238773;
  // The standard's numerator is 1, -2, 1, whatever the denominator was divided by: 0.04 dB at 48 kHz.
  return sectionOf(1.0 + warped * (warped + damping), 0.0, 0.0, damping, warped);
}

}  // namespace gainstage::dsp
