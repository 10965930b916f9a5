#include "support/audio.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace gainstage::testing {

std::vector<StreamFormat> formats() {
  std::vector<StreamFormat> all;
  for (const double rate : {44100.0, 48000.0, 96000.0})
    for (const FrameCount frames : {1, 64, 1024}) all.push_back({rate, frames});
  return all;
}

Mono silence(FrameCount frames) { return Mono(static_cast<std::size_t>(frames), 0.0f); }

Mono dc(float value, FrameCount frames) { return Mono(static_cast<std::size_t>(frames), value); }

Mono impulse(FrameCount frames, FrameCount at, float value) {
  Mono samples = silence(frames);
  samples[static_cast<std::size_t>(at)] = value;
  return samples;
}

Mono sine(double frequencyHz, double sampleRate, FrameCount frames, float amplitude, double phase) {
  Mono samples = silence(frames);
  for (std::size_t n = 0; n < samples.size(); ++n)
    samples[n] =
        amplitude * static_cast<float>(std::sin(
                        2.0 * std::numbers::pi * frequencyHz * static_cast<double>(n) / sampleRate + phase));
  return samples;
}

Mono noise(FrameCount frames, float amplitude, unsigned seed) {
  Mono samples = silence(frames);
  std::mt19937 generator(seed);
  for (float& sample : samples) sample = amplitude * (static_cast<float>(generator()) / 2147483648.0f - 1.0f);
  return samples;
}

double decibels(double gain) { return 20.0 * std::log10(std::max(gain, 1e-30)); }

double peak(std::span<const float> samples) {
  double largest = 0.0;
  for (const float sample : samples) largest = std::max(largest, std::abs(static_cast<double>(sample)));
  return largest;
}

double rms(std::span<const float> samples) {
  double sum = 0.0;
  for (const float sample : samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return samples.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

double largestStep(std::span<const float> samples) {
  double largest = 0.0;
  for (std::size_t n = 1; n < samples.size(); ++n)
    largest =
        std::max(largest, std::abs(static_cast<double>(samples[n]) - static_cast<double>(samples[n - 1])));
  return largest;
}

double largestDifference(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0.0;
  for (std::size_t n = 0; n < a.size(); ++n)
    largest = std::max(largest, std::abs(static_cast<double>(a[n]) - static_cast<double>(b[n])));
  return largest;
}

bool allFinite(std::span<const float> samples) {
  return std::ranges::all_of(samples, [](float sample) { return std::isfinite(sample); });
}

double amplitudeAt(std::span<const float> samples, double frequencyHz, double sampleRate) {
  std::complex<double> sum = 0.0;
  double weight = 0.0;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double position = (static_cast<double>(n) + 0.5) / static_cast<double>(samples.size());
    const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * position);
    const double angle = 2.0 * std::numbers::pi * frequencyHz * static_cast<double>(n) / sampleRate;
    sum += window * static_cast<double>(samples[n]) * std::polar(1.0, -angle);
    weight += window;
  }
  return 2.0 * std::abs(sum) / weight;
}

std::vector<FrameCount> splits(FrameCount total, FrameCount block, unsigned seed) {
  std::vector<FrameCount> lengths;
  std::mt19937 generator(seed);
  for (FrameCount left = total; left > 0; left -= lengths.back())
    lengths.push_back(std::min(
        left, seed == 0 ? block : 1 + static_cast<FrameCount>(generator() % static_cast<unsigned>(block))));
  return lengths;
}

}  // namespace gainstage::testing
