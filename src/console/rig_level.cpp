#include <algorithm>
#include <cmath>
#include <numbers>

#include "console/rig_pool.h"
#include "core/audio_buffer.h"

namespace gainstage::console {
namespace {

constexpr Milliseconds kLead = 50_ms;  // attacks, latencies
constexpr Milliseconds kHeard = 200_ms;
constexpr float kLowestDb = -40.0f, kHighestDb = 80.0f;

/// A plucked A of 110 Hz: twelve harmonics that fall by 6 dB an octave, dying away within a second.
void pluck(std::span<float> samples, FrameTime from, double sampleRate) noexcept {
  constexpr double kPeak = 0.251;            // -12 dBFS
  constexpr double kSumOfHarmonics = 1.852;  // of sin(kx)/k, k = 1..12, at its highest
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double t = static_cast<double>(from + static_cast<FrameTime>(n)) / sampleRate;
    double sum = 0.0;
    for (int k = 1; k <= 12; ++k) sum += std::sin(2.0 * std::numbers::pi * 110.0 * k * t) / k;
    samples[n] = static_cast<float>(kPeak / kSumOfHarmonics * sum * std::exp(-t));
  }
}

double energyOf(std::span<const float> samples) noexcept {
  double sum = 0.0;
  for (const float sample : samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return sum;
}

}  // namespace

float measuredLevelDb(rig::Rig& rig, const StreamFormat& format, int channels) {
  if (rig.blockCount() == 0) return 0.0f;
  AudioBuffer audio(2, format.maxFrames);
  const FrameTime lead = format.frames(kLead) + rig.latencyFrames();
  const FrameTime end = lead + format.frames(kHeard);
  double in = 0.0, out = 0.0;
  for (FrameTime at = 0; at < end;) {
    const FrameTime stretchEnd = at < lead ? lead : end;
    const auto frames = static_cast<FrameCount>(std::min<FrameTime>(format.maxFrames, stretchEnd - at));
    const AudioView io = audio.view(frames);
    pluck(io.channel(0), at, format.sampleRate);
    if (channels == 2) std::ranges::copy(io.channel(0), io.channel(1).begin());
    if (at >= lead) in += energyOf(io.channel(0));
    rig.process(io);
    // Of two channels the mean: in the middle of a mix one channel sounds as loud as two of its kind.
    if (at >= lead)
      for (int c = 0; c < rig.outputChannels(); ++c) out += energyOf(io.channel(c)) / rig.outputChannels();
    at += frames;
  }
  rig.reset();
  const double ratio = out / std::max(in, 1e-12);
  return static_cast<float>(
      std::clamp<double>(10.0 * std::log10(std::max(ratio, 1e-12)), kLowestDb, kHighestDb));
}

}  // namespace gainstage::console
