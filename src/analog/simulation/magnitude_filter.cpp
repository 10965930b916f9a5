#include "analog/simulation/magnitude_filter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dsp/spectrum.h"

namespace gainstage::analog {
namespace {

constexpr int kTransform = 1 << 16;  // 0.7 Hz a bin at 48 kHz
// Of the response's energy, cut off at its end: -90 dB.
constexpr double kTailPower = 1e-9;
constexpr std::size_t kFrames = 8;
static_assert(MagnitudeFilter::kChunk % kFrames == 0);

}  // namespace

void MagnitudeFilter::prepare(double sampleRate, const std::function<double(double hz)>& magnitude) {
  std::vector<double> magnitudes(kTransform / 2 + 1);
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    magnitudes[k] = magnitude(static_cast<double>(k) * sampleRate / kTransform);
  const std::vector<float> response = dsp::responseOf(dsp::minimumPhase(magnitudes));
  double total = 0.0;
  for (const float tap : response) total += static_cast<double>(tap) * static_cast<double>(tap);
  std::size_t length = kLongest;
  for (double tail = 0.0; length > 1; --length) {
    const auto tap = static_cast<double>(response[length - 1]);
    tail += tap * tap;
    if (tail > kTailPower * total) break;
  }
  taps_.assign(response.begin(), response.begin() + static_cast<std::ptrdiff_t>(length));
  past_.assign(length - 1 + kChunk, 0.0);
}

void MagnitudeFilter::reset() noexcept { std::ranges::fill(past_, 0.0); }

void MagnitudeFilter::process(std::span<double> io) noexcept {
  const std::size_t before = taps_.size() - 1;
  std::ranges::copy(io, past_.begin() + static_cast<std::ptrdiff_t>(before));
  // Tap by tap over a few frames that stay in registers: for each frame the same order of additions in any
  // split. The last few reach beyond the call's frames, into what is not used.
  for (std::size_t at = 0; at < io.size(); at += kFrames) {
    std::array<double, kFrames> sums{};
    const double* const newest = past_.data() + before + at;
    for (std::size_t k = 0; k < taps_.size(); ++k)
      for (std::size_t n = 0; n < kFrames; ++n) sums[n] += taps_[k] * (newest - k)[n];
    std::copy_n(sums.begin(), std::min(kFrames, io.size() - at),
                io.begin() + static_cast<std::ptrdiff_t>(at));
  }
  std::copy_n(past_.begin() + static_cast<std::ptrdiff_t>(io.size()), before, past_.begin());
}

}  // namespace gainstage::analog
