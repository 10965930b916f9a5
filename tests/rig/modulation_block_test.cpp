#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numeric>

#include "rig/test_blocks.h"

/// What tremolo, vibrato, chorus and flanger claim, through their parameters.
namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 1024};
constexpr std::size_t kSecond = 48000;

Signal render(const BlockState& state, Signal io) {
  LoneBlock block(state, kFormat, static_cast<int>(io.size()));
  return block.render(std::move(io), 64);
}

/// Gain in dB at a frequency, from the third second.
double gainDb(const BlockState& state, double hertz) {
  const Mono in = testing::sine(hertz, kRate, 3 * kSecond, 0.25f);
  const Mono out = render(state, {in})[0];
  return decibels(testing::amplitudeAt(std::span(out).last(kSecond), hertz, kRate) / 0.25);
}

TEST(TremoloBlock, SwingsByItsDepthInDecibelsAlongASine) {
  for (const float depth : {3.0f, 12.0f, 40.0f}) {
    const Mono out = render(stateOf("tremolo", {{"rateHz", 4.0f}, {"depthDb", depth}}),
                            {testing::dc(1.0f, 2 * kSecond)})[0];
    const auto [least, most] = std::ranges::minmax(out);
    EXPECT_NEAR(decibels(static_cast<double>(most)), 0.0, 1e-4);
    EXPECT_NEAR(decibels(static_cast<double>(least)), static_cast<double>(-depth), 0.01);
    const double floor = std::pow(10.0, -static_cast<double>(depth) / 20.0);
    for (std::size_t n = 0; n < out.size(); n += 37)
      ASSERT_NEAR(
          static_cast<double>(out[n]),
          floor + (1.0 - floor) * (0.5 + 0.5 * std::sin(2.0 * M_PI * 4.0 * static_cast<double>(n) / kRate)),
          1e-6);
  }
}

TEST(TremoloBlock, HoldsItsRateFor60Seconds) {
  const Mono out = render(stateOf("tremolo", {{"rateHz", 5.3f}, {"depthDb", 20.0f}}),
                          {testing::dc(1.0f, static_cast<FrameCount>(60 * kSecond))})[0];
  const auto turn = 2.0 * M_PI * static_cast<double>(5.3f) / kRate;
  double with = 0.0, across = 0.0;  // of the last ten seconds, 53 turns
  for (std::size_t n = 50 * kSecond; n < out.size(); ++n) {
    with += static_cast<double>(out[n]) * std::sin(turn * static_cast<double>(n));
    across += static_cast<double>(out[n]) * std::cos(turn * static_cast<double>(n));
  }
  EXPECT_NEAR(std::atan2(across, with), 0.0, 1e-5);  // rad, after 318 turns
}

TEST(TremoloBlock, ARateAsANoteFollowsTheTempo) {
  const Parameter& sync = findBlockDeclaration("tremolo")->parameters[indexIn("tremolo", "sync")];
  for (const auto& [word, hertz] : {std::pair{"1/4", 1.5}, {"1/8.", 2.0}, {"1/8T", 4.5}, {"1/16", 6.0}}) {
    const auto note = static_cast<float>(std::ranges::find(sync.choices, word) - sync.choices.begin());
    LoneBlock block(stateOf("tremolo", {{"sync", note}, {"depthDb", 20.0f}}), kFormat, 1);
    block->setTempo(90.0);
    block->reset();
    const Mono out = block.render({testing::dc(1.0f, 2 * kSecond)}, 64)[0];
    for (std::size_t n = 0; n < out.size(); n += 37)
      ASSERT_NEAR(static_cast<double>(out[n]),
                  0.1 + 0.9 * (0.5 + 0.5 * std::sin(2.0 * M_PI * hertz * static_cast<double>(n) / kRate)),
                  1e-5)
          << word;
  }
}

TEST(ModulationBlocks, TakeTheirRateFromTheTempoWhereItIsANote) {
  for (const char* const type : {"vibrato", "chorus", "flanger", "phaser", "tremolo"}) {
    const auto at = [&](float note, double tempo, float rate) {
      LoneBlock block(stateOf(type, {{"sync", note}, {"rateHz", rate}}), kFormat, 1);
      block->setTempo(tempo);
      block->reset();
      return block.render({testing::noise(kSecond)}, 64);
    };
    EXPECT_EQ(at(10.0f, 120.0, 1.0f), at(0.0f, 77.0, 2.0f)) << type;  // 1/4
    EXPECT_EQ(at(10.0f, 60.0, 3.0f), at(0.0f, 60.0, 1.0f)) << type;
  }
}

TEST(TremoloBlock, SquareRestsAtBothEndsAndTakes4MsBetween) {
  for (const float rate : {0.5f, 5.0f, 20.0f}) {
    const Mono out = render(stateOf("tremolo", {{"rateHz", rate}, {"depthDb", 20.0f}, {"shape", 1.0f}}),
                            {testing::dc(1.0f, 2 * kSecond)})[0];
    const double turns = 2.0 * static_cast<double>(rate);
    const auto up = static_cast<double>(std::ranges::count(out, 1.0f)),
               down = static_cast<double>(std::ranges::count(out, Decibels{-20.0}.linear()));
    const double rest = static_cast<double>(out.size()) / turns / 2.0 - 0.004 * kRate;
    EXPECT_NEAR(up / turns, rest, 3.0) << rate;
    EXPECT_NEAR(down / turns, rest, 3.0) << rate;
    // The middle of half a sine of 4 ms is the steepest.
    EXPECT_NEAR(testing::largestStep(out), 0.9 * 0.5 * M_PI / (0.004 * kRate), 1e-4) << rate;
  }
}

TEST(TremoloBlock, InStereoTheSidesSwingAgainstEachOther) {
  const Signal out =
      render(stateOf("tremolo", {{"depthDb", 20.0f}, {"stereo", 1.0f}}), {testing::dc(1.0f, kSecond)});
  ASSERT_EQ(out.size(), 2u);
  for (std::size_t n = 0; n < kSecond; ++n) ASSERT_NEAR(out[0][n] + out[1][n], 1.1f, 1e-6f);
  EXPECT_GT(testing::largestDifference(out[0], out[1]), 0.89);
}

TEST(ModulationBlocks, LeaveEveryBitAtMixOrDepth0) {
  const Mono in = testing::noise(9600);
  EXPECT_EQ(render(stateOf("tremolo", {{"depthDb", 0.0f}}), {in})[0], in);
  for (const char* const type : {"vibrato", "chorus", "flanger"})
    for (const Mono& channel : render(stateOf(type, {{"mix", 0.0f}}), {in})) EXPECT_EQ(channel, in) << type;
}

/// A tone's sidebands at whole multiples of the rate, as amplitudes, from 4 seconds.
double sideband(const Mono& out, double hertz) {
  return testing::amplitudeAt(std::span(out).last(4 * kSecond), hertz, kRate);
}

TEST(VibratoBlock, GivesTheSidebandsOfFrequencyModulation) {
  for (const float cents : {5.0f, 20.0f, 50.0f})
    for (const float rate : {2.0f, 5.0f}) {
      const Mono out = render(stateOf("vibrato", {{"rateHz", rate}, {"depthCents", cents}}),
                              {testing::sine(1000.0, kRate, 5 * kSecond)})[0];
      // Bessel functions of the peak deviation in units of the rate (Chowning, JAES 21(7), 1973).
      const double index =
          1000.0 * (std::exp2(static_cast<double>(cents) / 1200.0) - 1.0) / static_cast<double>(rate);
      for (int k = 0; k <= 12; ++k) {
        const double expected = std::abs(std::cyl_bessel_j(static_cast<double>(k), index));
        if (expected < 0.01) continue;
        for (const int side : {-k, k})
          EXPECT_NEAR(decibels(sideband(out, 1000.0 + side * static_cast<double>(rate)) / expected), 0.0, 0.2)
              << cents << " cents, " << rate << " Hz, sideband " << side;
      }
    }
}

TEST(ChorusBlock, ItsVoicesAreEvenlySpreadSoThatOnlyTheirSharedSidebandsStay) {
  const double index = 2.0 * M_PI * 1000.0 * 0.0005;  // 1 ms of sweep
  for (const int voices : {1, 2, 3}) {
    const Mono out = render(
        stateOf("chorus",
                {{"voices", static_cast<float>(voices)}, {"rateHz", 2.0f}, {"depthMs", 1.0f}, {"mix", 1.0f}}),
        {testing::sine(1000.0, kRate, 5 * kSecond, 0.25f)})[0];
    for (int k = 0; k <= 6; ++k) {
      const double found = sideband(out, 1000.0 + 2.0 * k) / 0.25;
      const double bessel = std::abs(std::cyl_bessel_j(static_cast<double>(k), index));
      if (k % voices != 0) {
        EXPECT_LT(decibels(found), -70.0) << voices << " voices, sideband " << k;
      } else if (bessel > 0.01) {
        EXPECT_NEAR(decibels(found / bessel / std::sqrt(voices)), 0.0, 0.2)
            << voices << " voices, sideband " << k;
      }
    }
  }
}

TEST(ChorusBlock, TheRightIsAheadByItsDegrees) {
  // A quarter of a turn turns the second sideband by half a turn and the first by a quarter.
  const Signal out =
      render(stateOf("chorus", {{"voices", 1.0f}, {"rateHz", 2.0f}, {"depthMs", 1.0f}, {"mix", 1.0f}}),
             {testing::sine(1000.0, kRate, 5 * kSecond, 0.25f)});
  ASSERT_EQ(out.size(), 2u);
  Mono sum(out[0].size());
  std::ranges::transform(out[0], out[1], sum.begin(), std::plus<>());
  EXPECT_LT(decibels(sideband(sum, 1004.0) / sideband(out[0], 1004.0)), -60.0);
  EXPECT_NEAR(decibels(sideband(sum, 1002.0) / sideband(out[0], 1002.0)), 3.01, 0.05);
}

TEST(ChorusBlock, StandingStillItIsTheCombOfItsDelay) {
  const BlockState state = stateOf("chorus", {{"voices", 1.0f}, {"delayMs", 10.0f}, {"depthMs", 0.0f}});
  for (const int k : {0, 1, 7, 30}) {
    EXPECT_LT(gainDb(state, 50.0 + 100.0 * k), -60.0) << k;
    EXPECT_NEAR(gainDb(state, 100.0 + 100.0 * k), 0.0, 0.01) << k;
    EXPECT_NEAR(gainDb(state, 125.0 + 100.0 * k), decibels(std::cos(M_PI / 4.0)), 0.01) << k;
  }
}

TEST(FlangerBlock, StandingStillItsNotchesStayWhereTheyAreWhateverItsFeedback) {
  for (const float g : {-0.9f, -0.5f, 0.0f, 0.5f, 0.9f}) {
    const BlockState state = stateOf("flanger", {{"delayMs", 2.0f}, {"depthMs", 0.0f}, {"feedback", g}});
    for (const double notch : {250.0, 750.0, 3250.0}) EXPECT_LT(gainDb(state, notch), -50.0) << g;
    for (const double hertz : {20.0, 125.0, 200.0, 400.0, 500.0, 650.0, 5000.0, 9900.0}) {
      const auto z = std::polar(1.0, -2.0 * M_PI * hertz * 0.002);
      const auto share = static_cast<double>(g);
      const double expected = std::sqrt(1.0 - share) / 2.0 * std::abs((1.0 + z) / (1.0 - share * z));
      EXPECT_NEAR(gainDb(state, hertz), decibels(expected), 0.1) << hertz << " Hz, feedback " << g;
    }
  }
}

TEST(FlangerBlock, NoiseKeepsItsLevelWhateverTheFeedbackAndNothingGrows) {
  for (const float g : {-0.9f, -0.5f, 0.0f, 0.5f, 0.9f})
    for (const float rate : {0.25f, 5.0f}) {
      const Mono in = testing::noise(20 * kSecond, 0.5f);
      const Mono out =
          render(stateOf("flanger", {{"feedback", g}, {"rateHz", rate}, {"depthMs", 10.0f}}), {in})[0];
      // Up to 1.2 dB is lost near half the sample rate, where each round through the line loses a little.
      EXPECT_NEAR(decibels(testing::rms(out) / testing::rms(in)), -3.0, 1.3) << g << ", " << rate;
      EXPECT_LT(testing::peak(out), 2.0) << g << ", " << rate;
    }
}

TEST(SweptBlocks, SweepFromTheirShortestDelayByTheirDepth) {
  // Of a slope, what comes out lags by the delay.
  Mono slope(6 * kSecond);
  std::iota(slope.begin(), slope.end(), 0.0f);
  for (const char* const type : {"chorus", "flanger"}) {
    BlockState state = stateOf(type, {{"rateHz", 0.5f}, {"delayMs", 3.0f}, {"depthMs", 6.0f}, {"mix", 1.0f}});
    if (const auto voices = indexOf(state.declaration->parameters, "voices")) state.values[*voices] = 1.0f;
    if (const auto feedback = indexOf(state.declaration->parameters, "feedback"))
      state.values[*feedback] = 0.0f;
    const Mono out = render(state, {slope})[0];
    double least = 1e9, most = 0.0;
    for (std::size_t n = kSecond; n < out.size(); ++n) {
      const double lag = static_cast<double>(slope[n]) - static_cast<double>(out[n]);
      least = std::min(least, lag);
      most = std::max(most, lag);
    }
    EXPECT_NEAR(least / 48.0, 3.0, 0.01) << type;  // ms
    EXPECT_NEAR(most / 48.0, 9.0, 0.01) << type;
  }
}

TEST(SweptBlocks, MakeNoDirectCurrent) {
  for (const char* const type : {"vibrato", "chorus", "flanger"}) {
    const Mono out = render(stateOf(type, {{"rateHz", 1.0f}}), {testing::sine(200.0, kRate, 6 * kSecond)})[0];
    const std::span<const float> settled = std::span(out).last(5 * kSecond);
    const double mean = std::accumulate(settled.begin(), settled.end(), 0.0) / (5.0 * kRate);
    EXPECT_LT(std::abs(mean), 1e-4) << type;
  }
}

}  // namespace
}  // namespace gainstage::rig
