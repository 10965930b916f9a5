#include <atomic>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <thread>

#include "console/default_session.h"
#include "control/commands.h"
#include "recorder/takes.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

/// A device whose callbacks come when the test calls, or as fast as they can from a thread of their own.
class LooperCommands : public ::testing::Test {
 protected:
  LooperCommands() {
    EngineOptions options{.inputsAreLive = false, .fadeIn = false};
    options.session =
        console::defaultSession({.inputs = 2, .outputs = 2, .outputKind = console::OutputKind::headphones});
    options.session->strips[0].rig.blocks.clear();
    engine_ = std::make_unique<Engine>(options);
    engine_->formatChanged({.sampleRate = 48000.0, .blockFrames = 64, .inputs = 2, .outputs = 2});
    commands_ = std::make_unique<Commands>(*engine_, keeper_, folder_.path());
  }

  void callback(float value) {
    std::ranges::fill(in_.channel(0), value);
    const RealtimeScope realtime;
    engine_->process({.inputs = in_.view(), .outputs = out_.view(), .frames = 64});
  }
  void play(int callbacks, float value) {
    for (int n = 0; n < callbacks; ++n) {
      callback(value);
      if (n % 64 == 0) engine_->service();
    }
  }
  bool ok(std::string_view line) { return commands_->execute(line)["ok"].get<bool>(); }
  Json loop() { return commands_->execute("meters")["strips"]["gtr"]["loop"]; }

  testing::TemporaryFolder folder_;
  SessionKeeper keeper_{std::filesystem::path()};
  AudioBuffer in_{2, 64}, out_{2, 64};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Commands> commands_;
};

TEST_F(LooperCommands, RecordPlayOverdubAndUndo) {
  EXPECT_TRUE(ok("looper gtr record"));
  play(750, 0.1f);
  EXPECT_EQ(loop()["state"], "recording");
  EXPECT_TRUE(ok("looper gtr play"));
  play(750, 0.0f);
  EXPECT_EQ(loop()["state"], "playing");
  EXPECT_EQ(loop()["lengthS"], 1.0);
  EXPECT_TRUE(ok("looper gtr overdub"));
  play(750, 0.2f);
  EXPECT_EQ(loop()["state"], "overdubbing");
  EXPECT_TRUE(ok("looper gtr play"));
  play(64, 0.0f);
  EXPECT_EQ(loop()["undo"], 1);
  EXPECT_TRUE(ok("looper gtr undo"));
  play(64, 0.0f);
  EXPECT_EQ(loop()["redo"], 1);
  EXPECT_TRUE(ok("looper gtr clear"));
  play(64, 0.0f);
  EXPECT_EQ(loop()["state"], "empty");
  for (const char* line : {"looper", "looper gtr", "looper gtr dance", "looper nobody record",
                           "looper gtr save", "looper gtr play twice"})
    EXPECT_FALSE(ok(line)) << line;
}

TEST_F(LooperCommands, SaveTheLoopAsATakeWhileItPlays) {
  EXPECT_TRUE(ok("looper gtr record"));
  play(750, 0.1f);
  EXPECT_TRUE(ok("looper gtr play"));
  play(100, 0.0f);
  std::atomic<bool> stop = false;
  std::thread device([&] {
    while (!stop) callback(0.0f);
  });
  const Json saved = commands_->execute("looper gtr save");
  stop = true;
  device.join();
  ASSERT_TRUE(saved["ok"].get<bool>()) << saved.dump();
  const std::filesystem::path folder = saved["take"].get<std::string>();
  const auto manifest = recorder::readManifest(folder);
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(manifest->state, recorder::TakeState::complete);
  EXPECT_EQ(manifest->frames, 48000);
  EXPECT_EQ(manifest->missingFrames(), 0);
  ASSERT_EQ(manifest->streams.size(), 1u);
  EXPECT_EQ(manifest->streams[0].sourceId, "gtr");
  SF_INFO info{};
  SNDFILE* file = sf_open((folder / manifest->streams[0].file).c_str(), SFM_READ, &info);
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(info.frames, 48000);
  std::vector<float> samples(96000);
  sf_readf_float(file, samples.data(), 48000);
  sf_close(file);
  // Beyond the seam it is what was played; the strip's trim and high-pass are off.
  for (std::size_t n = 2 * 480; n < samples.size(); ++n) ASSERT_FLOAT_EQ(samples[n], 0.1f);
  play(10, 0.0f);
  EXPECT_EQ(loop()["state"], "playing");
}

}  // namespace
}  // namespace gainstage::control
