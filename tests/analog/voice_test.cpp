#include "analog/voice.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>
#include <numeric>

#include "support/audio.h"

namespace gainstage::analog {
namespace {

using testing::amplitudeAt;
using testing::decibels;
using testing::Mono;

Mono singFor(double seconds, double sampleRate = 48000.0, std::uint32_t seed = 1) {
  SungVoice voice;
  voice.prepare({.sampleRate = sampleRate}, seed);
  Mono out = testing::silence(static_cast<FrameCount>(seconds * sampleRate));
  const RealtimeScope realtime;
  voice.process(out);
  return out;
}

TEST(Glottis, HasOnlyHarmonicsAndNoDc) {
  Glottis glottis;
  glottis.setFrequency(401.3 / 48000.0);
  Mono out = testing::silence(48000);
  for (float& sample : out) sample = glottis.next();
  EXPECT_LT(std::abs(std::accumulate(out.begin(), out.end(), 0.0)) / 48000.0, 1e-3);
  const double fundamental = decibels(amplitudeAt(out, 401.3, 48000.0));
  // The derivative of the pulse falls by 6 dB per octave above its own corner; what aliases lies between.
  for (int harmonic = 2; harmonic < 12; ++harmonic) {
    EXPECT_GT(decibels(amplitudeAt(out, harmonic * 401.3, 48000.0)), fundamental - 35.0) << harmonic;
    EXPECT_LT(decibels(amplitudeAt(out, (harmonic + 0.5) * 401.3, 48000.0)), fundamental - 60.0) << harmonic;
  }
}

TEST(Formant, PeaksAtItsFrequencyAsHighAsItIsNarrow) {
  Formant formant;
  formant.tune(1000.0, 100.0, 48000.0);
  Mono response = testing::impulse(16384);
  for (float& sample : response) sample = formant.next(sample);
  const auto gainDb = [&](double hz) {
    std::complex<double> sum = 0.0;
    for (std::size_t n = 0; n < response.size(); ++n)
      sum += static_cast<double>(response[n]) *
             std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(n) / 48000.0);
    return decibels(std::abs(sum));
  };
  EXPECT_NEAR(gainDb(0.0), 0.0, 0.01);
  EXPECT_NEAR(gainDb(1000.0), decibels(1000.0 / 100.0), 0.3);
  EXPECT_NEAR(gainDb(1050.0), gainDb(1000.0) - 3.0, 0.6);
  EXPECT_NEAR(gainDb(950.0), gainDb(1000.0) - 3.0, 0.6);
}

TEST(SungVoice, HasTheLevelOfACarefulMicrophoneAndNoDcAtAnyRate) {
  const Mono reference = singFor(30.0);
  for (const double sampleRate : {44100.0, 48000.0, 96000.0}) {
    SCOPED_TRACE(sampleRate);
    const Mono out = singFor(30.0, sampleRate);
    ASSERT_TRUE(testing::allFinite(out));
    EXPECT_NEAR(decibels(testing::peak(out)), -20.0, 3.0);
    EXPECT_NEAR(decibels(testing::rms(out)), decibels(testing::rms(reference)), 0.3);
    const double mean = std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(out.size());
    EXPECT_LT(decibels(std::abs(mean)), -90.0);
  }
}

TEST(SungVoice, SingsPhrasesWithBreathsBetween) {
  const Mono out = singFor(60.0);
  int loud = 0, quiet = 0;
  for (std::size_t at = 0; at + 24000 <= out.size(); at += 24000) {
    const double level = decibels(testing::rms(std::span(out).subspan(at, 24000)));
    loud += level > -40.0;
    quiet += level < -60.0;
  }
  EXPECT_GT(loud, 60);  // of 120 halves of a second
  EXPECT_GT(quiet, 15);
}

TEST(SungVoice, SingsTheNotesOfItsScale) {
  const Mono out = singFor(30.0);
  int notes = 0;
  for (std::size_t at = 0; at + 2400 <= out.size(); at += 12000) {
    const auto part = std::span(out).subspan(at, 2400);
    if (decibels(testing::rms(part)) < -40.0) continue;
    // The lag at which 50 ms are most like themselves.
    std::size_t best = 0;
    double most = 0.0;
    for (std::size_t lag = 100; lag < 260; ++lag) {
      double sum = 0.0;
      for (std::size_t n = lag; n < part.size(); ++n)
        sum += static_cast<double>(part[n]) * static_cast<double>(part[n - lag]);
      if (sum > most) most = sum, best = lag;
    }
    const double hz = 48000.0 / static_cast<double>(best);
    double nearest = 1e9;
    for (const double degree : {195.998, 220.0, 246.942, 293.665, 329.628, 391.995})
      nearest = std::min(nearest, std::abs(1200.0 * std::log2(hz / degree)));
    notes += nearest < 45.0;  // cents: a lag is 7 to 15 of them, vibrato 22; between notes it glides
    ASSERT_GT(hz, 185.0);
    ASSERT_LT(hz, 425.0);
  }
  EXPECT_GT(notes, 50);
}

TEST(SungVoice, GivesTheSameBitsHoweverItIsSplit) {
  const Mono whole = singFor(5.0);
  ASSERT_GT(testing::peak(whole), 0.01);
  for (const FrameCount block : {1, 31, 64, 1024, 777}) {
    SungVoice voice;
    voice.prepare({.sampleRate = 48000.0}, 1);
    testing::Signal split{testing::silence(static_cast<FrameCount>(whole.size()))};
    testing::renderInPlace(
        split, testing::splits(static_cast<FrameCount>(whole.size()), block, block == 777 ? 3 : 0),
        [&](AudioView io) { voice.process(io.channel(0)); });
    EXPECT_EQ(split[0], whole) << block;
  }
}

}  // namespace
}  // namespace gainstage::analog
