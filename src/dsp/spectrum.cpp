#include "dsp/spectrum.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "dsp/fft.h"

namespace gainstage::dsp {
namespace {

constexpr double kFloor = 1e-7;            // -140 dB
constexpr std::size_t kOversampled = 16;   // frames of the transform for each of the response
constexpr std::size_t kLargest = 1 << 24;  // of a transform

int sizeFor(std::size_t frames) {
  return static_cast<int>(std::bit_ceil(std::clamp<std::size_t>(kOversampled * frames, 1024, kLargest)));
}

std::vector<double> magnitudesOf(const Spectrum& spectrum) {
  std::vector<double> magnitudes(spectrum.size());
  std::ranges::transform(spectrum, magnitudes.begin(), [](const auto& bin) { return std::abs(bin); });
  return magnitudes;
}

}  // namespace

Spectrum spectrumOf(std::span<const float> response, int size) {
  RealFft fft(size);
  std::ranges::copy(response.first(std::min(response.size(), fft.input().size())), fft.input().begin());
  fft.transform();
  return {fft.output().begin(), fft.output().end()};
}

/// By a forward transform alone: for real x, x[n] = sum of Re X cos - Im X sin over all bins, which is the
/// real plus the imaginary part of the transform of Re X + Im X (Hartley's).
std::vector<float> responseOf(const Spectrum& spectrum) {
  const std::size_t half = spectrum.size() - 1, size = 2 * half;
  RealFft fft(static_cast<int>(size));
  for (std::size_t k = 0; k <= half; ++k) {
    fft.input()[k] = static_cast<float>(spectrum[k].real() + spectrum[k].imag());
    if (k > 0 && k < half)
      fft.input()[size - k] = static_cast<float>(spectrum[k].real() - spectrum[k].imag());
  }
  fft.transform();
  const auto scale = 1.0f / static_cast<float>(size);
  std::vector<float> response(size);
  for (std::size_t n = 0; n <= half; ++n) {
    const std::complex<float> bin = fft.output()[n];
    response[n] = scale * (bin.real() + bin.imag());
    if (n > 0 && n < half) response[size - n] = scale * (bin.real() - bin.imag());
  }
  return response;
}

Spectrum minimumPhase(std::span<const double> magnitudes) {
  const double floor = kFloor * *std::ranges::max_element(magnitudes);
  Spectrum logarithm(magnitudes.size());
  if (floor == 0.0) return logarithm;
  for (std::size_t k = 0; k < magnitudes.size(); ++k) logarithm[k] = std::log(std::max(magnitudes[k], floor));
  std::vector<float> cepstrum = responseOf(logarithm);
  const std::size_t half = magnitudes.size() - 1;
  for (std::size_t n = 1; n < half; ++n) {
    cepstrum[n] *= 2.0f;
    cepstrum[half + n] = 0.0f;
  }
  Spectrum spectrum = spectrumOf(cepstrum, static_cast<int>(cepstrum.size()));
  for (std::complex<double>& bin : spectrum) bin = std::exp(bin);
  return spectrum;
}

std::vector<float> minimumPhase(std::span<const float> response) {
  std::vector<float> early =
      responseOf(minimumPhase(magnitudesOf(spectrumOf(response, sizeFor(response.size())))));
  early.resize(response.size());
  return early;
}

int excessDelayFrames(std::span<const float> response) {
  const int size = sizeFor(response.size());
  Spectrum spectrum = spectrumOf(response, size);
  const Spectrum early = minimumPhase(magnitudesOf(spectrum));
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= std::conj(early[k]);
  const std::vector<float> likeness = responseOf(spectrum);
  // A response of the other polarity resembles the early one most where their product is most negative.
  const auto most = std::ranges::max_element(std::span(likeness).first(response.size()), {},
                                             [](float value) { return std::abs(value); });
  return static_cast<int>(most - std::span(likeness).begin());
}

}  // namespace gainstage::dsp
