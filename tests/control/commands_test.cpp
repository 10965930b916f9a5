#include "control/commands.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "console/default_session.h"
#include "console/session_json.h"
#include "devices/virtual/virtual_device.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

/// An engine on a virtual device that stands still: commands need no sound.
class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() {
    EngineOptions options{.inputsAreLive = false, .fadeIn = false};
    options.session =
        console::defaultSession({.inputs = 2, .outputs = 4, .outputKind = console::OutputKind::headphones});
    engine_ = std::make_unique<Engine>(options);
    engine_->formatChanged({.sampleRate = 48000.0, .blockFrames = 64, .inputs = 2, .outputs = 4});
    commands_ = std::make_unique<Commands>(*engine_, keeper_, folder_.path());
  }

  std::string text(std::string_view line, const char* key) {
    const Json reply = commands_->execute(line);
    return reply.contains(key) ? (reply[key].is_string() ? reply[key].get<std::string>() : reply[key].dump())
                               : "";
  }
  bool ok(std::string_view line) { return commands_->execute(line)["ok"].get<bool>(); }

  testing::TemporaryFolder folder_;
  SessionKeeper keeper_{std::filesystem::path()};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Commands> commands_;
};

TEST_F(CommandsTest, SetGetUndoAndRedoAValue) {
  const std::string before = text("get strips/gtr/trimDb", "value");
  EXPECT_TRUE(ok("set strips/gtr/trimDb -6.5"));
  EXPECT_EQ(text("get strips/gtr/trimDb", "value"), "-6.5");
  EXPECT_EQ(text("get strips/gtr/trimDb", "unit"), "dB");
  EXPECT_TRUE(ok("undo"));
  EXPECT_EQ(text("get strips/gtr/trimDb", "value"), before);
  EXPECT_TRUE(ok("redo"));
  EXPECT_EQ(text("get strips/gtr/trimDb", "value"), "-6.5");
}

TEST_F(CommandsTest, ChangeARigAndTakeItBack) {
  const std::size_t blocks = engine_->session().strips[0].rig.blocks.size();
  EXPECT_EQ(text("block gtr add delay echo", "block"), "echo");
  EXPECT_EQ(engine_->session().strips[0].rig.blocks.size(), blocks + 1);
  EXPECT_TRUE(ok("block gtr move echo 1"));
  EXPECT_EQ(engine_->session().strips[0].rig.blocks[0].id, "echo");
  EXPECT_TRUE(ok("set strips/gtr/rig/echo/timeMs 250"));
  EXPECT_TRUE(ok("block gtr remove echo"));
  EXPECT_EQ(engine_->session().strips[0].rig.blocks.size(), blocks);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ok("undo"));
  EXPECT_EQ(engine_->session().strips[0].rig.blocks.size(), blocks);
  EXPECT_FALSE(ok("undo"));
}

TEST_F(CommandsTest, TellWhatATunerReadsAmongTheMeters) {
  EXPECT_FALSE(commands_->execute("meters")["strips"]["gtr"].contains("tuner"));
  EXPECT_TRUE(ok("block gtr add tuner"));
  const Json tuner = commands_->execute("meters")["strips"]["gtr"]["tuner"];
  for (const char* key : {"note", "cents", "hz", "clarity"})
    EXPECT_TRUE(tuner.contains(key) && tuner[key].is_null()) << key;
}

TEST_F(CommandsTest, MakeOneGestureOfWhatLiesBetweenBeginAndEnd) {
  EXPECT_TRUE(ok("gesture begin"));
  EXPECT_TRUE(ok("set strips/gtr/faderDb -3"));
  EXPECT_TRUE(ok("set strips/gtr/mute true"));
  EXPECT_TRUE(ok("gesture end"));
  EXPECT_TRUE(ok("undo"));
  EXPECT_EQ(text("get strips/gtr/faderDb", "value"), "0");
  EXPECT_EQ(text("get strips/gtr/mute", "value"), "false");
}

TEST_F(CommandsTest, SaveAndLoadASession) {
  const std::string file = (folder_.path() / "other name.json").string();
  EXPECT_TRUE(ok("set strips/gtr/faderDb -12"));
  EXPECT_TRUE(ok("save \"" + file + "\""));
  EXPECT_TRUE(ok("set strips/gtr/faderDb 0"));
  EXPECT_TRUE(ok("load \"" + file + "\""));
  EXPECT_EQ(text("get strips/gtr/faderDb", "value"), "-12");
}

TEST_F(CommandsTest, SaveElsewhereWithFilesNamedFromThere) {
  std::filesystem::create_directories(folder_ / "a");
  std::filesystem::create_directories(folder_ / "b");
  engine_->setFolder(folder_ / "a");
  console::Session session = engine_->session();
  rig::BlockState cab = rig::makeBlockState(*rig::findBlockDeclaration("convolution"), "cab");
  cab.files[0] = "room.wav";
  session.strips[0].rig.blocks = {cab};
  ASSERT_TRUE(engine_->apply(session));
  const std::filesystem::path file = folder_ / "b" / "song.json";
  ASSERT_TRUE(ok("save \"" + file.string() + "\""));
  const auto saved = console::loadSession(file);
  ASSERT_TRUE(saved.ok());
  EXPECT_EQ(saved->strips[0].rig.blocks[0].files[0], "../a/room.wav");
  EXPECT_EQ(engine_->session().strips[0].rig.blocks[0].files[0], "room.wav");
}

TEST_F(CommandsTest, AnswerWrongOnesWithASentence) {
  for (const char* line :
       {"", "sett strips/gtr/trimDb 1", "set strips/gtr/trimDb", "set strips/gtr/trimdb 1",
        "set strips/gtr/trimDb loud", "set strips/gtr/trimDb 1 at noon", "get nowhere", "take", "take stop",
        "block gtr add chainsaw", "block nobody add gain", "rig gtr missing.json", "load missing.json",
        "panic maybe", "save", "redo", "undo", "say \"hello"}) {
    const Json reply = commands_->execute(line);
    EXPECT_FALSE(reply["ok"].get<bool>()) << line;
    EXPECT_GT(reply["error"].get<std::string>().size(), 10u) << line;
  }
  EXPECT_NE(text("sett strips/gtr/trimDb 1", "error").find("\"set\""), std::string::npos);
  EXPECT_NE(text("set strips/gtr/trimdb 1", "error").find("trimDb"), std::string::npos);
}

TEST_F(CommandsTest, StandInTheManualWordForWord) {
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  if (!source) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  std::ifstream file(std::filesystem::path(source) / "docs" / "commands.md");
  std::stringstream manual;
  manual << file.rdbuf();
  for (const Commands::Entry& entry : Commands::list()) {
    std::string usage;
    for (const char c : entry.usage) usage += c == '|' ? "\\|" : std::string(1, c);
    const std::string row = fmt::format("| `{}` | {} |", usage, entry.help);
    EXPECT_NE(manual.str().find(row), std::string::npos) << "docs/commands.md lacks: " << row;
  }
}

}  // namespace
}  // namespace gainstage::control
