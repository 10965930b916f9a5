#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "control/commands.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

/// Headphones of 250 ohm, 96 dB/mW behind 10 ohm at 14 dBu: a full-scale sine is 113.46 dB SPL.
class ListeningCommands : public ::testing::Test {
 protected:
  ListeningCommands() {
    console::Session session;
    console::StripState strip;
    strip.id = strip.name = "a";
    strip.inputs = {1, 2};
    console::OutputState output;
    output.id = output.name = "phones";
    output.kind = console::OutputKind::headphones;
    output.channels = {1, 2};
    output.values[static_cast<std::size_t>(console::OutputParameter::levelDb)] = 0.0f;
    output.values[static_cast<std::size_t>(console::OutputParameter::levelLimitOn)] = 0.0f;
    console::SendState send;
    send.kind = console::SourceKind::direct;
    send.source = "a";
    send.values[static_cast<std::size_t>(console::SendParameter::levelDb)] = 0.0f;
    output.mix = {send};
    session.strips = {strip};
    session.outputs = {output};
    engine_ = std::make_unique<Engine>(
        EngineOptions{.folder = folder_.path(), .session = session, .inputsAreLive = false, .fadeIn = false});
    engine_->formatChanged({.sampleRate = 48000.0, .blockFrames = 480, .inputs = 2, .outputs = 2});
    commands_ = std::make_unique<Commands>(*engine_, keeper_, folder_.path());
    commands_->setDoses(&doses_);
  }

  /// Seconds of 1 kHz, so many dB below a full-scale sine.
  void hear(double seconds, double belowDb) {
    for (int n = 0; n < static_cast<int>(seconds * 100.0); ++n) {
      for (int i = 0; i < 480; ++i)
        in_.channel(0)[static_cast<std::size_t>(i)] = in_.channel(1)[static_cast<std::size_t>(i)] =
            static_cast<float>(std::pow(10.0, -belowDb / 20.0) * std::sin(2.0 * std::numbers::pi * i / 48.0));
      {
        const RealtimeScope realtime;
        engine_->process({.inputs = in_.view(), .outputs = out_.view(), .frames = 480});
      }
      if (n % 16 == 0) engine_->service();
    }
  }
  Json ask(std::string_view line) { return commands_->execute(line); }
  void sayGear() {
    for (const char* line : {"set outputs/phones/sensitivityDbPerMw 96",
                             "set outputs/phones/impedanceOhm 250", "set outputs/phones/fullScaleDbu 14",
                             "set outputs/phones/outputImpedanceOhm 10", "set outputs/phones/knobDb 0"})
      EXPECT_TRUE(ask(line)["ok"].get<bool>()) << ask(line).dump();
  }

  testing::TemporaryFolder folder_;
  SessionKeeper keeper_{std::filesystem::path()};
  DoseKeeper doses_{folder_ / "state/dose.json"};
  AudioBuffer in_{2, 480}, out_{2, 480};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Commands> commands_;
};

TEST_F(ListeningCommands, TellTheLevelAtTheEarOnceTheGearIsSaidAndNotBefore) {
  Json spl = ask("spl phones")["outputs"]["phones"];
  EXPECT_FALSE(spl["known"].get<bool>());
  EXPECT_EQ(spl["missing"].size(), 5u);
  sayGear();
  hear(8.0, 30.0);
  spl = ask("spl")["outputs"]["phones"];
  EXPECT_NEAR(spl["fullScaleDbSpl"].get<double>(), 113.46, 0.01);
  EXPECT_NEAR(spl["levelDba"].get<double>(), 83.46, 0.05);
  EXPECT_NEAR(spl["peakDbSpl"].get<double>(), 86.47, 0.05);
  EXPECT_NEAR(ask("meters")["outputs"]["phones"]["levelDba"].get<double>(), 83.46, 0.05);
  ask("gesture begin");  // or it would be one drag of the knob with what was said before
  EXPECT_TRUE(ask("set outputs/phones/knobDb unknown")["ok"].get<bool>());
  ask("gesture end");
  EXPECT_EQ(ask("get outputs/phones/knobDb")["value"], "unknown");
  spl = ask("spl")["outputs"]["phones"];
  ASSERT_EQ(spl["missing"].size(), 1u);
  EXPECT_EQ(spl["missing"][0], "the position of the output's knob");
  EXPECT_TRUE(ask("undo")["ok"].get<bool>());
  EXPECT_EQ(ask("get outputs/phones/knobDb")["value"], "0");
  EXPECT_FALSE(ask("spl nobody")["ok"].get<bool>());
  EXPECT_FALSE(ask("set outputs/phones/knobDb 3")["ok"].get<bool>());
}

TEST_F(ListeningCommands, TellTheDoseWarnAndKeepItForTheNextRun) {
  sayGear();
  constexpr headphones::Day kDay = 20780;
  doses_.service(*engine_, kDay);
  hear(20.0, 3.46);  // 110 dBA: 20 s are 20/89.3 of NIOSH's day
  const auto quiet = doses_.service(*engine_, kDay);
  EXPECT_TRUE(quiet.empty());
  Json dose = doses_.json("phones", kDay);
  const double expected = 100.0 * headphones::nioshDose(110.0, 20.0);
  EXPECT_NEAR(dose["today"]["nioshPercent"].get<double>(), expected, 0.015 * expected);
  EXPECT_NEAR(dose["sevenDays"]["whoPercent"].get<double>(), 100.0 * headphones::whoDose(110.0, 20.0), 0.3);
  hear(55.0, 3.46);
  const auto warned = doses_.service(*engine_, kDay);
  ASSERT_EQ(warned.size(), 1u);
  EXPECT_NE(warned[0].find("phones has heard 8"), std::string::npos) << warned[0];
  EXPECT_TRUE(doses_.service(*engine_, kDay).empty());  // once
  ASSERT_TRUE(doses_.save(kDay).ok());
  const double heard = doses_.json("phones", kDay)["today"]["nioshPercent"].get<double>();

  // Another run on the same file, then this one again: nobody's part is lost.
  auto record = *headphones::DoseRecord::load(folder_ / "state/dose.json");
  EXPECT_NEAR(100.0 * record.onDay("phones", kDay).niosh, heard, 1e-9);
  record.add("phones", kDay, {.seconds = 1.0, .niosh = 1.0, .who = 0.0});
  ASSERT_TRUE(record.save(folder_ / "state/dose.json", kDay).ok());
  hear(5.0, 3.46);
  doses_.service(*engine_, kDay);
  ASSERT_TRUE(doses_.save(kDay).ok());
  EXPECT_NEAR(doses_.json("phones", kDay)["today"]["nioshPercent"].get<double>(),
              heard + 100.0 + 100.0 * headphones::nioshDose(110.0, 5.0), 0.2);
  EXPECT_EQ(doses_.json("phones", kDay + 1)["today"]["nioshPercent"], 0.0);
}

TEST_F(ListeningCommands, LeaveARecordThatCannotBeReadAsItIs) {
  std::filesystem::create_directories(folder_ / "state");
  testing::writeFile(folder_ / "state/dose.json", "{torn");
  sayGear();
  EXPECT_EQ(doses_.service(*engine_, 1).size(), 1u);
  hear(2.0, 3.46);
  EXPECT_TRUE(doses_.service(*engine_, 1).empty());
  EXPECT_TRUE(doses_.save(1).ok());
  EXPECT_EQ(testing::readFile(folder_ / "state/dose.json"), "{torn");
  EXPECT_GT(doses_.json("phones", 1)["today"]["seconds"].get<double>(), 1.0);
}

TEST_F(ListeningCommands, CountForTheListenerWhomTheOutputNames) {
  sayGear();
  console::Session next = engine_->session();
  next.outputs[0].listener = "Ann";
  ASSERT_TRUE(engine_->apply(next));
  hear(3.0, 3.46);
  doses_.service(*engine_);
  const Json reply = ask("dose");
  EXPECT_GT(reply["listeners"]["Ann"]["today"]["seconds"].get<double>(), 1.0) << reply.dump();
  EXPECT_TRUE(ask("dose Ann")["ok"].get<bool>());
  EXPECT_FALSE(ask("dose nobody")["ok"].get<bool>());
}

TEST_F(ListeningCommands, SetACorrectionAndNameItFromWhereTheSessionIsSaved) {
  testing::writeFile(folder_ / "eq.txt", "Preamp: -6 dB\nFilter 1: ON PK Fc 1000 Hz Gain 3 dB Q 1\n");
  EXPECT_TRUE(
      ask("set outputs/phones/correctionFile \"" + (folder_ / "eq.txt").string() + "\"")["ok"].get<bool>());
  hear(0.5, 20.0);
  EXPECT_NEAR(testing::decibels(testing::peak(out_.channel(0)) / 0.1), -3.0, 0.1);
  EXPECT_TRUE(ask("set outputs/phones/correctionMatched off")["ok"].get<bool>());
  EXPECT_TRUE(ask("set outputs/phones/correctionOn off")["ok"].get<bool>());
  hear(1.5, 20.0);
  EXPECT_NEAR(testing::decibels(testing::peak(out_.channel(0)) / 0.1), 0.0, 0.01);
  EXPECT_TRUE(ask("set outputs/phones/correctionFile gone.txt")["ok"].get<bool>());
  hear(0.1, 20.0);
  const auto faults = engine_->report().faults;
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].find("heard without its correction"), std::string::npos) << faults[0];
}

}  // namespace
}  // namespace gainstage::control
