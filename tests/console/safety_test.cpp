#include <gtest/gtest.h>
#include <numbers>

#include "console/desk.h"

namespace gainstage {
namespace {

using console::OutputKind;
using console::SourceKind;
using testing::Signal;

const console::ConsoleOptions kLive{.inputsAreLive = true, .fadeIn = true};

console::Session oneStrip(OutputKind kind) {
  console::Session session;
  session.strips = {testing::strip("mic", {1})};
  session.outputs = {testing::headphones("out", {1, 2}, {testing::send(SourceKind::direct, "mic")})};
  session.outputs[0].kind = kind;
  return session;
}

TEST(FirstSound, KeepsLiveInputsFromOutputsThatNobodyCalledHeadphones) {
  for (const OutputKind kind : {OutputKind::unknown, OutputKind::monitors, OutputKind::line}) {
    testing::Desk desk(oneStrip(kind), {48000.0, 64}, kLive);
    const Signal out = desk.render({testing::noise(96000)}, 2);
    EXPECT_EQ(testing::peak(out[0]), 0.0);
    const auto faults = desk.console().takeFaults();
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].kind, console::FaultKind::liveHeld);
  }
  testing::Desk desk(oneStrip(OutputKind::headphones), {48000.0, 64}, kLive);
  EXPECT_GT(testing::peak(desk.render({testing::noise(96000)}, 2)[0]), 0.4);
}

TEST(FirstSound, FadesInWithinASecondWithoutAStep) {
  testing::Desk desk(oneStrip(OutputKind::headphones), {48000.0, 64}, kLive);
  const Signal out = desk.render({testing::dc(0.5f, 60000)}, 2);
  EXPECT_LT(out[0][0], 0.001);
  EXPECT_LT(testing::largestStep(out[0]), 1.01 * 0.5 / 48000);
  EXPECT_FLOAT_EQ(out[0][48000], 0.5f);
}

TEST(FirstSound, ComesUpSlowlyWhereAnOutputBecomesHeadphones) {
  console::Session session = oneStrip(OutputKind::unknown);
  testing::Desk desk(session, {48000.0, 64}, kLive);
  desk.render({testing::dc(0.5f, 48000)}, 2);
  session.outputs[0].kind = OutputKind::headphones;
  ASSERT_TRUE(desk.console().apply(session));
  const Signal out = desk.render({testing::dc(0.5f, 4 * 48000)}, 2);
  EXPECT_LT(out[0][48000], 0.5 * Decibels{-60.0 + 6.0 + 20.0 + 0.5}.linear());
  EXPECT_FLOAT_EQ(out[0].back(), 0.5f);
}

/// For any two frames the level in dB may have risen by 6 dB and 20 dB for each second between them. The
/// level is the highest of the last 20 ms: stages that ramp together dip for less than that, since a product
/// of ramps sags below one ramp.
void expectSafeRise(const testing::Mono& samples, double rate, double reference) {
  testing::Mono level = samples;
  for (std::size_t n = 960; n < samples.size(); ++n)
    level[n] = *std::max_element(samples.begin() + static_cast<std::ptrdiff_t>(n) - 960,
                                 samples.begin() + static_cast<std::ptrdiff_t>(n) + 1);
  double lowest = 1e9;  // of dB(m) - 20 * m/rate: a rise is measured against it
  for (std::size_t n = 960; n < level.size(); n += 16) {
    const double db = std::max(testing::decibels(level[n] / reference), -60.0);
    const double slope = 20.0 * static_cast<double>(n) / rate;
    lowest = std::min(lowest, db - slope);
    ASSERT_LE(db - slope - lowest, 6.1) << "at frame " << n;
  }
}

TEST(LevelGuard, HoldsARaiseAlongAWholePath) {
  console::Session session = oneStrip(OutputKind::headphones);
  for (float* level : {&testing::value(session.strips[0].values, console::StripParameter::trimDb),
                       &testing::value(session.strips[0].values, console::StripParameter::faderDb),
                       &testing::value(session.outputs[0].mix[0].values, console::SendParameter::levelDb),
                       &testing::value(session.outputs[0].values, console::OutputParameter::levelDb)})
    *level = -12.0f;
  testing::Desk desk(session);
  desk.render({testing::dc(0.5f, 4800)}, 2);
  // Every level along the path goes up in one batch: 48 dB in all.
  for (float* level : {&testing::value(session.strips[0].values, console::StripParameter::trimDb),
                       &testing::value(session.strips[0].values, console::StripParameter::faderDb),
                       &testing::value(session.outputs[0].mix[0].values, console::SendParameter::levelDb),
                       &testing::value(session.outputs[0].values, console::OutputParameter::levelDb)})
    *level = 0.0f;
  ASSERT_TRUE(desk.console().apply(session));
  const Signal out = desk.render({testing::dc(0.5f, 3 * 48000)}, 2);
  expectSafeRise(out[0], 48000.0, 0.5);
  EXPECT_NEAR(testing::decibels(out[0].back() / 0.5), 0.0, 0.01);
}

TEST(LevelGuard, AlsoHoldsALouderRig) {
  console::Session session = oneStrip(OutputKind::headphones);
  session.outputs[0].mix = {testing::send(SourceKind::wet, "mic", -40.0f)};
  testing::Desk desk(session);
  desk.render({testing::dc(0.25f, 4800)}, 2);
  session.strips[0].rig.blocks = {testing::block("gain", "boost")};
  testing::setNumber(session.strips[0].rig.blocks[0], "gainDb", 24.0f);
  ASSERT_TRUE(desk.console().apply(session));
  const Signal out = desk.render({testing::dc(0.25f, 2 * 48000)}, 2);
  expectSafeRise(out[0], 48000.0, 0.25);
  EXPECT_NEAR(testing::decibels(out[0].back() / 0.25), -16.0, 0.05);
}

TEST(Panic, MutesWithin5MsAndFadesInAgain) {
  testing::Desk desk(oneStrip(OutputKind::headphones), {48000.0, 64}, kLive);
  desk.render({testing::dc(0.5f, 60000)}, 2);
  desk.console().panic(true);
  const Signal muted = desk.render({testing::dc(0.5f, 4800)}, 2);
  EXPECT_EQ(testing::peak(std::span(muted[0]).subspan(241)), 0.0);
  EXPECT_LT(testing::largestStep(muted[0]), 1.01 * 0.5 / 240);
  desk.console().panic(false);
  const Signal back = desk.render({testing::dc(0.5f, 60000)}, 2);
  EXPECT_LT(testing::largestStep(back[0]), 1.01 * 0.5 / 48000);
  EXPECT_FLOAT_EQ(back[0].back(), 0.5f);
}

TEST(Howl, IsTurnedDownAndNamed) {
  testing::Desk desk(oneStrip(OutputKind::headphones), {48000.0, 64},
                     {.inputsAreLive = true, .fadeIn = false});
  // A ring at 2.3 kHz that grows by 60 dB per second out of soft noise: a loop with a gain above one.
  testing::Mono in = testing::noise(96000, 0.0005f);
  for (std::size_t n = 0; n < in.size(); ++n) {
    const double level = std::min(0.0002 * std::pow(10.0, 3.0 * static_cast<double>(n) / 48000.0), 0.9);
    in[n] += static_cast<float>(level *
                                std::sin(2.0 * std::numbers::pi * 2300.0 * static_cast<double>(n) / 48000.0));
  }
  const Signal out = desk.render({in}, 2);
  const auto faults = desk.console().takeFaults();
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0].kind, console::FaultKind::howl);
  EXPECT_NE(faults[0].message.find("mic"), std::string::npos);
  EXPECT_LT(testing::decibels(testing::rms(std::span(out[0]).subspan(91200)) /
                              testing::rms(std::span(in).subspan(91200))),
            -19.0);
}

TEST(Input, ThatIsNotANumberIsSilencedAndNamed) {
  testing::Desk desk(oneStrip(OutputKind::headphones));
  testing::Mono in = testing::sine(440, 48000, 4800, 0.5f);
  in[1000] = std::numeric_limits<float>::quiet_NaN();
  in[2000] = std::numeric_limits<float>::infinity();
  const Signal out = desk.render({in}, 2);
  EXPECT_TRUE(testing::allFinite(out[0]));
  EXPECT_EQ(out[0][1000], 0.0f);
  EXPECT_EQ(out[0][1001], in[1001]);
  ASSERT_FALSE(desk.console().takeFaults().empty());
}

}  // namespace
}  // namespace gainstage
