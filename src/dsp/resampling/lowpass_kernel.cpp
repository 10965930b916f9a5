#include "dsp/resampling/lowpass_kernel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "dsp/resampling/equiripple.h"

namespace gainstage::dsp {
namespace {

using std::numbers::pi;

// The taps are designed at 8 times the stop frequency and joined by a bump. A denser grid would shorten the
// bump by less than it lengthens the design.
constexpr double kOversampling = 8.0;

// Taps each way: kLength rate / transition + kExtra. From 18 to 22.2 kHz, 44.1 kHz, that is 21.8 frames.
constexpr double kLength = 1.9;
constexpr double kExtra = 4.5;

// The lower a frequency, the smaller its ripple, as there is more sound: 0.044 dB at the passband's end,
// 0.018 dB below two thirds of it, 0.007 dB in the lowest quarter. Beyond the passband, -91.8 dB at first and
// less the further away: all images of a sine together stay below that.
constexpr double kPassSlope = 2.0;
constexpr double kStopWeight = 190.0;

// Five terms with sidelobes of -125 dB (Albrecht 2001, "A Family of Cosine-Sum Windows for High-Resolution
// Measurements", table 1).
constexpr std::array kBumpTerms{3.232153788877343e-1, 4.714921439576260e-1, 1.755341299601972e-1,
                                2.849699010614994e-2, 1.261357088292677e-3};
// In taps: its lobe ends, 5 / length, where the taps' first image begins, one stop frequency below their
// rate.
constexpr double kBumpLength = 5.0 / (1.0 - 1.0 / kOversampling);

double bump(double taps) {
  if (std::abs(taps) >= 0.5 * kBumpLength) return 0.0;
  // cos m x from cos x, as Chebyshev's polynomials go.
  const double c = std::cos(2.0 * pi * taps / kBumpLength);
  double sum = kBumpTerms[0], before = 1.0, now = c;
  for (std::size_t m = 1; m < kBumpTerms.size(); ++m) {
    sum += kBumpTerms[m] * now;
    before = std::exchange(now, 2.0 * c * now - before);
  }
  return sum;
}

double sinc(double x) { return std::abs(x) < 1e-9 ? 1.0 : std::sin(pi * x) / (pi * x); }

/// Fourier transform of the bump, 1 at 0 Hz.
double bumpResponse(double frequency) {
  double sum = kBumpTerms[0] * sinc(frequency * kBumpLength);
  for (std::size_t m = 1; m < kBumpTerms.size(); ++m)
    sum += 0.5 * kBumpTerms[m] *
           (sinc(frequency * kBumpLength - static_cast<double>(m)) +
            sinc(frequency * kBumpLength + static_cast<double>(m)));
  return sum / kBumpTerms[0];
}

}  // namespace

LowpassKernel::LowpassKernel(Hertz pass, Hertz stop) : rate_(kOversampling * stop.value) {
  const int half = static_cast<int>(std::ceil(kLength * rate_ / (stop.value - pass.value) + kExtra));
  const auto square = [](double x) { return x * x; };
  // What the bump takes from the passband's end the taps give back beforehand.
  taps_ =
      designLowpass(
          {.passEnd = pass.value / rate_,
           .stopBegin = stop.value / rate_,
           .wanted = [](double f) { return 1.0 / bumpResponse(f); },
           .passWeight = [&](double f) { return square(1.0 + kPassSlope * (1.0 - f * rate_ / pass.value)); },
           .stopWeight = [&](double f) { return kStopWeight * square(f * rate_ / stop.value); }},
          half)
          .taps;
  // The bump's integral, in taps, is its length times its mean.
  scale_ = rate_ / (kBumpLength * kBumpTerms[0]);
  halfLength_ = (half + 0.5 * kBumpLength) / rate_;
}

double LowpassKernel::at(double seconds) const noexcept {
  const double position = seconds * rate_;
  const int half = static_cast<int>(taps_.size()) - 1;
  const int first = std::max(-half, static_cast<int>(std::ceil(position - 0.5 * kBumpLength)));
  const int last = std::min(half, static_cast<int>(std::floor(position + 0.5 * kBumpLength)));
  double sum = 0.0;
  for (int k = first; k <= last; ++k)
    sum += taps_[static_cast<std::size_t>(std::abs(k))] * bump(position - k);
  return scale_ * sum;
}

ConversionBands conversionBands(double lowerRate) noexcept {
  constexpr double kPass = 18000.0;
  constexpr double kTransition = 4200.0;  // both ways 0.99 ms
  constexpr double kWidest = 20000.0;     // both ways 0.24 ms: the band is wider than anybody hears
  if (lowerRate >= 2.0 * kPass + kTransition) {
    const double stop = std::max(0.5 * lowerRate, kPass + kTransition);
    return {{std::max(kPass, stop - kWidest)}, {stop}};
  }
  constexpr double kLowTransition = 6000.0;  // both ways 0.92 ms at 8 kHz, 0.71 ms at 32 kHz
  return {{0.5 * (lowerRate - kLowTransition)}, {0.5 * (lowerRate + kLowTransition)}};
}

}  // namespace gainstage::dsp
