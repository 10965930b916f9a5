#include "control/hardware.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numbers>

#include "console/default_session.h"
#include "console/path.h"
#include "console/session_json.h"
#include "control/commands.h"
#include "core/audio_buffer.h"
#include "core/realtime.h"
#include "devices/virtual/virtual_device.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

using ::testing::HasSubstr;

constexpr double kRate = 48000.0;
constexpr FrameCount kBlock = 64;

/// A unit with one microphone input: a tone behind a preamp that thumps for 300 ms when phantom power is
/// switched and clicks when its gain is.
class Unit final : public devices::Device {
 public:
  const devices::DeviceDescription& description() const noexcept override { return description_; }
  Result<devices::DeviceFormat> open(const devices::DeviceRequest&, devices::DeviceClient&) override {
    return devices::DeviceFormat{};
  }
  Result<void> start() override { return {}; }
  void stop() override {}
  bool waitUntilEnded(Milliseconds) override { return true; }
  devices::InputControls inputControls(int) const override { return controls; }
  devices::InputSettings inputSettings(int input) const override {
    return input == 0 ? settings : devices::InputSettings{};
  }
  bool setInput(int, const devices::InputSettings& next) override {
    thump = next.phantom != settings.phantom ? 0.9 : 0.3;
    settings = next;
    ++switched;
    return true;
  }

  float sample(FrameTime frame) {
    const double gain = std::pow(10.0, (settings.gainDb - (settings.pad ? 20.0 : 0.0)) / 20.0);
    const double tone =
        sourceAmplitude * std::sin(2.0 * std::numbers::pi * 440.0 * static_cast<double>(frame) / kRate);
    thump *= 0.9995;  // a time constant of 42 ms
    return static_cast<float>(std::clamp(gain * tone + thump, -1.0, 1.0));
  }

  devices::InputControls controls{.gain = devices::GainRange{0.0, 60.0, 1.0},
                                  .padDb = 20.0,
                                  .instrument = true,
                                  .phantom = true,
                                  .gainSettles = Milliseconds{400.0},
                                  .switchSettles = Milliseconds{400.0},
                                  .phantomSettles = Milliseconds{450.0}};
  devices::InputSettings settings;
  double sourceAmplitude = 0.001;
  double thump = 0.0;
  int switched = 0;

 private:
  devices::DeviceDescription description_{.id = "unit", .name = "Unit"};
};

/// The unit, a console on it, and the remote's commands; runs as fast as it goes, in one thread.
class HardwareTest : public ::testing::Test {
 protected:
  HardwareTest() {
    EngineOptions options{.inputsAreLive = false, .fadeIn = false};
    options.session = console::defaultSession({.inputs = 1,
                                               .outputs = 2,
                                               .outputKind = console::OutputKind::headphones,
                                               .inputKinds = {console::StripKind::mic}});
    engine_ = std::make_unique<Engine>(options);
    hardware_ = std::make_unique<Hardware>(unit_, *engine_, keeper_);
    hardware_->begin(*options.session);
    unit_.switched = 0;
    engine_->formatChanged({.sampleRate = kRate, .blockFrames = kBlock, .inputs = 1, .outputs = 2});
    commands_ = std::make_unique<Commands>(*engine_, keeper_, folder_.path());
    commands_->setHardware(hardware_.get());
  }

  void run(double seconds) {
    AudioBuffer in(1, kBlock), out(2, kBlock);
    for (FrameTime end = frame_ + static_cast<FrameTime>(seconds * kRate); frame_ < end;) {
      for (FrameCount n = 0; n < kBlock; ++n)
        in.channel(0)[static_cast<std::size_t>(n)] = unit_.sample(frame_ + n);
      {
        const RealtimeScope realtime;
        engine_->process({.inputs = in.view(), .outputs = out.view(), .frame = frame_, .frames = kBlock});
      }
      heard_.insert(heard_.end(), out.channel(0).begin(), out.channel(0).end());
      frame_ += kBlock;
      if (frame_ / kBlock % 8 == 0) {
        for (std::string& sentence : hardware_->service()) told_.push_back(std::move(sentence));
        (void)engine_->service();
      }
    }
  }

  double stepBetween(FrameTime from, FrameTime to) const {
    return testing::largestStep(
        std::span(heard_).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)));
  }
  bool ok(std::string_view line) { return commands_->execute(line)["ok"].get<bool>(); }
  std::string error(std::string_view line) { return commands_->execute(line).value("error", std::string()); }
  float value(console::StripParameter parameter) const {
    return engine_->session().strips[0].values[static_cast<std::size_t>(parameter)];
  }

  testing::TemporaryFolder folder_;
  SessionKeeper keeper_{std::filesystem::path()};
  Unit unit_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Hardware> hardware_;
  std::unique_ptr<Commands> commands_;
  FrameTime frame_ = 0;
  std::vector<float> heard_;
  std::vector<std::string> told_;
};

TEST_F(HardwareTest, DrivesThePreampAsTheStripSays) {
  run(0.1);
  EXPECT_TRUE(ok("set strips/mic/preampGainDb 24"));
  run(1.0);
  EXPECT_EQ(unit_.settings.gainDb, 24.0);
  EXPECT_EQ(unit_.switched, 1);
  EXPECT_TRUE(ok("set strips/mic/pad true"));
  EXPECT_TRUE(ok("set strips/mic/instrumentInput true"));
  run(1.0);
  EXPECT_TRUE(unit_.settings.pad);
  EXPECT_TRUE(unit_.settings.instrument);
  EXPECT_TRUE(ok("undo"));
  EXPECT_TRUE(ok("undo"));
  run(1.0);
  EXPECT_FALSE(unit_.settings.pad);
  EXPECT_FALSE(unit_.settings.instrument);
}

TEST_F(HardwareTest, RoundsToAStepOfTheUnitAndRefusesWhatItLacks) {
  EXPECT_EQ(commands_->execute("set strips/mic/preampGainDb 24.4")["value"], "24");
  EXPECT_EQ(commands_->execute("set strips/mic/preampGainDb 80")["value"], "60");
  unit_.controls = {.hasKnob = true};
  EXPECT_THAT(error("set strips/mic/preampGainDb 3"), HasSubstr("turn its knob"));
  EXPECT_THAT(error("set strips/mic/phantomPower true"), HasSubstr("has no phantom power"));
  EXPECT_TRUE(ok("set strips/mic/phantomPower false"));
}

TEST_F(HardwareTest, NobodyHearsPhantomPowerOrGainBeingSwitched) {
  unit_.sourceAmplitude = 0.2;
  run(1.0);
  for (const char* line : {"set strips/mic/phantomPower true", "set strips/mic/preampGainDb 6",
                           "set strips/mic/preampGainDb 0", "set strips/mic/phantomPower false"}) {
    const FrameTime from = frame_;
    const double own = stepBetween(from - 24000, from);
    const int before = unit_.switched;
    EXPECT_TRUE(ok(line));
    run(2.0);
    EXPECT_EQ(unit_.switched, before + 1);
    const double after = stepBetween(frame_ - 24000, frame_);
    EXPECT_LE(stepBetween(from, frame_), 1.5 * std::max(own, after)) << line;
    EXPECT_GT(after, 0.4 * own) << line << ": it came back";
    // DC of a thump passes no step: what is heard stays within the tone's own peaks, too.
    const auto during = std::span(heard_).subspan(static_cast<std::size_t>(from - 24000));
    EXPECT_LE(testing::peak(during),
              1.1 * std::max(testing::peak(during.last(24000)), testing::peak(during.first(24000))))
        << line;
  }
}

TEST_F(HardwareTest, TalkbackFromTheSameInputIsHeldToo) {
  unit_.sourceAmplitude = 0.2;
  console::Session next = engine_->session();
  next.talkbackInput = 1;
  next.talkback[static_cast<std::size_t>(console::TalkbackParameter::on)] = 1.0f;
  next.strips[0].values[static_cast<std::size_t>(console::StripParameter::mute)] = 1.0f;
  ASSERT_TRUE(engine_->apply(next));
  run(1.0);
  const FrameTime from = frame_;
  const double own = stepBetween(from - 24000, from);
  EXPECT_GT(own, 1e-4) << "it is heard";
  EXPECT_TRUE(ok("set strips/mic/phantomPower true"));
  run(2.0);
  EXPECT_EQ(unit_.switched, 1);
  EXPECT_LE(stepBetween(from, frame_), 1.5 * own);
  EXPECT_GT(stepBetween(frame_ - 24000, frame_), 0.9 * own) << "and comes back";
}

TEST_F(HardwareTest, AGainThatIsRaisedIsHeardNoFasterThan20DbPerSecond) {
  run(1.0);
  EXPECT_TRUE(ok("set strips/mic/preampGainDb 40"));
  run(3.0);
  const auto levelAt = [&](double seconds) {
    const auto from = static_cast<std::size_t>(seconds * kRate);
    return testing::decibels(testing::rms(std::span(heard_).subspan(from, 4800)));
  };
  const double start = levelAt(0.9);
  EXPECT_LE(levelAt(1.6), start + 6.0 + 20.0 * 0.7);
  EXPECT_LE(levelAt(2.0), start + 6.0 + 20.0 * 1.1);
  EXPECT_NEAR(levelAt(3.8), start + 40.0, 0.5);
}

TEST_F(HardwareTest, OnlyAHandSwitchesPhantomPowerOn) {
  const auto file = folder_ / "phantom.json";
  EXPECT_TRUE(ok("set strips/mic/phantomPower true"));
  EXPECT_TRUE(ok("save " + file.string()));
  run(1.0);
  EXPECT_TRUE(unit_.settings.phantom);
  // What takes it away may; what brings it back may not: neither undo, redo nor a session.
  EXPECT_TRUE(ok("undo"));
  run(1.0);
  EXPECT_FALSE(unit_.settings.phantom);
  EXPECT_TRUE(ok("redo"));
  EXPECT_TRUE(ok("load " + file.string()));
  run(1.0);
  EXPECT_FALSE(unit_.settings.phantom);
  EXPECT_EQ(value(console::StripParameter::phantomPower), 0.0f);
  EXPECT_TRUE(ok("set strips/mic/phantomPower true"));
  EXPECT_TRUE(ok("load " + file.string()));
  run(1.0);
  EXPECT_TRUE(unit_.settings.phantom) << "a session that has it leaves it on where it is on";

  console::Session wants = *console::loadSession(file);
  unit_.settings = {};
  const auto sentences = Hardware::adopt(unit_, wants, false);
  ASSERT_EQ(sentences.size(), 1u);
  EXPECT_THAT(sentences[0], HasSubstr("set strips/mic/phantomPower true"));
  EXPECT_EQ(wants.strips[0].values[static_cast<std::size_t>(console::StripParameter::phantomPower)], 0.0f);
}

TEST_F(HardwareTest, NoSessionPowersTheOneInputOfAPairThatStandsWithoutPhantomPower) {
  unit_.settings.phantom = true;  // its first input's; the second has none
  console::Session session = engine_->session();
  session.strips[0].inputs = {1, 2};
  session.strips[0].values[static_cast<std::size_t>(console::StripParameter::phantomPower)] = 1.0f;
  const auto told = Hardware::adopt(unit_, session, false);
  EXPECT_EQ(session.strips[0].values[static_cast<std::size_t>(console::StripParameter::phantomPower)], 0.0f);
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(HardwareTest, ANewSessionTakesOverHowTheUnitStands) {
  unit_.settings = {.gainDb = 33.0, .pad = true, .instrument = false, .phantom = true};
  console::Session session = engine_->session();
  EXPECT_TRUE(Hardware::adopt(unit_, session, true).empty());
  const auto& values = session.strips[0].values;
  EXPECT_EQ(values[static_cast<std::size_t>(console::StripParameter::preampGainDb)], 33.0f);
  EXPECT_EQ(values[static_cast<std::size_t>(console::StripParameter::pad)], 1.0f);
  EXPECT_EQ(values[static_cast<std::size_t>(console::StripParameter::phantomPower)], 1.0f);
}

TEST_F(HardwareTest, ANewSessionKnowsHowLoudTheHeadphoneOfAVirtualInterfaceIs) {
  devices::VirtualConfig config;
  devices::OutputStage phones;
  phones.design.converter.fullScaleDbu = 6.0;
  phones.design.amplifier.gainDb = 4.0;
  phones.design.amplifier.outputImpedanceOhm = 33.0;
  phones.design.headphone.impedance.nominalOhm = 250.0;
  phones.design.headphone.sensitivityDbPerV = 108.0;
  config.outputStages = {phones};
  devices::VirtualDevice device(config, "virtual");
  console::Session session = console::defaultSession({.outputs = 4});
  Hardware::adopt(device, session, true);
  ASSERT_EQ(session.outputs.size(), 2u);
  // +10 dBu are 2.449 V, of which 250 ohm behind 33 get 2.164: 6.70 dB above 1 V.
  const auto loud = headphones::fullScaleDbSpl(session.outputs[0].gear);
  ASSERT_TRUE(loud.has_value());
  EXPECT_NEAR(*loud, 114.70, 0.01);
  EXPECT_FALSE(headphones::fullScaleDbSpl(session.outputs[1].gear).has_value());

  console::Session written = console::defaultSession({.outputs = 4});
  Hardware::adopt(device, written, false);
  EXPECT_FALSE(headphones::fullScaleDbSpl(written.outputs[0].gear).has_value());
}

TEST_F(HardwareTest, AutoGainBringsPeaksToMinus12Dbfs) {
  unit_.sourceAmplitude = 0.00345;  // -49.24 dBFS at no gain
  run(0.1);
  EXPECT_TRUE(ok("autogain mic"));
  run(9.5);
  EXPECT_EQ(unit_.settings.gainDb, 0.0) << "it listens for ten seconds";
  run(1.5);
  EXPECT_EQ(unit_.settings.gainDb, 37.0);  // 37.24 wanted, by steps of 1 dB, never above
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_THAT(told_[0], HasSubstr("37 dB"));
  const Json reply = commands_->execute("preamp mic");
  EXPECT_EQ(reply["autoGain"]["gainDb"], 37.0);
  EXPECT_NEAR(reply["autoGain"]["peakDbfs"].get<double>(), -49.24, 0.01);
  EXPECT_FALSE(reply["listening"].get<bool>());
  EXPECT_TRUE(ok("undo"));
  run(1.0);
  EXPECT_EQ(unit_.settings.gainDb, 0.0);
}

TEST_F(HardwareTest, AutoGainGoesDownUntilNothingClipsAndThenListensAgain) {
  unit_.sourceAmplitude = 0.098;  // -20.2 dBFS at no gain: clips from 20.2 dB on
  EXPECT_TRUE(ok("set strips/mic/preampGainDb 45"));
  run(2.0);
  EXPECT_TRUE(ok("autogain mic"));
  run(14.0);
  EXPECT_EQ(unit_.settings.gainDb, 8.0);
}

TEST_F(HardwareTest, AutoGainSaysHowFarToTurnAKnobAndWhenNobodyPlays) {
  unit_.controls = {.hasKnob = true};
  unit_.sourceAmplitude = 0.02;  // -33.98 dBFS
  EXPECT_TRUE(ok("autogain mic"));
  run(10.5);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_THAT(told_[0], HasSubstr("turn its gain up by 22.0 dB"));
  EXPECT_EQ(unit_.switched, 0);

  unit_.controls = Unit{}.controls;
  unit_.sourceAmplitude = 1e-6;
  EXPECT_TRUE(ok("autogain mic"));
  run(10.5);
  EXPECT_THAT(told_.back(), HasSubstr("Nothing was heard"));
  EXPECT_THAT(told_.back(), HasSubstr("phantom power"));
  EXPECT_TRUE(ok("autogain mic"));
  EXPECT_TRUE(ok("autogain mic stop"));
  run(10.5);
  EXPECT_EQ(told_.size(), 2u);
  EXPECT_THAT(error("autogain mik"), HasSubstr("mic"));
}

TEST_F(HardwareTest, TheClipGuardTakesGainBackAndSaysSo) {
  unit_.sourceAmplitude = 0.05;
  EXPECT_TRUE(ok("set strips/mic/preampGainDb 20"));
  run(1.5);
  unit_.sourceAmplitude = 0.2;  // 6 dB over full scale
  run(1.0);
  EXPECT_EQ(unit_.settings.gainDb, 20.0) << "off unless asked for";
  EXPECT_TRUE(ok("set strips/mic/clipGuard true"));
  run(3.0);
  // Clipped at 20 dB: 6 back, 13.98 dB make it clip still by 0.02 dB; 6 more, and it is below -1 dBFS.
  EXPECT_EQ(unit_.settings.gainDb, 8.0);
  ASSERT_EQ(told_.size(), 2u);
  EXPECT_THAT(told_[0], HasSubstr("taken back to 14 dB"));
  EXPECT_THAT(engine_->report().notes, ::testing::Contains(told_[0]));

  unit_.controls = {.hasKnob = true};
  unit_.settings.gainDb = 20.0;
  run(3.0);
  ASSERT_EQ(told_.size(), 3u) << "and not every tick";
  EXPECT_THAT(told_[2], HasSubstr("turn its gain down by 6 dB"));
}

}  // namespace
}  // namespace gainstage::control
