#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/units.h"

namespace gainstage::dsp {

/// One filter section of first or second order, as what it does to two states s1 (band-pass) and s2
/// (low-pass):
///
///   y = direct x + c1 s1 + c2 s2,   s1' = decay s1 + b1 (x - s2),   s2' = s2 + b1 s1 + b2 (x - s2)
///
/// This is the trapezoidal state-variable filter (Zavalishin, "The Art of VA Filter Design", rev. 2.1.0,
/// 2018, section 4.2) solved for its next state. Transfer functions are those of the bilinear transform, so
/// equal to a direct form's; but the energy s1^2 + s2^2 never grows without input, for any cutoff above 0 and
/// any damping of 0 or more. Matrices that share such a norm stay stable however they change or mix, sample
/// by sample (Laroche, "On the stability of time-varying recursive filters", JAES 55(6), 2007); a direct form
/// promises this only at rest.
struct BiquadCoefficients {
  double decay = 0.0, b1 = 0.0, b2 = 0.0;
  double direct = 1.0, c1 = 0.0, c2 = 0.0;

  /// Lets its input through as it is, to the bit.
  bool isIdentity() const noexcept { return direct == 1.0 && c1 == 0.0 && c2 == 0.0; }
  /// Adds, one by one. [audio]
  void advance(const BiquadCoefficients& step) noexcept {
    decay += step.decay;
    b1 += step.b1;
    b2 += step.b2;
    direct += step.direct;
    c1 += step.c1;
    c2 += step.c2;
  }
  bool operator==(const BiquadCoefficients&) const = default;
};

/// (n2 s^2 + n1 s + n0) / (s^2 + damping s + 1) at s = (1 - 1/z) / (1 + 1/z) / warped, where `warped` is
/// tan(pi f / rate). [any thread]
inline BiquadCoefficients sectionOf(double n2, double n1, double n0, double damping, double warped) noexcept {
  const double a1 = 1.0 / (1.0 + warped * (warped + damping));
  const double a2 = warped * a1;
  const double a3 = warped * a2;
  const double band = n1 - n2 * damping;
  const double low = n0 - n2;
  return {.decay = 2.0 * a1 - 1.0,
          .b1 = 2.0 * a2,
          .b2 = 2.0 * a3,
          .direct = n2 + band * a2 + low * a3,
          .c1 = band * a1 + low * a2,
          .c2 = low * (1.0 - a3) - band * a2};
}

/// tan(pi f / rate), held between 0.1 Hz and 0.49 of the rate where it is still finite and far from
/// Nyquist's pole. [any thread]
inline double warp(Hertz frequency, double sampleRate) noexcept {
  return std::tan(std::numbers::pi * std::clamp(frequency.value / sampleRate, 0.1 / sampleRate, 0.49));
}

// The cookbook's filters (Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients", W3C
// note 2021), A = 10^(gain / 40). Shelves there are symmetrical about their midpoint at `frequency`, where
// they have half the gain in dB; moving the cutoff by sqrt(A) brings them to the form above. [any thread]

inline BiquadCoefficients lowPass(Hertz frequency, double q, double sampleRate) noexcept {
  return sectionOf(0.0, 0.0, 1.0, 1.0 / q, warp(frequency, sampleRate));
}

inline BiquadCoefficients highPass(Hertz frequency, double q, double sampleRate) noexcept {
  return sectionOf(1.0, 0.0, 0.0, 1.0 / q, warp(frequency, sampleRate));
}

inline BiquadCoefficients bell(Hertz frequency, Decibels gain, double q, double sampleRate) noexcept {
  const double a = std::pow(10.0, gain.value / 40.0);
  return sectionOf(1.0, a / q, 1.0, 1.0 / (a * q), warp(frequency, sampleRate));
}

inline BiquadCoefficients lowShelf(Hertz frequency, Decibels gain, double q, double sampleRate) noexcept {
  const double a = std::pow(10.0, gain.value / 40.0);
  return sectionOf(1.0, a / q, a * a, 1.0 / q, warp(frequency, sampleRate) / std::sqrt(a));
}

inline BiquadCoefficients highShelf(Hertz frequency, Decibels gain, double q, double sampleRate) noexcept {
  const double a = std::pow(10.0, gain.value / 40.0);
  return sectionOf(a * a, a / q, 1.0, 1.0 / q, warp(frequency, sampleRate) * std::sqrt(a));
}

/// 6 dB per octave. Keeps its low-pass in s2 as the second-order ones do, so that one can become the other.
/// [any thread]
inline BiquadCoefficients firstOrderHighPass(Hertz frequency, double sampleRate) noexcept {
  const double warped = warp(frequency, sampleRate);
  const double gain = warped / (1.0 + warped);
  return {.b2 = 2.0 * gain, .direct = 1.0 - gain, .c2 = gain - 1.0};
}

/// Frames until a section at rest has rung down by `fall` dB: by its slower pole. [any thread]
inline FrameTime ringFrames(const BiquadCoefficients& section, Decibels fall) noexcept {
  if (section.isIdentity()) return 0;
  const double halfTrace = 0.5 * (section.decay + 1.0 - section.b2);
  const double determinant = section.decay * (1.0 - section.b2) + section.b1 * section.b1;
  const double discriminant = halfTrace * halfTrace - determinant;
  const double radius =
      discriminant < 0.0 ? std::sqrt(determinant) : std::abs(halfTrace) + std::sqrt(discriminant);
  return static_cast<FrameTime>(
      std::ceil(-fall.value / (20.0 * std::log10(std::clamp(radius, 1e-6, 1.0 - 1e-9)))));
}

struct BiquadState {
  double s1 = 0.0, s2 = 0.0;

  /// The next output for the next input. [audio]
  double next(const BiquadCoefficients& section, double x) noexcept {
    const double difference = x - s2;
    const double y = section.direct * x + (section.c1 * s1 + section.c2 * s2);
    const double second = (s2 + section.b1 * s1) + section.b2 * difference;
    s1 = section.decay * s1 + section.b1 * difference;
    s2 = second;
    return y;
  }
};

}  // namespace gainstage::dsp
