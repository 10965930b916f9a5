#include "dsp/pitch/partials.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace gainstage::dsp {
namespace {

using std::numbers::pi;

constexpr double kHighest = 0.3;          // cycles per frame: where the decimator still passes all
constexpr double kLongestWindow = 960.0;  // frames, of which three periods may make more: 80 ms
constexpr double kWindowShare = 0.4;      // of the samples there are
constexpr double kStiffest = 2e-3;        // B
constexpr double kFaintest = 0.003;       // of the strongest partial, -50 dB: below that it is noise
constexpr double kMissingOdd = 0.01;      // -40 dB: all odd partials missing is the octave above
constexpr double kSteady = 0.6;           // rad

double wrapped(double phase) { return phase - 2.0 * pi * std::round(phase / (2.0 * pi)); }

}  // namespace

bool Partials::begin(std::int64_t first, std::int64_t end, double guess, double inharmonicity) noexcept {
  const auto all = static_cast<double>(end - first);
  const double most = std::max(3.0 / guess, kLongestWindow);
  const double periods = std::max(std::round(std::min(kWindowShare * all, most) * guess), 2.0);
  const int length = static_cast<int>(std::lround(periods / guess));
  const int distance = static_cast<int>(end - first) - length;
  length_ = at_ = 0;
  if (distance < length / 4 + 8) return false;
  first_ = first;
  length_ = length;
  guess_ = guess;
  offsets_ = {0, distance / 8, distance / 2, distance};
  windowTurn_ = 2.0 * pi / length;
  for (int k = 1; k <= kPartials; ++k) {
    const auto i = static_cast<std::size_t>(k - 1);
    const double hz = k * guess * std::sqrt((1.0 + inharmonicity * k * k) / (1.0 + inharmonicity));
    expected_[i] = hz < kHighest ? hz : 0.0;
    turnReal_[i] = static_cast<float>(std::cos(2.0 * pi * expected_[i]));
    turnImaginary_[i] = static_cast<float>(-std::sin(2.0 * pi * expected_[i]));
    real_[i] = 1.0f;
    imaginary_[i] = 0.0f;
  }
  sumReal_ = {};
  sumImaginary_ = {};
  return true;
}

std::optional<Partials::Result> Partials::advance(int steps, std::span<const float> ring) noexcept {
  if (!isBusy()) return std::nullopt;
  for (; steps > 0 && isBusy(); --steps) step(ring);
  return isBusy() ? std::nullopt : finish();
}

void Partials::step(std::span<const float> ring) noexcept {
  const std::size_t mask = ring.size() - 1;
  const auto window = static_cast<float>(0.5 - 0.5 * std::cos(windowTurn_ * (at_ + 0.5)));
  // All windows are turned by the very same numbers: what those round off cancels in the phases' differences.
  for (std::size_t w = 0; w < kWindows; ++w) {
    const float sample = window * ring[static_cast<std::size_t>(first_ + offsets_[w] + at_) & mask];
    for (std::size_t k = 0; k < kPartials; ++k) {
      sumReal_[w][k] += sample * real_[k];
      sumImaginary_[w][k] += sample * imaginary_[k];
    }
  }
  for (std::size_t k = 0; k < kPartials; ++k) {
    const float real = real_[k] * turnReal_[k] - imaginary_[k] * turnImaginary_[k];
    imaginary_[k] = real_[k] * turnImaginary_[k] + imaginary_[k] * turnReal_[k];
    real_[k] = real;
  }
  ++at_;
}

std::optional<Partials::Result> Partials::finish() const noexcept {
  const auto at = [&](std::size_t w, std::size_t k) {
    return std::complex<double>(sumReal_[w][k], sumImaginary_[w][k]);
  };
  std::array<double, kPartials> strength{};
  for (std::size_t k = 0; k < kPartials; ++k)
    if (expected_[k] > 0.0) strength[k] = std::min(std::abs(at(0, k)), std::abs(at(kWindows - 1, k)));
  const double strongest = *std::ranges::max_element(strength);
  if (!(strongest > 0.0)) return std::nullopt;

  // Weighted line through (k^2, (f_k / k)^2).
  double weight = 0.0, meanX = 0.0, meanY = 0.0, xx = 0.0, xy = 0.0;
  double unsteadiness = 0.0, heard = 0.0, odd = 0.0;
  for (std::size_t k = 0; k < kPartials; ++k) {
    if (strength[k] < kFaintest * strongest) continue;
    const double number = static_cast<double>(k + 1);
    double frequency = expected_[k], missed = 0.0;
    for (std::size_t w = 1; w < kWindows; ++w) {
      const double turned = std::arg(at(w, k) * std::conj(at(0, k)));
      missed = wrapped(turned - 2.0 * pi * frequency * offsets_[w]);
      frequency += missed / (2.0 * pi * offsets_[w]);
    }
    unsteadiness += strength[k] * std::abs(missed);
    heard += strength[k];
    const double ratio = frequency / (number * guess_);
    if (std::abs(missed) > kSteady || ratio < 0.98 || ratio > 1.05) continue;
    if (k % 2 == 0) odd = std::max(odd, strength[k]);
    const double x = number * number, y = (frequency / number) * (frequency / number);
    const double w = strength[k] / strongest * number, before = weight;
    weight += w;
    const double dx = x - meanX, dy = y - meanY;
    meanX += w / weight * dx;
    meanY += w / weight * dy;
    xx += before * w / weight * dx * dx;
    xy += before * w / weight * dx * dy;
  }
  if (!(weight > 0.0)) return Result{.unsteadiness = pi};
  double slope = xx > 0.0 ? xy / xx : 0.0;
  slope = std::clamp(slope, 0.0, kStiffest * meanY);
  Result result{.pitch = std::sqrt(meanY + slope * (1.0 - meanX)),
                .inharmonicity = slope / (meanY - slope * meanX),
                .unsteadiness = unsteadiness / heard};
  if (odd < kMissingOdd * strongest) {
    result.pitch *= 2.0;
    result.inharmonicity *= 4.0;
  }
  return result;
}

}  // namespace gainstage::dsp
