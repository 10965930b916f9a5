#include "support/spectra.h"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "dsp/fft.h"

namespace gainstage::testing {
namespace {

constexpr int kSize = 32768;

/// Calls `visit` with the spectra of one window of each signal after the other.
template <typename Visit>
void forEachWindow(std::span<const float> a, std::span<const float> b, Visit&& visit) {
  dsp::RealFft first(kSize), second(kSize);
  for (std::size_t from = 0; from + kSize <= a.size(); from += kSize / 2) {
    for (std::size_t n = 0; n < kSize; ++n) {
      const auto window =
          static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / kSize));
      first.input()[n] = window * a[from + n];
      second.input()[n] = window * b[from + n];
    }
    first.transform();
    second.transform();
    visit(first.output(), second.output());
  }
}

}  // namespace

double noiseDbfs(std::span<const float> samples, double sampleRate,
                 const std::function<double(double hz)>& gain) {
  std::vector<double> power(kSize / 2 + 1);
  double windows = 0.0;
  forEachWindow(samples, samples, [&](auto a, auto) {
    for (std::size_t k = 0; k < power.size(); ++k) power[k] += std::norm(std::complex<double>(a[k]));
    windows += 1.0;
  });
  // Parseval, with the Hann window's mean square of 3/8, one-sided.
  const double scale = 2.0 / (windows * kSize * kSize * 0.375);
  double sum = 0.0;
  for (std::size_t k = 1; k < power.size(); ++k) {
    const double hz = static_cast<double>(k) * sampleRate / kSize;
    if (hz < 22.0 || hz > 22000.0) continue;
    const double weight = gain ? gain(hz) : 1.0;
    sum += power[k] * scale * weight * weight;
  }
  return 10.0 * std::log10(2.0 * sum);
}

double transferDb(std::span<const float> in, std::span<const float> out, double hz, double sampleRate) {
  std::vector<double> own(kSize / 2 + 1);
  std::vector<std::complex<double>> cross(kSize / 2 + 1);
  forEachWindow(in, out, [&](auto a, auto b) {
    for (std::size_t k = 0; k < own.size(); ++k) {
      own[k] += std::norm(std::complex<double>(a[k]));
      cross[k] += std::complex<double>(b[k]) * std::conj(std::complex<double>(a[k]));
    }
  });
  const double half = std::exp2(1.0 / 24.0);
  double power = 0.0, bins = 0.0;
  const auto first = static_cast<std::size_t>(std::ceil(hz / half * kSize / sampleRate));
  const auto last = static_cast<std::size_t>(std::floor(hz * half * kSize / sampleRate));
  const auto nearest = static_cast<std::size_t>(std::lround(hz * kSize / sampleRate));
  for (std::size_t k = std::min(first, nearest); k <= std::max(last, nearest); ++k) {
    power += std::norm(cross[k] / own[k]);
    bins += 1.0;
  }
  return 10.0 * std::log10(power / bins);
}

}  // namespace gainstage::testing
