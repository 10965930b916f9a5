#include <cmath>
#include <complex>
#include <gtest/gtest.h>

#include "rig/test_blocks.h"

/// What the rotary speaker claims, through its parameters. A constant is heard from its drum alone, a high
/// tone from its horn.
namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 1024};
constexpr std::size_t kSecond = 48000;
constexpr float kSlow = 0.0f, kFast = 1.0f, kBrake = 2.0f;

BlockState rotary(float speed, std::initializer_list<std::pair<std::string_view, float>> values = {}) {
  BlockState state = stateOf("rotary", {{"speed", speed}, {"stereo", 0.0f}});
  for (const auto& [id, value] : values) state.values[indexIn("rotary", id)] = value;
  return state;
}

Signal render(const BlockState& state, Signal io, const std::vector<Change>& changes = {}) {
  LoneBlock block(state, kFormat, static_cast<int>(io.size()));
  return block.render(std::move(io), 64, 0, changes);
}

/// Phase in rad, at frame 0, of what comes round at a rate, from the last ten seconds.
double phaseAt(std::span<const float> values, double hertz) {
  std::complex<double> sum = 0.0;
  for (std::size_t n = values.size() - 10 * kSecond; n < values.size(); ++n)
    sum += static_cast<double>(values[n]) *
           std::polar(1.0, -2.0 * M_PI * std::fmod(hertz * static_cast<double>(n) / kRate, 1.0));
  return std::arg(sum);
}
double apart(double phase, double other) { return std::abs(std::remainder(phase - other, 2.0 * M_PI)); }

TEST(RotaryBlock, DrumTurnsAt0Point85OfTheHornsSpeedFor60Seconds) {
  const auto frames = static_cast<FrameCount>(60 * kSecond);
  const Mono drum = render(rotary(kFast, {{"fastHz", 4.0f}}), {testing::dc(1.0f, frames)})[0];
  EXPECT_LT(apart(phaseAt(drum, 3.4), 0.0), 1e-4);
  const auto [least, most] = std::ranges::minmax(std::span(drum).last(kSecond));
  EXPECT_NEAR(decibels(static_cast<double>(most)), 0.0, 0.01);
  EXPECT_NEAR(decibels(static_cast<double>(least)), decibels(0.56), 0.01);

  Mono horn = render(rotary(kFast, {{"fastHz", 4.0f}}), {testing::sine(6000.0, kRate, frames)})[0];
  for (float& sample : horn) sample *= sample;
  EXPECT_LT(apart(phaseAt(horn, 4.0), 0.0), 0.02);
}

TEST(RotaryBlock, GathersSpeedInItsTimeTheDrumInFourAndAHalfOfIt) {
  const auto frames = static_cast<FrameCount>(40 * kSecond);
  const std::vector<Change> change{{static_cast<FrameCount>(kSecond), indexIn("rotary", "speed"), kFast}};
  const BlockState state = rotary(kSlow, {{"slowHz", 1.0f}, {"fastHz", 4.0f}, {"riseS", 0.5f}});
  // From 1 Hz to 4, as e^(-t / tau), it falls 3 Hz x tau short of as many turns at 4 Hz; and a second was
  // slow.
  const auto expected = [](double share, double riseS) {
    return -2.0 * M_PI * share * 3.0 * (1.0 + riseS / std::log(10.0));
  };
  const Mono drum = render(state, {testing::dc(1.0f, frames)}, change)[0];
  EXPECT_LT(apart(phaseAt(drum, 3.4), expected(0.85, 2.25)), 0.01);
  Mono horn = render(state, {testing::sine(6000.0, kRate, frames)}, change)[0];
  for (float& sample : horn) sample *= sample;
  EXPECT_LT(apart(phaseAt(horn, 4.0), expected(1.0, 0.5)), 0.02);
}

TEST(RotaryBlock, BrakedItComesToRest) {
  const Mono out = render(rotary(kFast), {testing::dc(1.0f, static_cast<FrameCount>(45 * kSecond))},
                          {{static_cast<FrameCount>(kSecond), indexIn("rotary", "speed"), kBrake}})[0];
  const auto [least, most] = std::ranges::minmax(std::span(out).last(kSecond));
  EXPECT_LT(most - least, 1e-5f);
  EXPECT_GT(testing::largestStep(std::span(out).subspan(4 * kSecond, kSecond)), 1e-6);  // but not at once
}

TEST(RotaryBlock, ItsHornBendsPitchByItsRadiusAndSpeed) {
  // Speed of the mouth, 19 cm from the axis, in that of sound.
  for (const float hertz : {3.0f, 6.7f}) {
    const double share = 2.0 * M_PI * static_cast<double>(hertz) * 0.19 / 343.0;
    const Mono out =
        render(rotary(kFast, {{"fastHz", hertz}}), {testing::sine(12000.0, kRate, 2 * kSecond)})[0];
    // How fast the phase against 12 kHz turns, over 10 ms.
    constexpr std::size_t kSpan = 48, kApart = 480;
    const auto against = [&](std::size_t at) {
      std::complex<double> sum = 0.0;
      for (std::size_t n = at; n < at + kSpan; ++n)
        sum += static_cast<double>(out[n]) * std::polar(1.0, -0.5 * M_PI * static_cast<double>(n % 4));
      return sum;
    };
    double highest = 0.0, lowest = 0.0, phase = 0.0;
    std::vector<double> unwrapped;
    for (std::size_t at = kSecond; at + kSpan < out.size(); at += kSpan) {
      phase += std::remainder(std::arg(against(at)) - phase, 2.0 * M_PI);
      unwrapped.push_back(phase);
    }
    for (std::size_t i = kApart / kSpan; i < unwrapped.size(); ++i) {
      const double shift = (unwrapped[i] - unwrapped[i - kApart / kSpan]) / (0.5 * M_PI * kApart);
      highest = std::max(highest, shift);
      lowest = std::min(lowest, shift);
    }
    // Of a sine's steepest, 10 ms see all but (pi f 10 ms)^2 / 6.
    const double seen = share * (1.0 - std::pow(M_PI * static_cast<double>(hertz) * 0.01, 2.0) / 6.0);
    EXPECT_NEAR(1200.0 * std::log2(1.0 + highest), 1200.0 * std::log2(1.0 + seen), 1.0) << hertz;  // cents
    EXPECT_NEAR(1200.0 * std::log2(1.0 + lowest), 1200.0 * std::log2(1.0 - seen), 1.0) << hertz;
  }
}

TEST(RotaryBlock, TheHornTurnedAwayIsSofterAndDuller) {
  const auto swingDb = [](double hertz) {
    const Mono out = render(rotary(kSlow, {{"slowHz", 1.0f}}), {testing::sine(hertz, kRate, 3 * kSecond)})[0];
    double least = 1e9, most = 0.0;
    for (std::size_t at = kSecond; at + 480 <= out.size(); at += 480) {
      const double level = testing::rms(std::span(out).subspan(at, 480));
      least = std::min(least, level);
      most = std::max(most, level);
    }
    return decibels(least / most);
  };
  for (const double hertz : {6000.0, 12000.0}) {
    // Below 2.5 kHz 0.63, above 0.2, by a one-pole.
    const std::complex<double> low =
        1.0 / std::complex(1.0, std::tan(M_PI * hertz / kRate) / std::tan(M_PI * 2500.0 / kRate));
    EXPECT_NEAR(swingDb(hertz), decibels(std::abs(0.63 * low + 0.2 * (1.0 - low))), 0.6) << hertz;
  }
  EXPECT_LT(swingDb(12000.0), swingDb(5000.0) - 2.0);
}

TEST(RotaryBlock, AtRestTowardsTheMicrophoneItIsFlat) {
  for (const double hertz : {40.0, 400.0, 800.0, 1600.0, 8000.0}) {
    const Mono in = testing::sine(hertz, kRate, 2 * kSecond, 0.25f);
    const Mono out = render(rotary(kBrake), {in})[0];
    EXPECT_NEAR(decibels(testing::amplitudeAt(std::span(out).last(kSecond), hertz, kRate) / 0.25), 0.0, 0.02)
        << hertz;
  }
}

TEST(RotaryBlock, ItsMicrophonesStandApartByTheirDegreesAndTheDrumPassesThemTheOtherWayRound) {
  const BlockState state = rotary(kSlow, {{"slowHz", 1.0f}, {"stereo", 1.0f}, {"spreadDegrees", 120.0f}});
  // The horn's third of a turn is 16,000 frames, in which 15 kHz comes round too; the drum's is longer.
  const Signal high = render(state, {testing::sine(15000.0, kRate, 4 * kSecond)});
  ASSERT_EQ(high.size(), 2u);
  EXPECT_LT(testing::largestDifference(std::span(high[0]).subspan(kSecond + 16000, kSecond),
                                       std::span(high[1]).subspan(kSecond, kSecond)),
            0.01);
  const Signal constant = render(state, {testing::dc(1.0f, 12 * kSecond)});
  const std::size_t third = 18824;  // frames, 1 / 0.85 / 3 s
  EXPECT_LT(testing::largestDifference(std::span(constant[1]).subspan(kSecond + third, kSecond),
                                       std::span(constant[0]).subspan(kSecond, kSecond)),
            1e-4);
}

TEST(RotaryBlock, LeavesEveryBitAtMix0AndStaysBounded) {
  const Mono in = testing::noise(20 * kSecond);
  for (const Mono& channel : render(stateOf("rotary", {{"mix", 0.0f}}), {in})) EXPECT_EQ(channel, in);
  for (const Mono& channel : render(rotary(kFast, {{"fastHz", 10.0f}, {"stereo", 1.0f}}), {in})) {
    EXPECT_LT(decibels(testing::rms(channel) / testing::rms(in)), 0.0);
    EXPECT_LT(testing::peak(channel), 1.5);
  }
}

}  // namespace
}  // namespace gainstage::rig
