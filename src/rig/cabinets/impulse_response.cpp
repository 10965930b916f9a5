#include "rig/cabinets/impulse_response.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "dsp/convolver/convolver_response.h"
#include "dsp/kernels.h"
#include "formats/audio_file.h"
#include "formats/file_error.h"

namespace gainstage::rig {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;
constexpr int kMostChannels = 1024;  // libsndfile's own limit
constexpr Decibels kTailFall{-90.0};

AudioBuffer firstChannels(const AudioBuffer& audio, int count) {
  AudioBuffer first(count, audio.frames());
  copy(audio.view().channelRange(0, count), first.view());
  return first;
}

/// 1 for a response that is silent in that band.
float levellingGain(const ReadyResponse& ready, double sampleRate) {
  double power = 0.0;
  for (const dsp::ConvolutionPath& path : ready.paths)
    power += dsp::pinkPowerGain(ready.responses.channel(path.response), sampleRate);
  power /= ready.outputs;
  return power > 1e-20 ? static_cast<float>(1.0 / std::sqrt(power)) : 1.0f;
}

}  // namespace

Result<ImpulseResponse> readImpulseResponse(const std::filesystem::path& file) {
  auto read = formats::readAudioFile(
      file, {.channels = kMostChannels, .bytes = kMostBytes, .nonFinite = formats::NonFinite::refuse});
  if (!read) return read.error();
  const int channels = read->audio.channels();
  int used = channels == 4 ? 4 : std::min(channels, 2);
  if (used == 2 && std::ranges::equal(read->audio.channel(0), read->audio.channel(1))) used = 1;
  return ImpulseResponse{file, firstChannels(read->audio, used), read->sampleRate};
}

FrameTime ReadyResponse::tailFrames() const {
  FrameTime longest = 0;
  for (int c = 0; c < responses.channels(); ++c)
    longest = std::max(longest, dsp::framesUntilEnergyFallsTo(responses.channel(c), kTailFall));
  return longest;
}

dsp::Convolution ReadyResponse::convolution() const {
  dsp::Convolution convolution{inputs, outputs, {}, paths};
  for (int c = 0; c < responses.channels(); ++c) convolution.responses.push_back(responses.channel(c));
  return convolution;
}

int outputsOf(const ImpulseResponse& response, int inputs) noexcept {
  return std::max(inputs, std::min(response.channels.channels(), 2));
}

Result<ReadyResponse> makeReady(const ImpulseResponse& response, int inputs, double sampleRate,
                                bool levelled) {
  const int channels = response.channels.channels();
  const double bytes = response.channels.frames() * sampleRate / response.sampleRate * channels * 4.0;
  if (bytes > static_cast<double>(kMostBytes))
    return formats::fileError(
        response.file,
        fmt::format(
            "takes {:.0f} MiB as an impulse response at {} Hz, and at most {} can be used: cut it shorter",
            bytes / 1048576.0, sampleRate, kMostBytes >> 20));
  auto converted = dsp::convertResponse(response.channels, response.sampleRate, sampleRate);
  if (!converted) return converted.error();

  ReadyResponse ready{std::move(*converted), {}, inputs, outputsOf(response, inputs)};
  if (inputs == 2 && channels == 4) {
    ready.paths = {{0, 0, 0}, {0, 1, 1}, {1, 0, 2}, {1, 1, 3}};
  } else {
    if (channels == 4) {
      for (const int c : {0, 1})
        dsp::addScaled(ready.responses.channel(c + 2), 1.0f, ready.responses.channel(c));
      ready.responses = firstChannels(ready.responses, 2);
    }
    for (int output = 0; output < ready.outputs; ++output)
      ready.paths.push_back({std::min(output, inputs - 1), output, std::min(output, channels - 1)});
  }
  if (levelled) {
    const float gain = levellingGain(ready, sampleRate);
    for (int c = 0; c < ready.responses.channels(); ++c)
      dsp::copyScaled(ready.responses.channel(c), gain, ready.responses.channel(c));
  }
  return ready;
}

}  // namespace gainstage::rig
