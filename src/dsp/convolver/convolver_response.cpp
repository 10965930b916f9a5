#include "dsp/convolver/convolver_response.h"

#include <bit>
#include <cmath>
#include <soxr.h>
#include <string>
#include <vector>

#include "dsp/fft.h"

namespace gainstage::dsp {
namespace {

// In frames of the lower rate. Of the filter's energy, 1e-6 and less comes earlier than 4 before its peak; 64
// after, it has fallen by more than 100 dB.
constexpr double kRise = 4.0;
constexpr double kRing = 64.0;

constexpr double kPinkLowest = 50.0, kPinkHighest = 10000.0;  // Hz
// Bins at least this fine: 50 Hz must not fall into the first.
constexpr double kPinkResolution = 6.0;  // Hz

}  // namespace

Result<AudioBuffer> convertResponse(const AudioBuffer& response, double fromRate, double toRate) {
  const double ratio = toRate / fromRate;
  const double periodIn = std::max(1.0, 1.0 / ratio),
               periodOut = std::max(1.0, ratio);  // of the lower rate, in frames
  const auto before = static_cast<FrameCount>(std::ceil(2.0 * kRise * periodIn));
  const auto skipped = static_cast<FrameCount>(std::round(before * ratio - kRise * periodOut));
  const auto frames =
      static_cast<FrameCount>(std::ceil(response.frames() * ratio + (kRise + kRing) * periodOut));
  if (fromRate == toRate) {
    AudioBuffer same(response.channels(), response.frames());
    copy(response.view(), same.view());
    return same;
  }

  soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  quality.precision = 20.0;  // bits: -120 dB
  quality.phase_response = 0.0;
  quality.passband_end = 0.9;  // of half the lower rate
  quality.stopband_begin = 1.1;
  const soxr_io_spec_t planar = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
  AudioBuffer out(response.channels(), frames);
  std::vector<float> in(
      static_cast<std::size_t>(before + response.frames() + std::ceil(2.0 * kRing * periodIn)));
  std::vector<float> converted(static_cast<std::size_t>(skipped + frames));
  for (int c = 0; c < response.channels(); ++c) {
    std::ranges::copy(response.channel(c), in.begin() + before);
    std::ranges::fill(converted, 0.0f);
    const float* from = in.data();
    float* to = converted.data();
    std::size_t done = 0;
    if (const char* problem = soxr_oneshot(fromRate, toRate, 1, &from, in.size(), nullptr, &to,
                                           converted.size(), &done, &planar, &quality, nullptr))
      return Error{ErrorKind::fault, "An impulse response could not be converted to the session's rate (" +
                                         std::string(problem) + "): convert the file with another program"};
    for (FrameCount n = 0; n < frames; ++n)
      out.channel(c)[static_cast<std::size_t>(n)] =
          converted[static_cast<std::size_t>(skipped + n)] / static_cast<float>(ratio);
  }
  return out;
}

double pinkPowerGain(std::span<const float> response, double rate) {
  const auto wanted = std::max(response.size(), static_cast<std::size_t>(rate / kPinkResolution));
  RealFft fft(static_cast<int>(std::bit_ceil(wanted)));
  std::ranges::copy(response, fft.input().begin());
  fft.transform();
  const double binHz = rate / fft.size();
  double power = 0.0, weight = 0.0;
  for (int bin = 1; bin < fft.bins(); ++bin) {
    if (bin * binHz < kPinkLowest || bin * binHz > kPinkHighest) continue;
    power += static_cast<double>(std::norm(fft.output()[static_cast<std::size_t>(bin)])) / bin;
    weight += 1.0 / bin;
  }
  return power / weight;
}

FrameTime framesUntilEnergyFallsTo(std::span<const float> response, Decibels fall) {
  double energy = 0.0;
  for (const float tap : response) energy += static_cast<double>(tap) * static_cast<double>(tap);
  const double rest = energy * std::pow(10.0, fall.value / 10.0);
  double left = 0.0;
  auto frames = static_cast<FrameTime>(response.size());
  for (; frames > 0; --frames) {
    const double tap = static_cast<double>(response[static_cast<std::size_t>(frames - 1)]);
    left += tap * tap;
    if (left > rest) break;
  }
  return frames;
}

}  // namespace gainstage::dsp
