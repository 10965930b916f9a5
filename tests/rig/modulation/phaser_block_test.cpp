#include <cmath>
#include <complex>
#include <gtest/gtest.h>

#include "rig/test_blocks.h"

/// What the phaser claims, through its parameters.
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

double gainDb(const BlockState& state, double hertz) {
  const Mono in = testing::sine(hertz, kRate, 3 * kSecond, 0.25f);
  const Mono out = render(state, {in})[0];
  return decibels(testing::amplitudeAt(std::span(out).last(kSecond), hertz, kRate) / 0.25);
}

/// A row of all-passes of the first order, each (1 - jx) / (1 + jx) at x = tan(pi f / rate) / tan(pi c /
/// rate).
std::complex<double> row(int stages, double centreHz, double hertz) {
  const double x = std::tan(M_PI * hertz / kRate) / std::tan(M_PI * centreHz / kRate);
  return std::pow(std::complex(1.0, -x) / std::complex(1.0, x), stages);
}

double notchHz(int stages, double centreHz, int which) {
  const double x = std::tan(M_PI * (2.0 * which + 1.0) / (2.0 * stages));
  return std::atan(x * std::tan(M_PI * centreHz / kRate)) * kRate / M_PI;
}

BlockState still(int stages, float feedback) {
  return stateOf("phaser", {{"stages", static_cast<float>(stages / 2 - 2)},
                            {"centreHz", 800.0f},
                            {"depthOctaves", 0.0f},
                            {"feedback", feedback}});
}

TEST(PhaserBlock, HasHalfAsManyNotchesAsStagesWhereTheAllPassesTurnByOddHalves) {
  for (const int stages : {4, 6, 8})
    for (const float feedback : {-0.8f, 0.0f, 0.8f})
      for (int k = 0; k < stages / 2; ++k) {
        const double notch = notchHz(stages, 800.0, k);
        EXPECT_LT(gainDb(still(stages, feedback), notch), -60.0) << stages << " stages, " << notch << " Hz";
        EXPECT_GT(gainDb(still(stages, feedback), 1.2 * notch), -35.0) << stages << ", " << notch << " Hz";
      }
}

TEST(PhaserBlock, BetweenItsNotchesItIsWhatItsFeedbackMakesOfTheAllPasses) {
  for (const int stages : {4, 6, 8})
    for (const float feedback : {-0.9f, -0.4f, 0.0f, 0.4f, 0.9f})
      for (const double hertz : {30.0, 250.0, 800.0, 1300.0, 6000.0, 15000.0}) {
        const std::complex<double> a = row(stages, 800.0, hertz);
        const auto g = static_cast<double>(feedback);
        const double expected = decibels(std::sqrt(1.0 - g) / 2.0 * std::abs((1.0 + a) / (1.0 - g * a)));
        if (expected < -40.0) continue;
        EXPECT_NEAR(gainDb(still(stages, feedback), hertz), expected, 0.02)
            << stages << " stages, feedback " << g << ", " << hertz << " Hz";
      }
}

TEST(PhaserBlock, SweepsBySoManyOctavesAboutItsCentreAtItsRate) {
  // 0.25 Hz: after a second highest, after three lowest. A burst at the notch of that moment is lost.
  for (const auto& [second, octaves] : {std::pair{1.0, 1.0}, {3.0, -1.0}, {57.0, 1.0}, {59.0, -1.0}}) {
    const double notch = notchHz(4, 500.0 * std::exp2(octaves), 0);
    const auto at = static_cast<std::size_t>(second * kRate);
    const Mono out =
        render(stateOf("phaser",
                       {{"rateHz", 0.25f}, {"centreHz", 500.0f}, {"depthOctaves", 2.0f}, {"feedback", 0.0f}}),
               {testing::sine(notch, kRate, static_cast<FrameCount>(at + 4800))})[0];
    EXPECT_LT(decibels(testing::rms(std::span(out).subspan(at - 480, 960))), -35.0) << second;
    EXPECT_GT(decibels(testing::rms(std::span(out).subspan(at - 24000, 960))), -15.0) << second;
  }
}

TEST(PhaserBlock, TheRightIsAheadByItsDegrees) {
  // A quarter of a turn at 1 Hz: the left does a quarter of a second later what the right does.
  const Signal out = render(stateOf("phaser", {{"rateHz", 1.0f}, {"stereo", 1.0f}, {"spreadDegrees", 90.0f}}),
                            {testing::sine(500.0, kRate, 4 * kSecond)});
  ASSERT_EQ(out.size(), 2u);
  const std::span<const float> left = std::span(out[0]).subspan(2 * kSecond + kSecond / 4, kSecond),
                               right = std::span(out[1]).subspan(2 * kSecond, kSecond);
  EXPECT_LT(decibels(testing::largestDifference(left, right)), -80.0);
  EXPECT_GT(testing::largestDifference(out[0], out[1]), 0.1);
}

TEST(PhaserBlock, StaysBoundedAndWithoutDirectCurrentWhileItSweepsAtItsQuickest) {
  for (const float feedback : {-0.9f, 0.0f, 0.9f}) {
    const BlockState state = stateOf("phaser", {{"stages", 2.0f},
                                                {"rateHz", 10.0f},
                                                {"depthOctaves", 5.0f},
                                                {"centreHz", 2000.0f},
                                                {"feedback", feedback}});
    const Mono in = testing::noise(20 * kSecond);
    const Mono out = render(state, {in})[0];
    EXPECT_LT(decibels(testing::rms(out) / testing::rms(in)), 1.0) << feedback;
    EXPECT_LT(testing::peak(out), 2.0) << feedback;
    const Mono tone = render(state, {testing::sine(203.0, kRate, 5 * kSecond)})[0];
    double mean = 0.0;
    for (std::size_t n = kSecond; n < tone.size(); ++n) mean += static_cast<double>(tone[n]) / (4.0 * kRate);
    EXPECT_LT(std::abs(mean), 1e-4) << feedback;
  }
}

TEST(PhaserBlock, LeavesEveryBitAtMix0) {
  const Mono in = testing::noise(9600);
  EXPECT_EQ(render(stateOf("phaser", {{"mix", 0.0f}}), {in})[0], in);
}

}  // namespace
}  // namespace gainstage::rig
