#include "formats/resample.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::formats {
namespace {

AudioBuffer bufferOf(const testing::Signal& signal) {
  AudioBuffer audio(static_cast<int>(signal.size()), static_cast<FrameCount>(signal[0].size()));
  for (int c = 0; c < audio.channels(); ++c) std::ranges::copy(signal[c], audio.channel(c).begin());
  return audio;
}

/// A tone that fades in and out over 50 ms, so that the file's ends are silent.
testing::Mono fadedSine(double frequencyHz, double rate, double seconds, double phase) {
  testing::Mono tone =
      testing::sine(frequencyHz, rate, static_cast<FrameCount>(std::lround(seconds * rate)), 0.5f, phase);
  for (std::size_t n = 0; n < tone.size(); ++n) {
    const double t = static_cast<double>(n) / rate;
    const double edge = std::clamp(std::min(t, seconds - t) / 0.05, 0.0, 1.0);
    tone[n] *= static_cast<float>(0.5 - 0.5 * std::cos(3.14159265358979 * edge));
  }
  return tone;
}

TEST(Resample, GivesTheSineThatTheOtherRateWouldHaveRecorded) {
  for (const auto& [from, to] : {std::pair{44100.0, 48000.0},
                                 {48000.0, 44100.0},
                                 {96000.0, 44100.0},
                                 {48000.0, 96000.0},
                                 {8000.0, 384000.0},
                                 {384000.0, 8000.0},
                                 {44100.0, 44101.0}}) {
    SCOPED_TRACE(std::to_string(from) + " to " + std::to_string(to));
    const double low = 0.02 * std::min(from, to), high = 0.1 * std::min(from, to);
    const auto out =
        resample(bufferOf({fadedSine(low, from, 0.5, 0.3), fadedSine(high, from, 0.5, 1.0)}), from, to);
    ASSERT_TRUE(out) << out.error().message;
    ASSERT_EQ(out->frames(), std::lround(std::round(0.5 * from) * to / from));
    const testing::Signal expected{fadedSine(low, to, 0.5, 0.3), fadedSine(high, to, 0.5, 1.0)};
    for (int c = 0; c < 2; ++c) {
      const std::size_t frames = std::min(expected[c].size(), static_cast<std::size_t>(out->frames()));
      const double error =
          testing::largestDifference(out->channel(c).first(frames), std::span(expected[c]).first(frames));
      EXPECT_LT(testing::decibels(error), -110.0)
          << "dBFS, also where it would be late by a fraction of a frame";
    }
  }
}

TEST(Resample, PutsAnImpulseWhereItWas) {
  const auto out = resample(bufferOf({testing::impulse(4410, 441)}), 44100.0, 48000.0);
  ASSERT_TRUE(out);
  ASSERT_EQ(out->frames(), 4800);
  const auto samples = out->channel(0);
  EXPECT_EQ(std::ranges::max_element(samples) - samples.begin(), 480);
  // Linear phase: alike on both sides.
  for (int n = 1; n < 100; ++n) EXPECT_NEAR(samples[480 - n], samples[480 + n], 1e-6) << n;
}

TEST(Resample, RoundsItsLengthAndKeepsTheEnd) {
  for (const FrameCount frames : {1, 2, 3, 100, 147, 1000, 4411}) {
    const auto out = resample(bufferOf({testing::dc(0.25f, frames)}), 44100.0, 48000.0);
    ASSERT_TRUE(out);
    EXPECT_EQ(out->frames(), std::max(1l, std::lround(frames * 48000.0 / 44100.0))) << frames;
    EXPECT_GT(testing::peak(out->channel(0)), 0.1) << frames;
  }
}

TEST(Resample, LeavesEqualRatesAlone) {
  const testing::Mono noise = testing::noise(1000);
  const auto out = resample(bufferOf({noise}), 48000.0, 48000.0);
  ASSERT_TRUE(out);
  EXPECT_TRUE(std::ranges::equal(out->channel(0), noise));
}

TEST(Resample, RefusesRatesOutOfRange) {
  const AudioBuffer audio(1, 10);
  for (const double rate : {0.0, 1.0, -48000.0, 1e9, std::nan("")}) {
    EXPECT_FALSE(resample(audio, rate, 48000.0));
    EXPECT_FALSE(resample(audio, 48000.0, rate));
  }
}

}  // namespace
}  // namespace gainstage::formats
