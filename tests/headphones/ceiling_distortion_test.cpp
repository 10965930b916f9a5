#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "headphones/ceiling_render.h"
#include "support/recordings.h"

namespace gainstage::headphones {
namespace {

using testing::Mono;

Mono hardClip(Mono samples) {
  for (float& sample : samples) sample = std::clamp(sample, -kDefault, kDefault);
  return samples;
}

/// The usual simple one: falls at once, returns with a time constant of 50 ms.
Mono naiveLimiter(Mono samples) {
  const double share = 1.0 - std::exp(-1.0 / (0.05 * kRate));
  double gain = 1.0;
  for (float& sample : samples) {
    gain += (1.0 - gain) * share;
    if (gain * std::abs(sample) > kDefault) gain = kDefault / std::abs(sample);
    sample = static_cast<float>(gain * sample);
  }
  return samples;
}

/// Everything but the sine, relative to everything, in dB; for whole periods of it.
double thdPlusNoiseDb(std::span<const float> samples, double frequencyHz) {
  double sine = 0.0, cosine = 0.0, total = 0.0;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double angle = 2.0 * std::numbers::pi * frequencyHz * static_cast<double>(n) / kRate;
    sine += samples[n] * std::sin(angle);
    cosine += samples[n] * std::cos(angle);
    total += static_cast<double>(samples[n]) * static_cast<double>(samples[n]);
  }
  const auto frames = static_cast<double>(samples.size());
  double rest = 0.0;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double angle = 2.0 * std::numbers::pi * frequencyHz * static_cast<double>(n) / kRate;
    const double left = samples[n] - 2.0 / frames * (sine * std::sin(angle) + cosine * std::cos(angle));
    rest += left * left;
  }
  return 10.0 * std::log10(rest / total);
}

// Measured (THD+N of the first second, onset included | from 0.5 s on), dB, at 100 Hz / 1 kHz / 5 kHz:
//            this ceiling                       hard clip        naive, 50 ms
//  +0.1 dB   -66 / -76 / -76 | below -140       -50 / -50 / -50  -64 / -75 / -76 | -69 / -88 / -90
//  +1 dB     -47 / -57 / -64 | below -140       -27 / -27 / -27  -45 / -57 / -63 | -49 / -68 / -69
//  +6 dB     -35 / -45 / -52 | below -140       -13 / -13 / -13  -31 / -44 / -48 | -32 / -50 / -51
//  +12 dB    -32 / -42 / -52 | below -140       -10 / -9 / -9    -24 / -39 / -44 | -24 / -41 / -45
TEST(Ceiling, ScalesASteadyToneInsteadOfClippingIt) {
  for (const double frequencyHz : {100.0, 1000.0, 5000.0}) {
    for (const double overDb : {0.1, 0.5, 1.0, 3.0, 6.0, 12.0}) {
      SCOPED_TRACE(::testing::Message() << frequencyHz << " Hz, " << overDb << " dB over");
      const Mono in = testing::sine(frequencyHz, kRate, 48000, kDefault * Decibels{overDb}.linear());
      const Mono out = render(in), clipped = hardClip(in), naive = naiveLimiter(in);
      EXPECT_LE(thdPlusNoiseDb(out, frequencyHz), thdPlusNoiseDb(clipped, frequencyHz) - 15.0);
      EXPECT_LE(thdPlusNoiseDb(out, frequencyHz), thdPlusNoiseDb(naive, frequencyHz));
      EXPECT_LE(thdPlusNoiseDb(std::span(out).subspan(24000), frequencyHz), -130.0);
      EXPECT_NEAR(testing::decibels(testing::peak(std::span(out).subspan(24000))), -1.0, 0.01);
    }
  }
}

/// A linear-phase low-pass of 511 taps (Blackman window), -6 dB at `cutoffHz`; what it takes away where
/// `high`.
Mono filtered(const Mono& in, double cutoffHz, double sampleRate, bool high = false) {
  constexpr int kTaps = 511;
  std::vector<double> taps(kTaps);
  double sum = 0.0;
  for (int k = 0; k < kTaps; ++k) {
    const double x = 2.0 * cutoffHz / sampleRate * (k - kTaps / 2);
    const double angle = 2.0 * std::numbers::pi * (k + 0.5) / kTaps;
    const double window = 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2.0 * angle);
    const double tap = window * (x == 0.0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x));
    taps[static_cast<std::size_t>(k)] = tap;
    sum += tap;
  }
  Mono out(in.size(), 0.0f);
  Mono padded(kTaps, 0.0f);
  padded.insert(padded.end(), in.begin(), in.end());
  for (std::size_t n = 0; n < in.size(); ++n) {
    double low = 0.0;
    for (std::size_t k = 0; k < kTaps; ++k) low += taps[k] * padded[n + kTaps - k];
    low /= sum;
    out[n] = static_cast<float>(high ? padded[n + kTaps - kTaps / 2] - low : low);
  }
  return out;
}

// Music without anything above 2.5 kHz, 3 dB over: what is above 5 kHz afterwards is distortion. Measured
// against all of the output, in dB:
//                     this    hard    naive,
//                  ceiling    clip     50 ms
//  choir             -58.6   -47.3     -55.8
//  bass              -72.1   -60.2     -66.9
//  snare             -47.7   -42.2     -47.8
//  guitar, fifths    -70.5   -57.4     -66.7
//  guitar, slide     -63.5   -38.6     -59.8
//  guitar, chord     -64.3   -51.3     -60.2
//  guitar, harmonics -51.2   -46.3     -50.9
//  drum loop         -65.1   -55.5     -58.3
TEST(Ceiling, DistortsMusicLessThanClippingIt) {
  const auto files = testing::recordings();
  if (files.empty()) GTEST_SKIP() << "no recordings: ../shared/data/audio is absent";
  double gained = 0.0;
  for (const auto& file : files) {
    SCOPED_TRACE(file.filename());
    const auto recording = testing::readRecording(file);
    Mono music = recording.audio[0];
    music.resize(std::min<std::size_t>(music.size(), 2 * 44100));
    music = filtered(music, 2500.0, recording.sampleRate);
    const double scale = kDefault * Decibels{3.0}.linear() / testing::peak(music);
    for (float& sample : music) sample = static_cast<float>(scale * sample);
    const StreamFormat format{recording.sampleRate, 64};
    const auto blocks = testing::splits(static_cast<FrameCount>(music.size()), 64);
    const auto distortion = [&](const Mono& out) {
      return testing::decibels(testing::rms(filtered(out, 5000.0, recording.sampleRate, true)) /
                               testing::rms(out));
    };
    const double ours = distortion(render({music}, format, blocks)[0]);
    const double clipped = distortion(hardClip(music));
    EXPECT_LE(ours, clipped - 4.0);
    EXPECT_LE(ours, distortion(naiveLimiter(music)) + 0.5);
    gained += (clipped - ours) / static_cast<double>(files.size());
  }
  EXPECT_GE(gained, 10.0);
}

}  // namespace
}  // namespace gainstage::headphones
