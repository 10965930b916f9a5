#include "control/presets.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "console/default_session.h"
#include "control/commands.h"
#include "control/factory_presets.h"
#include "rig/rig_json.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

namespace fs = std::filesystem;
using testing::writeFile;

std::string rigText(const std::string& name, double gainDb) {
  return fmt::format(R"({{"gainstage": "rig", "version": 1, "name": "{}", "blocks":
    [{{"id": "up", "type": "gain", "gainDb": {}}}, {{"id": "echo", "type": "delay"}}]}})",
                     name, gainDb);
}

/// An engine on a device that stands still, with a built-in bank of four presets and a folder of the user's.
class PresetCommands : public ::testing::Test {
 protected:
  PresetCommands() {
    EngineOptions options{.folder = folder_.path(), .inputsAreLive = false, .fadeIn = false};
    options.session =
        console::defaultSession({.inputs = 2, .outputs = 4, .outputKind = console::OutputKind::headphones});
    engine_ = std::make_unique<Engine>(options);
    engine_->formatChanged({.sampleRate = 48000.0, .blockFrames = 64, .inputs = 2, .outputs = 4});
    const fs::path bank = folder_ / "built-in" / "first";
    fs::create_directories(bank);
    fs::create_directories(folder_ / "user");
    for (int i = 1; i <= 4; ++i)
      writeFile(bank / fmt::format("0{} rig.json", i), rigText(fmt::format("Rig {}", i), -i));
    writeFile(bank / "05 broken.json", "{");
    writeFile(bank / "notes.txt", "no rig");
    commands_ = std::make_unique<Commands>(*engine_, keeper_, folder_.path(),
                                           std::vector<fs::path>{folder_ / "user", folder_ / "built-in"});
  }

  Json run(std::string_view line) { return commands_->execute(line); }
  /// Waits for what is wished for, and does what waits for it.
  void settle() {
    engine_->rigPool().waitUntilSettled();
    commands_->service();
    engine_->rigPool().waitUntilSettled();
  }
  double gainDb() const {
    const auto blocks = engine_->session().strips[0].rig.blocks;
    return blocks.empty() ? 0.0 : static_cast<double>(blocks[0].values[0]);
  }

  testing::TemporaryFolder folder_;
  SessionKeeper keeper_{fs::path()};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Commands> commands_;
};

TEST_F(PresetCommands, ListABankInTheOrderOfItsFilesAndNameWhatIsNone) {
  const Json bank = run("bank");
  EXPECT_EQ(bank["banks"], Json({"first"}));
  EXPECT_EQ(bank["bank"], "first");
  EXPECT_EQ(bank["presets"], 4);
  ASSERT_EQ(bank["problems"].size(), 1u);
  EXPECT_NE(bank["problems"][0].get<std::string>().find("05 broken.json"), std::string::npos);
  settle();
  const Json list = run("preset gtr");
  ASSERT_EQ(list["presets"].size(), 4u);
  EXPECT_EQ(list["presets"][1]["name"], "Rig 2");
  EXPECT_EQ(list["presets"][1]["number"], 2);
  EXPECT_TRUE(list["presets"][3]["ready"].get<bool>());  // the first instrument's are settled beforehand
  EXPECT_TRUE(list["number"].is_null());
}

TEST_F(PresetCommands, GoThroughABankRoundAndRound) {
  run("bank first");
  settle();
  for (const auto& [word, number] : {std::pair{"next", 1},
                                     {"next", 2},
                                     {"previous", 1},
                                     {"previous", 4},
                                     {"next", 1},
                                     {"3", 3},
                                     {"\"Rig 2\"", 2}}) {
    const Json reply = run(fmt::format("preset gtr {}", word));
    EXPECT_EQ(reply["number"], number) << reply.dump();
    EXPECT_TRUE(reply["ready"].get<bool>());
    EXPECT_EQ(gainDb(), -number);
    settle();
  }
  EXPECT_TRUE(run("undo")["ok"].get<bool>());
  EXPECT_EQ(gainDb(), -3.0);
}

TEST_F(PresetCommands, SwitchWhenReadyWhereAPresetIsNotSettledYet) {
  ASSERT_TRUE(run("preset-memory 0")["ok"].get<bool>());
  run("bank first");
  settle();
  const double before = gainDb();
  const Json reply = run("preset gtr 3");  // with no memory to keep any, just the first one is
  EXPECT_FALSE(reply["ready"].get<bool>());
  EXPECT_EQ(reply["name"], "Rig 3");
  EXPECT_EQ(gainDb(), before);
  settle();
  EXPECT_EQ(gainDb(), -3.0);
  EXPECT_EQ(run("preset gtr")["number"], 3);
  EXPECT_TRUE(run("undo")["ok"].get<bool>());
  EXPECT_EQ(gainDb(), before);
}

TEST_F(PresetCommands, KeepTheNeighboursAndThoseUsedLastFirst) {
  run("bank first");
  settle();
  run("preset gtr 1");
  settle();
  run("preset gtr 3");
  settle();
  const double kept = run("preset-memory")["keptMb"].get<double>();
  EXPECT_EQ(run("preset-memory")["kept"], 3);  // all but the one that plays
  run(fmt::format("preset-memory {}", kept * 0.75));
  settle();
  const auto isReady = [&](int number) {
    return run("preset gtr")["presets"][static_cast<std::size_t>(number - 1)]["ready"].get<bool>();
  };
  EXPECT_TRUE(isReady(4));
  EXPECT_TRUE(isReady(2));
  EXPECT_FALSE(isReady(1));  // it was used last, but is no neighbour
}

TEST_F(PresetCommands, SaveARigAsAPresetOfTheUsersWithItsFilesNamedFromThere) {
  writeFile(folder_ / "room.wav", "");
  ASSERT_TRUE(run("block gtr add convolution cab")["ok"].get<bool>());
  ASSERT_TRUE(run(fmt::format("set strips/gtr/rig/cab/file \"{}\"", (folder_ / "room.wav").string()))["ok"]
                  .get<bool>());
  const Json saved = run("preset gtr save \"My room\"");
  ASSERT_TRUE(saved["ok"].get<bool>()) << saved.dump();
  EXPECT_EQ(saved["bank"], "own");
  EXPECT_EQ(saved["number"], 1);
  const fs::path file = saved["file"].get<std::string>();
  EXPECT_EQ(file, folder_ / "user" / "own" / "01 My room.json");
  const auto document = rig::loadRig(file);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->name, "My room");
  EXPECT_EQ(document->rig.blocks, engine_->session().strips[0].rig.blocks);
  // Again under the same name is the same preset; under another, the next.
  EXPECT_EQ(run("preset gtr save \"My room\"")["number"], 1);
  EXPECT_EQ(run("preset gtr save Other")["number"], 2);
  EXPECT_EQ(run("bank")["banks"], Json({"own", "first"}));
}

TEST_F(PresetCommands, AnswerWrongOnesWithASentence) {
  for (const char* line :
       {"preset", "preset nobody next", "preset gtr 9", "preset gtr 0", "preset gtr \"Rig 7\"",
        "preset gtr keep x", "preset-memory lots", "preset-memory -1", "bank frist", "bank a b"}) {
    const Json reply = run(line);
    EXPECT_FALSE(reply["ok"].get<bool>()) << line;
    EXPECT_GT(reply["error"].get<std::string>().size(), 10u) << line;
  }
  EXPECT_NE(run("bank frist")["error"].get<std::string>().find("\"first\""), std::string::npos);
}

TEST(BuiltInPresets, AreReadBuiltAndPlayedBelowTheCeilingAndFallSilent) {
  const auto files = factoryPresets();
  if (files.empty()) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  constexpr StreamFormat kFormat{48000.0, 256};
  constexpr double kCeiling = 0.891;  // -1 dBFS, an output's own default
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    const auto document = rig::loadRig(file);
    ASSERT_TRUE(document.ok()) << document.error().message;
    EXPECT_FALSE(document->name.empty());
    const auto rig = rig::Rig::build(document->rig, kFormat, 1, file.parent_path());
    for (const auto& problem : rig->problems()) ADD_FAILURE() << problem.blockId << ": " << problem.message;
    // A shifted pitch needs some periods of the note; all else is to be felt as at once.
    const bool shiftsPitch = std::ranges::any_of(document->rig.blocks, [](const rig::BlockState& block) {
      return block.declaration->type == "harmoniser" || block.declaration->type == "pitchShift";
    });
    EXPECT_LE(rig->latencyFrames(), kFormat.frames(shiftsPitch ? 15_ms : 3_ms));
    EXPECT_LE(rig->tailFrames(), kFormat.frames(20_s));
    // Four seconds of decaying harmonics at -6 dBFS peak, an octave apart.
    testing::Signal io{testing::silence(4 * 48000), testing::silence(4 * 48000)};
    for (int note = 0; note < 4; ++note)
      for (int k = 1; k <= 6; ++k) {
        const auto tone = testing::sine(82.4 * (1 << note) * k, 48000, 48000, 0.25f / static_cast<float>(k));
        for (std::size_t n = 0; n < tone.size(); ++n)
          io[0][static_cast<std::size_t>(note) * 48000 + n] +=
              tone[n] * static_cast<float>(std::exp(-3.0 * static_cast<double>(n) / 48000.0));
      }
    const auto play = [&](testing::Signal& audio) {
      testing::renderInPlace(audio, testing::splits(static_cast<FrameCount>(audio[0].size()), 256),
                             [&](AudioView view) { rig->process(view); });
      audio.resize(static_cast<std::size_t>(rig->outputChannels()));
    };
    play(io);
    for (const auto& channel : io) {
      EXPECT_TRUE(testing::allFinite(channel));
      EXPECT_LT(testing::peak(channel), kCeiling);
      EXPECT_GT(testing::rms(channel), 0.003);
    }
    testing::Signal rest{testing::silence(static_cast<FrameCount>(rig->tailFrames()) + 48000),
                         testing::silence(static_cast<FrameCount>(rig->tailFrames()) + 48000)};
    play(rest);
    for (const auto& channel : rest) EXPECT_LT(testing::peak(std::span(channel).last(24000)), 1e-3);
    EXPECT_EQ(rig->bypassedBlocks(), 0u);
  }
}

}  // namespace
}  // namespace gainstage::control
