#pragma once

#include <random>
#include <span>
#include <string>
#include <vector>

#include "core/audio_buffer.h"
#include "core/realtime.h"
#include "core/stream_format.h"

/// Signals to send in and measurements of what comes out. A Mono is one channel, a Signal is channels x
/// frames.
namespace gainstage::testing {

using Mono = std::vector<float>;
using Signal = std::vector<Mono>;

/// 44.1, 48 and 96 kHz with blocks of 1, 64 and 1024.
std::vector<StreamFormat> formats();

Mono silence(FrameCount frames);
Mono dc(float value, FrameCount frames);
Mono impulse(FrameCount frames, FrameCount at = 0, float value = 1.0f);
Mono sine(double frequencyHz, double sampleRate, FrameCount frames, float amplitude = 1.0f,
          double phase = 0.0);
/// Uniform in -amplitude..amplitude, the same for the same seed.
Mono noise(FrameCount frames, float amplitude = 0.5f, unsigned seed = 1);

double decibels(double gain);
double peak(std::span<const float> samples);
double rms(std::span<const float> samples);
double largestStep(std::span<const float> samples);
double largestDifference(std::span<const float> a, std::span<const float> b);
bool allFinite(std::span<const float> samples);

/// Amplitude of the sine at `frequencyHz` in the samples (Hann window; 1 for a full-scale sine).
double amplitudeAt(std::span<const float> samples, double frequencyHz, double sampleRate);

/// Lengths of calls that add up to `total`: `block` each, or random up to `block` where `seed` is not 0.
std::vector<FrameCount> splits(FrameCount total, FrameCount block, unsigned seed = 0);

/// Calls `process(AudioView io)` on the signal in place, block by block, inside a RealtimeScope: the trap is
/// armed.
template <typename Process>
void renderInPlace(Signal& io, std::span<const FrameCount> blocks, Process&& process) {
  std::vector<float*> rows(io.size());
  FrameCount at = 0;
  for (const FrameCount frames : blocks) {
    for (std::size_t c = 0; c < io.size(); ++c) rows[c] = io[c].data() + at;
    const AudioView view(rows.data(), static_cast<int>(rows.size()), frames);
    RealtimeScope realtime;
    process(view);
    at += frames;
  }
}

}  // namespace gainstage::testing
