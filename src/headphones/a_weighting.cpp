#include "headphones/a_weighting.h"

#include <cmath>
#include <numbers>

namespace gainstage::headphones {
namespace {

// IEC 61672-1:2013, annex E.3: the pole frequencies, in Hz. The outer two are double.
constexpr double kF1 = 20.598997, kF2 = 107.65265, kF3 = 737.86223, kF4 = 12194.217;

double square(double x) { return x * x; }

double magnitude(double hz) {
  const double f2 = square(hz);
  return square(f2) * square(kF4) /
         ((f2 + square(kF1)) * std::sqrt((f2 + square(kF2)) * (f2 + square(kF3))) * (f2 + square(kF4)));
}

/// The double pole at kF4. Under the bilinear transform its response would be 3 dB low at 12.5 kHz and end in
/// a zero at half the rate. Here the poles are those of the impulse-invariant transform, and the numerator
/// gives the analog magnitude at 0, at half the rate and in between (after Vicanek, "Matched second order
/// digital filters", 2016, section 4). In the form of sectionOf(), with u = tan(w/2) / warped:
/// |H|^2 = ((1 - n2 u^2)^2 + n1^2 u^2) / (1 + u^2)^2.
dsp::BiquadCoefficients upperPoles(double sampleRate) {
  const double pole = std::exp(-2.0 * std::numbers::pi * kF4 / sampleRate);
  const double warped = (1.0 - pole) / (1.0 + pole);
  const auto analog = [](double hz) { return 1.0 / (1.0 + square(hz / kF4)); };
  const double n2 = analog(0.5 * sampleRate);
  const double matchedHz = std::min(kF4, 0.3 * sampleRate);
  const double u2 = square(std::tan(std::numbers::pi * matchedHz / sampleRate) / warped);
  const double n1 = std::sqrt((square(analog(matchedHz) * (1.0 + u2)) - square(1.0 - n2 * u2)) / u2);
  return dsp::sectionOf(n2, n1, 1.0, 2.0, warped);
}

}  // namespace

double aWeightingDb(double frequencyHz) noexcept {
  return 20.0 * std::log10(magnitude(frequencyHz) / magnitude(1000.0));
}

AWeighting::AWeighting(double sampleRate) noexcept {
  const double middle = std::sqrt(kF2 * kF3);
  const double gain = 1.0 / magnitude(1000.0);
  sections_[0] = dsp::sectionOf(gain, 0.0, 0.0, 2.0, dsp::warp(Hertz{kF1}, sampleRate));
  sections_[1] = dsp::sectionOf(1.0, 0.0, 0.0, (kF2 + kF3) / middle, dsp::warp(Hertz{middle}, sampleRate));
  sections_[2] = upperPoles(sampleRate);
}

}  // namespace gainstage::headphones
