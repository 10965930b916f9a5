#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"
#include "control/stepped_run.h"
#include "support/audio.h"

/// The console drives the preamps of a virtual interface of real parts: what the headphones hear of it, in
/// volts across the drivers.
namespace gainstage {
namespace {

using ::testing::HasSubstr;
using testing::SteppedRun;

constexpr FrameTime kSecond = 48000;

devices::VirtualConfig singer() {
  devices::VirtualConfig config;
  config.inputs = {devices::ToneInput{.frequencyHz = 440.0, .levelDbfs = 0.0}};
  devices::InputStage stage;
  // A loud voice: 104 dB SPL before a condenser of 8 mV/Pa.
  stage.design.plugged = analog::MicrophonePlugged{{.principle = analog::MicrophonePrinciple::condenser,
                                                    .sensitivityMvPerPa = 8.0,
                                                    .outputImpedanceOhm = 150.0,
                                                    .selfNoiseDba = 16.0,
                                                    .needsPhantom = true},
                                                   104.0};
  stage.design.input = {.impedanceOhm = 3000.0,
                        .maxGainDb = 56.0,
                        .gainStepDb = 1.0,
                        .clipDbu = 10.0,
                        .einDbu = -128.0,
                        .padDb = 20.0,
                        .hasPhantom = true};
  stage.design.converter = {.fullScaleDbu = 12.0, .dynamicRangeDba = 110.0, .filterDelayFrames = 12.0};
  stage.stands = {.gainDb = 20.0, .phantom = true};
  config.inputStages = {stage};
  config.outputs = 2;
  devices::OutputStage phones;
  phones.design.converter = {.fullScaleDbu = 6.0, .dynamicRangeDba = 110.0};
  phones.design.amplifier = {.gainDb = 6.0, .outputImpedanceOhm = 10.0, .maxVolts = 4.0};
  phones.design.headphone = {.impedance = {.nominalOhm = 80.0}};
  config.outputStages = {phones};
  return config;
}

control::EngineOptions options() {
  control::EngineOptions options{.inputsAreLive = false, .fadeIn = false};
  options.session = console::defaultSession({.inputs = 1,
                                             .outputs = 2,
                                             .outputKind = console::OutputKind::headphones,
                                             .inputKinds = {console::StripKind::mic}});
  return options;
}

std::span<const float> between(const std::vector<float>& samples, double from, double to) {
  return std::span(samples).subspan(static_cast<std::size_t>(from * kSecond),
                                    static_cast<std::size_t>((to - from) * kSecond));
}

TEST(VirtualControls, SwitchingPhantomPowerGainPadAndInstrumentDoesNotThumpTheHeadphones) {
  SteppedRun run(singer(), 30 * kSecond, options());
  const std::vector<std::string> lines{"set strips/mic/phantomPower false",
                                       "set strips/mic/phantomPower true",
                                       "set strips/mic/preampGainDb 26",
                                       "set strips/mic/preampGainDb 20",
                                       "set strips/mic/pad true",
                                       "set strips/mic/pad false",
                                       "set strips/mic/instrumentInput false"};
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    run.at(static_cast<FrameTime>(2 + 4 * i) * kSecond, lines[i]);
  // What comes in meanwhile thumps indeed: 0.5 V behind 20 dB clips the preamp.
  std::vector<float> inputPeaks;
  run.onService = [&](FrameTime) { inputPeaks.push_back(std::exchange(run.inputPeak, 0.0f)); };
  ASSERT_EQ(run.run(), "");
  EXPECT_GT(*std::ranges::max_element(inputPeaks), 0.75f);
  const auto& ear = run.heard->channels()[0];
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    SCOPED_TRACE(lines[i]);
    const double at = 2.0 + 4.0 * static_cast<double>(i);
    const auto before = between(ear, at - 0.5, at), during = between(ear, at, at + 3.4),
               after = between(ear, at + 3.4, at + 3.9);
    const double ownStep = std::max(testing::largestStep(before), testing::largestStep(after));
    EXPECT_LE(testing::largestStep(during), 1.5 * ownStep);
    // A thump without a step would still be heard: nothing is louder than the tone itself.
    EXPECT_LE(testing::peak(during), 1.05 * std::max(testing::peak(before), testing::peak(after)));
  }
  EXPECT_LT(testing::peak(between(ear, 5.0, 5.5)), 1e-3) << "no phantom power, no sound";
  EXPECT_NEAR(
      testing::decibels(testing::peak(between(ear, 9.0, 9.5)) / testing::peak(between(ear, 1.0, 1.5))), 0.0,
      0.1);
  EXPECT_NEAR(
      testing::decibels(testing::peak(between(ear, 13.5, 13.9)) / testing::peak(between(ear, 1.0, 1.5))), 6.0,
      0.1);
}

TEST(VirtualControls, WithoutTheConsolesHoldItWouldThump) {
  // The same switch, set at the device behind the console's back: what the test above hears is not nothing.
  SteppedRun run(singer(), 4 * kSecond, options());
  bool done = false;
  run.onService = [&](FrameTime frame) {
    if (frame < 2 * kSecond || done) return;
    done = true;
    run.device.setInput(0, {.gainDb = 20.0, .phantom = false});
  };
  ASSERT_EQ(run.run(), "");
  const auto& ear = run.heard->channels()[0];
  EXPECT_GT(testing::peak(between(ear, 2.0, 3.0)), 3.0 * testing::peak(between(ear, 1.0, 2.0)));
}

TEST(VirtualControls, WhoeverSwitchesPhantomPowerOntoARibbonIsWarned) {
  devices::VirtualConfig config = singer();
  config.inputStages[0]->stands.phantom = false;
  for (const bool isRibbon : {true, false}) {
    auto& plugged = std::get<analog::MicrophonePlugged>(config.inputStages[0]->design.plugged);
    plugged.microphone = {.principle = isRibbon ? analog::MicrophonePrinciple::ribbon
                                                : analog::MicrophonePrinciple::dynamic};
    SteppedRun run(config, kSecond, options());
    ASSERT_EQ(run.run(), "");
    const auto reply = run.commands->execute("set strips/mic/phantomPower true");
    EXPECT_EQ(reply.contains("warning"), isRibbon);
    EXPECT_FALSE(run.commands->execute("set strips/mic/phantomPower false").contains("warning"));
  }
}

TEST(VirtualControls, AutoGainSetsAVirtualPreamp) {
  devices::VirtualConfig config = singer();
  config.inputStages[0]->stands.gainDb = 0.0;
  SteppedRun run(config, 14 * kSecond, options());
  run.at(kSecond, "autogain mic");
  double lastPeak = 0.0;
  run.onService = [&](FrameTime frame) {
    const float peak = std::exchange(run.inputPeak, 0.0f);
    if (frame > 13 * kSecond) lastPeak = std::max(lastPeak, static_cast<double>(peak));
  };
  ASSERT_EQ(run.run(), "");
  ASSERT_EQ(run.told.size(), 1u);
  // 104 dB SPL at 8 mV/Pa, less what the input's load takes.
  const double dbu =
      analog::outputDbu(std::get<analog::MicrophonePlugged>(config.inputStages[0]->design.plugged).microphone,
                        104.0, true) +
      analog::bridgingLossDb(150.0, 3000.0);
  const double expected = std::floor(-12.0 - (dbu - 12.0));
  EXPECT_EQ(run.device.inputSettings(0).gainDb, expected);
  EXPECT_THAT(run.told[0], HasSubstr(fmt::format("{:g} dB now", expected)));
  // What comes in then peaks at -12 dBFS, or up to a step below.
  EXPECT_LE(testing::decibels(lastPeak), -11.95);
  EXPECT_GT(testing::decibels(lastPeak), -13.0);
}

TEST(VirtualControls, TheClipGuardAnswersAnInputThatIsMadeToClip) {
  devices::VirtualConfig config = singer();
  config.inputStages[0]->stands.gainDb = 26.0;  // -16 dBFS
  config.surges = {{.input = 1, .atFrame = 3 * kSecond, .frames = 20 * kSecond, .byDb = 30.0}};
  SteppedRun run(config, 10 * kSecond, options());
  run.at(kSecond, "set strips/mic/clipGuard true");
  double lastPeak = 1.0;
  run.onService = [&](FrameTime frame) {
    const float peak = std::exchange(run.inputPeak, 0.0f);
    if (frame > 9 * kSecond) lastPeak = static_cast<double>(peak);
  };
  ASSERT_EQ(run.run(), "");
  // Its preamp clips at 10 dBu, 2 dB below full scale: three times 6 dB until nothing does.
  EXPECT_LT(testing::decibels(lastPeak), -3.0);
  EXPECT_EQ(run.device.inputSettings(0).gainDb, 8.0);
  ASSERT_EQ(run.told.size(), 3u);
  EXPECT_THAT(run.told[0], HasSubstr("was taken back"));
}

TEST(VirtualControls, ARunIsTheSameEveryTimeAndHoweverItsCallbacksAreCut) {
  const auto play = [](std::uint32_t blockSeed) {
    devices::VirtualConfig config = singer();
    config.blockSeed = blockSeed;
    SteppedRun run(config, 2 * kSecond, options());
    EXPECT_EQ(run.run(), "");
    return std::make_pair(run.played->channels(), run.heard->channels());
  };
  const auto first = play(0);
  EXPECT_EQ(play(0), first);
  EXPECT_EQ(play(5), first);
}

}  // namespace
}  // namespace gainstage
