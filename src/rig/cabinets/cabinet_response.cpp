#include "rig/cabinets/cabinet_response.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>

#include "analog/cabinet/sound_field.h"
#include "dsp/convolver/convolver_response.h"
#include "dsp/spectrum.h"
#include "formats/file_error.h"

namespace gainstage::rig {
namespace {

constexpr double kSilenceBefore = 1e-6;  // of the energy
constexpr Decibels kSilenceAfter{-80.0};

std::vector<float> trimmed(std::span<const float> taps) {
  double energy = 0.0, before = 0.0;
  for (const float tap : taps) energy += static_cast<double>(tap) * static_cast<double>(tap);
  std::size_t first = 0;
  for (; first + 1 < taps.size(); ++first) {
    before += static_cast<double>(taps[first]) * static_cast<double>(taps[first]);
    if (before > kSilenceBefore * energy) break;
  }
  const auto end = static_cast<std::size_t>(dsp::framesUntilEnergyFallsTo(taps, kSilenceAfter));
  if (end <= first) return {taps.begin(), taps.begin() + 1};
  return {taps.begin() + static_cast<std::ptrdiff_t>(first), taps.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<float> convolved(std::span<const float> a, std::span<const float> b) {
  const std::size_t length = a.size() + b.size() - 1;
  const auto size = static_cast<int>(std::bit_ceil(std::max<std::size_t>(length, 2)));
  dsp::Spectrum product = dsp::spectrumOf(a, size);
  const dsp::Spectrum other = dsp::spectrumOf(b, size);
  for (std::size_t bin = 0; bin < product.size(); ++bin) product[bin] *= other[bin];
  std::vector<float> both = dsp::responseOf(product);
  both.resize(length);
  return both;
}

}  // namespace

CabinetResponse makeCabinetResponse(const analog::CabinetSetup& setup, double sampleRate) {
  CabinetResponse response{analog::cabinetResponse(setup, sampleRate), 0, setup.distanceCm / 100.0};
  response.delayFrames = dsp::excessDelayFrames(response.taps);
  return response;
}

Result<CabinetResponse> makeCabinetResponse(const ImpulseResponse& file, const analog::CabinetSetup& setup,
                                            double sampleRate) {
  if (file.channels.frames() > kLongestCabinetSeconds * file.sampleRate)
    return formats::fileError(
        file.file,
        fmt::format("is longer than the {} s that a cabinet's response may have: use it in a convolution "
                    "block, or cut it shorter",
                    kLongestCabinetSeconds));
  AudioBuffer first(1, file.channels.frames());
  copy(file.channels.view().channelRange(0, 1), first.view());
  auto converted = dsp::convertResponse(first, file.sampleRate, sampleRate);
  if (!converted) return converted.error();
  CabinetResponse response{trimmed(converted->channel(0)), 0, setup.distanceCm / 100.0};
  if (setup.distanceCm != kRecordedAtCm)
    response.taps =
        trimmed(convolved(response.taps, analog::movedMicrophoneResponse(setup.microphone, kRecordedAtCm,
                                                                         setup.distanceCm, sampleRate)));
  response.delayFrames = dsp::excessDelayFrames(response.taps);
  return response;
}

void makeMinimumPhase(CabinetResponse& response) {
  response.taps = dsp::minimumPhase(response.taps);
  response.delayFrames = 0;
}

void makeLevel(CabinetResponse& response, double sampleRate) {
  const double power = dsp::pinkPowerGain(response.taps, sampleRate);
  if (power <= 1e-20) return;
  for (float& tap : response.taps) tap *= static_cast<float>(1.0 / std::sqrt(power));
}

void align(CabinetResponse& a, CabinetResponse& b, double sampleRate) {
  const auto apart =
      static_cast<int>(std::lround((a.metres - b.metres) / analog::kSpeedOfSound * sampleRate));
  const int later = apart - (a.delayFrames - b.delayFrames);
  CabinetResponse& moved = later > 0 ? a : b;
  moved.taps.insert(moved.taps.begin(), static_cast<std::size_t>(std::abs(later)), 0.0f);
  moved.delayFrames += std::abs(later);
}

}  // namespace gainstage::rig
