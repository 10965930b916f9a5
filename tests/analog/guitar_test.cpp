#include "analog/guitar.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>
#include <numeric>
#include <set>

#include "support/audio.h"

namespace gainstage::analog {
namespace {

using testing::decibels;
using testing::Mono;

Mono playFor(double seconds, double sampleRate = 48000.0, std::uint32_t seed = 1) {
  PlayedGuitar guitar;
  guitar.prepare({.sampleRate = sampleRate}, seed);
  Mono out = testing::silence(static_cast<FrameCount>(seconds * sampleRate));
  const RealtimeScope realtime;
  guitar.process(out);
  return out;
}

TEST(PlayedGuitar, HasTheLevelOfAGuitarAndNoDcAtAnyRate) {
  for (const double sampleRate : {44100.0, 48000.0, 96000.0}) {
    SCOPED_TRACE(sampleRate);
    const Mono out = playFor(30.0, sampleRate);
    ASSERT_TRUE(testing::allFinite(out));
    EXPECT_NEAR(decibels(testing::peak(out)), -12.5, 1.5);
    EXPECT_NEAR(decibels(testing::rms(out)), -30.5, 1.0);
    const double mean = std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(out.size());
    EXPECT_LT(decibels(std::abs(mean)), -110.0);
  }
}

TEST(PlayedGuitar, NeverFallsSilentAndNeverRunsAway) {
  const Mono out = playFor(60.0);
  for (std::size_t second = 1; second < 60; ++second) {
    const auto part = std::span(out).subspan(second * 48000, 48000);
    ASSERT_LT(decibels(testing::peak(part)), -10.5) << second;
    ASSERT_GT(decibels(testing::rms(part)), -50.0) << second;
  }
}

TEST(PlayedGuitar, GivesTheSameBitsHoweverItIsSplit) {
  const Mono whole = playFor(4.0);
  for (const FrameCount block : {1, 64, 1024, 777}) {
    PlayedGuitar guitar;
    guitar.prepare({.sampleRate = 48000.0}, 1);
    testing::Signal split{testing::silence(static_cast<FrameCount>(whole.size()))};
    testing::renderInPlace(
        split, testing::splits(static_cast<FrameCount>(whole.size()), block, block == 777 ? 3 : 0),
        [&](AudioView io) { guitar.process(io.channel(0)); });
    EXPECT_EQ(split[0], whole) << block;
  }
}

TEST(PlayedGuitar, IsTheSameForASeedAndAnotherForAnother) {
  const Mono one = playFor(10.0, 48000.0, 1);
  EXPECT_EQ(playFor(10.0, 48000.0, 1), one);
  EXPECT_GT(testing::largestDifference(playFor(10.0, 48000.0, 2), one), 0.01);
}

TEST(GuitarPlayer, PlucksInOrderOnlyWhatIsThereAndDampsItBefore) {
  GuitarPlayer player;
  player.prepare(48000.0, 5);
  std::array<FrameTime, kGuitarStrings> dampedAt{};
  std::array<bool, kGuitarStrings> sounds{};
  std::set<std::pair<int, int>> notes;
  FrameTime last = 0;
  int plucks = 0;
  while (last < 48000 * 600) {
    const GuitarEvent event = player.next();
    player.pop();
    ASSERT_GE(event.frame, last);
    last = event.frame;
    ASSERT_TRUE(event.string >= 0 && event.string < kGuitarStrings);
    const auto string = static_cast<std::size_t>(event.string);
    if (!event.isPluck) {
      dampedAt[string] = event.frame;
      sounds[string] = false;
      continue;
    }
    ASSERT_FALSE(sounds[string]);
    if (dampedAt[string] > 0) {
      ASSERT_GE(event.frame - dampedAt[string], 48 * 22);
    }  // 22 ms
    ASSERT_TRUE(event.fret >= 0 && event.fret <= 12);
    ASSERT_TRUE(event.velocity > 0.3f && event.velocity < 1.0f);
    sounds[string] = true;
    notes.insert({event.string, event.fret});
    ++plucks;
  }
  EXPECT_GT(plucks, 1500);
  EXPECT_GE(notes.size(), 12u);
}

TEST(Pickup, ResonatesWhereCoilAndCableMakeIt) {
  const PickupCircuit circuit;
  EXPECT_NEAR(circuit.resonanceHz(), 4126.0, 5.0);
  EXPECT_NEAR(circuit.quality(), 2.25, 0.01);
  for (const double sampleRate : {44100.0, 192000.0}) {
    Pickup pickup;
    pickup.prepare(sampleRate, circuit);
    Mono response = testing::impulse(8192);
    for (float& sample : response) sample = pickup.next(sample);
    const auto gainDb = [&](double hz) {
      std::complex<double> sum = 0.0;
      for (std::size_t n = 0; n < response.size(); ++n)
        sum += static_cast<double>(response[n]) *
               std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(n) / sampleRate);
      return decibels(std::abs(sum));
    };
    // |H| = 1 / |1 - u^2 + j u/Q| with u = f / f0, the circuit's own.
    const auto exact = [&](double hz) {
      const double u = hz / circuit.resonanceHz();
      return -decibels(std::hypot(1.0 - u * u, u / circuit.quality()));
    };
    for (const double hz : {20.0, 500.0, 2000.0, circuit.resonanceHz()})
      EXPECT_NEAR(gainDb(hz), exact(hz), 0.15) << hz << " at " << sampleRate;
    // Above, the bilinear transform falls faster towards half the rate.
    EXPECT_LT(gainDb(8000.0), exact(8000.0) + 0.1);
    EXPECT_GT(gainDb(8000.0), exact(8000.0) - 2.5);
  }
}

}  // namespace
}  // namespace gainstage::analog
