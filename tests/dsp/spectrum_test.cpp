#include "dsp/spectrum.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;

/// Noise that dies away by 60 dB in 2,000 frames, after a silence.
Mono decayingNoise(FrameCount silent, unsigned seed = 1) {
  Mono taps = testing::noise(2000, 0.5f, seed);
  for (std::size_t n = 0; n < taps.size(); ++n)
    taps[n] *= static_cast<float>(std::pow(10.0, -3.0 * static_cast<double>(n) / 2000.0));
  taps.insert(taps.begin(), static_cast<std::size_t>(silent), 0.0f);
  return taps;
}

double energyOf(std::span<const float> taps) {
  double energy = 0.0;
  for (const float tap : taps) energy += static_cast<double>(tap) * static_cast<double>(tap);
  return energy;
}

TEST(Spectrum, GivesTheResponseBack) {
  const Mono taps = testing::noise(1024, 0.5f);
  EXPECT_LT(testing::largestDifference(responseOf(spectrumOf(taps, 1024)), taps), 1e-6);
}

TEST(Spectrum, IsThatOfTheDefinition) {
  const Mono taps = testing::noise(50, 0.5f);
  const Spectrum spectrum = spectrumOf(taps, 64);
  for (std::size_t bin = 0; bin <= 32; ++bin) {
    std::complex<double> sum = 0.0;
    for (std::size_t n = 0; n < taps.size(); ++n)
      sum += static_cast<double>(taps[n]) *
             std::polar(1.0, -2.0 * std::numbers::pi * static_cast<double>(bin * n) / 64.0);
    EXPECT_NEAR(std::abs(spectrum[bin] - sum), 0.0, 1e-5);
  }
}

TEST(MinimumPhase, KeepsTheMagnitudesWithinATenthOfADecibel) {
  const Mono taps = decayingNoise(300);
  const Spectrum before = spectrumOf(taps, 8192), after = spectrumOf(minimumPhase(taps), 8192);
  double largest = 0.0;
  for (const auto& bin : before) largest = std::max(largest, std::abs(bin));
  for (std::size_t bin = 0; bin < before.size(); ++bin) {
    if (std::abs(before[bin]) < 1e-2 * largest) continue;  // a notch 40 dB down
    ASSERT_NEAR(decibels(std::abs(after[bin]) / std::abs(before[bin])), 0.0, 0.1) << bin;
  }
}

TEST(MinimumPhase, BringsTheEnergyEarlierAtEveryFrame) {
  const Mono taps = decayingNoise(100), early = minimumPhase(taps);
  EXPECT_NEAR(energyOf(early) / energyOf(taps), 1.0, 0.001);
  for (std::size_t n = 1; n <= taps.size(); n += 7)
    ASSERT_GE(energyOf(std::span(early).first(n)), energyOf(std::span(taps).first(n)) * 0.9999) << n;
}

TEST(MinimumPhase, LeavesWhatHasItAlready) {
  // A zero and two poles inside the unit circle: 1 - 0.7/z over 1 - 1.2/z + 0.72/z^2.
  Mono taps(600);
  for (std::size_t n = 0; n < taps.size(); ++n) {
    const float x = n == 0 ? 1.0f : n == 1 ? -0.7f : 0.0f;
    taps[n] = x + (n > 0 ? 1.2f * taps[n - 1] : 0.0f) - (n > 1 ? 0.72f * taps[n - 2] : 0.0f);
  }
  EXPECT_LT(testing::largestDifference(minimumPhase(taps), taps), 1e-4);
}

TEST(MinimumPhase, TurnsAZeroOutsideTheCircleInside) {
  // 0.5 - 1/z has the magnitudes of 1 - 0.5/z.
  Mono taps = testing::silence(64);
  taps[0] = 0.5f;
  taps[1] = -1.0f;
  const Mono early = minimumPhase(taps);
  EXPECT_NEAR(early[0], 1.0f, 1e-4f);
  EXPECT_NEAR(early[1], -0.5f, 1e-4f);
  EXPECT_LT(testing::peak(std::span(early).subspan(2)), 1e-4);
}

TEST(MinimumPhase, OfSilenceIsSilence) {
  EXPECT_EQ(testing::peak(minimumPhase(testing::silence(100))), 0.0);
  EXPECT_EQ(excessDelayFrames(testing::silence(100)), 0);
}

TEST(ExcessDelay, IsTheSilenceBeforeAResponseOfMinimumPhaseInEitherPolarity) {
  const Mono early = minimumPhase(decayingNoise(0));
  for (const int late : {0, 1, 37, 500})
    for (const float sign : {1.0f, -1.0f}) {
      Mono taps(static_cast<std::size_t>(late));
      for (const float tap : early) taps.push_back(sign * tap);
      EXPECT_EQ(excessDelayFrames(taps), late);
    }
}

}  // namespace
}  // namespace gainstage::dsp
