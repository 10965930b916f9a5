#include "recorder/recorder.h"

#include <atomic>
#include <bit>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "recorder/take_support.h"
#include "recorder/takes.h"

namespace gainstage::recorder {
namespace {

using ::testing::AllOf;
using testing::AudioThread;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::missingOf;
using testing::threeStreams;
namespace fs = std::filesystem;

class Recording : public ::testing::Test {
 protected:
  FinishedTake finish(Recorder& recorder, Milliseconds timeout = {0.0}) {
    auto take = recorder.finish(timeout);
    EXPECT_TRUE(take) << take.error().message;
    return take ? *std::move(take) : FinishedTake{};
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Recording, KeepsDryFloatsToTheBit) {
  Recorder recorder;
  const TakeDescription description{.parent = folder_.path(),
                                    .streams = {{StreamRole::dry, "s1", "Voice", 1, 0}}};
  ASSERT_TRUE(recorder.start(description));
  // Any bits that a float can have: denormals, infinities and payloads of not-a-number too.
  std::mt19937 random(9);
  testing::Signal pushed{testing::Mono(50000)};
  for (float& sample : pushed[0]) sample = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
  FrameTime frame = 0;
  testing::Signal io = pushed;
  testing::renderInPlace(io, testing::splits(50000, 700, 3), [&](AudioView view) {
    recorder.beginBlock(frame);
    recorder.push(0, frame, view);
    recorder.endBlock();
    frame += view.frames();
  });
  const FinishedTake take = finish(recorder);
  EXPECT_TRUE(take.faults.empty());
  const std::string bytes = testing::readFile(take.folder / take.manifest.streams[0].file);
  ASSERT_GE(bytes.size(), 200000u);
  EXPECT_EQ(std::memcmp(bytes.data() + bytes.size() - 200000, pushed[0].data(), 200000), 0);
}

TEST_F(Recording, AlignsEveryStreamToTheFrameWhateverItsLatency) {
  Recorder recorder;
  TakeDescription description = threeStreams(folder_.path());
  description.streams[1].latencyFrames = 777;
  description.streams[2].latencyFrames = 64;
  AudioThread audio(recorder, description, 123456);
  audio.run(5000);
  ASSERT_TRUE(recorder.start(description));
  audio.run(30000);
  recorder.stop();
  audio.run(2000);  // the end of the wet stream is still on its way
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.startFrame, 128456);
  EXPECT_EQ(take.manifest.frames, 30000);
  EXPECT_EQ(take.manifest.streams[1].latencyFrames, 777);
  EXPECT_EQ(take.manifest.missingFrames(), 0);
  EXPECT_TRUE(take.faults.empty());
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, StartsAndStopsAtTheFramesAskedForInsideACallback) {
  Recorder recorder;
  TakeDescription description = threeStreams(folder_.path());
  description.streams[1].latencyFrames = 100;
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description, 4321));
  audio.run(3000);
  recorder.stop(17654);
  audio.run(20000);
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.startFrame, 4321);
  EXPECT_EQ(take.manifest.frames, 17654 - 4321);
  EXPECT_EQ(take.manifest.missingFrames(), 0);
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, StartsAndStopsWithTheNextCallbackWhereTheFrameHasPassed) {
  Recorder recorder;
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  audio.run(1000);
  ASSERT_TRUE(recorder.start(description, 10));
  audio.run(500);
  recorder.stop(1200);
  recorder.stop(100000);  // too late: the first call counts
  audio.run(500);
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.startFrame, 1000);
  EXPECT_EQ(take.manifest.frames, 500);
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, GivesTheSameFilesHoweverTheStreamIsSplit) {
  std::vector<std::string> hashes;
  for (const FrameCount block : {1, 7, 64, 1000, 8192}) {
    Recorder recorder;
    TakeDescription description = threeStreams(folder_.path());
    description.streams[1].latencyFrames = 33;
    AudioThread audio(recorder, description);
    audio.setBlock(block);
    ASSERT_TRUE(recorder.start(description, 2000));
    recorder.stop(12000);
    audio.runWithRoom(13000);
    const FinishedTake take = finish(recorder);
    testing::expectTakeIsRight(take);
    hashes.push_back(take.manifest.streams[1].sha256);
  }
  EXPECT_THAT(hashes, ::testing::Each(hashes[0]));
}

TEST_F(Recording, FillsWhatTheDeviceLostAndStaysAligned) {
  Recorder recorder;
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.run(1000);
  audio.lose(64);
  audio.run(2000);
  audio.lose(100000);
  audio.run(300);
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.frames, 103364);
  for (const StreamManifest& stream : take.manifest.streams)
    EXPECT_EQ(missingOf(stream), "1000+64 source, 3064+100000 source");
  EXPECT_TRUE(take.faults.empty()) << "it is the device's fault, which reports it itself";
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, StaysAlignedWhereTheLatencyOfAPathChanges) {
  Recorder recorder;
  TakeDescription description = threeStreams(folder_.path());
  description.streams[1].latencyFrames = 50;
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description, 0));
  audio.run(2000);
  audio.setLatency(1, 250);  // 200 frames come a second time
  audio.run(2000);
  audio.setLatency(1, 100);  // 150 frames never come
  audio.run(2000);
  recorder.stop(5000);
  audio.run(100);
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.frames, 6000);
  EXPECT_EQ(missingOf(take.manifest.streams[0]), "");
  EXPECT_EQ(missingOf(take.manifest.streams[1]), "3750+150 source");
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, KeepsEverythingWhereTheDeviceIsGone) {
  Recorder recorder;
  TakeDescription description = threeStreams(folder_.path());
  description.streams[1].latencyFrames = 300;
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.run(10000);
  const FinishedTake take = finish(recorder, {0.0});
  EXPECT_EQ(take.manifest.frames, 10000);
  EXPECT_EQ(missingOf(take.manifest.streams[0]), "");
  EXPECT_EQ(missingOf(take.manifest.streams[1]), "9700+300 source") << "still inside the rig";
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, EndsThoughAStreamIsNotPushedAnyMore) {
  Recorder recorder({.queue = Milliseconds{500.0}});
  TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.run(5000);
  audio.remove(1);
  audio.run(1000);
  recorder.stop();
  audio.runWithRoom(30000);
  const FinishedTake take = finish(recorder, {60000.0});
  EXPECT_EQ(take.manifest.frames, 6000);
  EXPECT_EQ(missingOf(take.manifest.streams[0]), "");
  EXPECT_EQ(missingOf(take.manifest.streams[1]), "5000+1000 source");
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, IsAValidEmptyTakeWithoutAnyCallback) {
  Recorder recorder;
  ASSERT_TRUE(recorder.start(threeStreams(folder_.path())));
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.frames, 0);
  const auto check = verifyTake(take.folder);
  ASSERT_TRUE(check);
  EXPECT_THAT(check->problems, ElementsAre());
}

TEST_F(Recording, OutrunsNoDiskWhereItWaitsForRoom) {
  Recorder recorder({.queue = Milliseconds{500.0}});
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.runWithRoom(48000 * 60);
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(take.manifest.frames, 48000 * 60);
  EXPECT_EQ(take.manifest.missingFrames(), 0);
  EXPECT_TRUE(take.faults.empty());
  testing::expectTakeIsRight(take);
}

TEST_F(Recording, StartsAndEndsTakesWhileTheAudioThreadRuns) {
  Recorder recorder;
  TakeDescription description = threeStreams(folder_.path());
  description.streams[1].latencyFrames = 200;
  std::atomic<bool> stop = false;
  std::jthread audioThread([&] {
    AudioThread audio(recorder, description);
    while (!stop) audio.runWithRoom(512);
  });
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(recorder.start(description));
    while (i % 2 == 1 && recorder.status().frames == 0) std::this_thread::yield();
    const FinishedTake take = finish(recorder, {60000.0});
    EXPECT_EQ(take.manifest.missingFrames(), 0);
    testing::expectTakeIsRight(take);
  }
  stop = true;
}

TEST_F(Recording, TakesOneTakeAtATime) {
  Recorder recorder;
  EXPECT_EQ(recorder.status().state, RecorderState::idle);
  EXPECT_EQ(recorder.finish().error().kind, ErrorKind::usage);
  const TakeDescription description = threeStreams(folder_.path());
  const auto folder = recorder.start(description);
  ASSERT_TRUE(folder);
  EXPECT_EQ(recorder.status().state, RecorderState::recording);
  EXPECT_EQ(recorder.status().folder, *folder);
  EXPECT_THAT(recorder.start(description).error().message, HasSubstr("already"));
  finish(recorder);
  EXPECT_EQ(recorder.status().state, RecorderState::idle);
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
}

TEST_F(Recording, NamesFoldersByTheSecondAndNeverTakesAnOldOne) {
  const auto second = std::chrono::system_clock::from_time_t(1770000000);
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    Recorder recorder({.clock = [&] { return second; }});
    names.push_back((*recorder.start(threeStreams(folder_ / "takes" / "today"))).filename());
  }
  EXPECT_THAT(names[0], ::testing::MatchesRegex("2026-02-0[12]_[0-9][0-9]-[0-9][0-9]-[0-9][0-9]"));
  EXPECT_EQ(names[1], names[0] + "-2");
  EXPECT_EQ(names[2], names[0] + "-3");
}

TEST_F(Recording, KeepsTheSessionAndWhatTheTakeIsBesideTheAudio) {
  Recorder recorder;
  TakeDescription description = threeStreams(folder_.path());
  description.streams[0].name = "Lead / Vocal: \"A\"";
  description.streams[1].latencyFrames = 9;
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description, 100));
  audio.run(5000);
  const FinishedTake take = finish(recorder);
  EXPECT_EQ(testing::readFile(take.folder / "session.json"), "{}\n");
  const auto manifest = readManifest(take.folder);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(toText(*manifest), toText(take.manifest));
  EXPECT_EQ(manifest->sampleRate, 48000.0);
  EXPECT_EQ(manifest->startFrame, 100);
  EXPECT_EQ(manifest->session, "session.json");
  ASSERT_EQ(manifest->streams.size(), 3u);
  EXPECT_EQ(manifest->streams[0].file, "01-Lead-Vocal-A-dry.wav");
  EXPECT_EQ(manifest->streams[0].name, "Lead / Vocal: \"A\"");
  EXPECT_EQ(manifest->streams[1].file, "02-Guitar-wet.wav");
  EXPECT_EQ(manifest->streams[2].file, "03-Phones-output.wav");
  EXPECT_EQ(manifest->streams[2].role, StreamRole::output);
  EXPECT_EQ(manifest->streams[2].sourceId, "o1");
  EXPECT_EQ(testing::entriesIn(take.folder), 5);
}

TEST_F(Recording, Takes24BitAtTheLevelThatCameIn) {
  Recorder recorder;
  const TakeDescription description{
      .parent = folder_.path(),
      .sampleFormat = formats::SampleFormat::pcm24,
      .streams = {{StreamRole::dry, "s1", "Tone", 1, 0}, {StreamRole::output, "o1", "Silence", 1, 0}}};
  ASSERT_TRUE(recorder.start(description));
  testing::Signal tone{testing::sine(1000.0, 48000.0, 48000, 0.5f)}, silence{testing::silence(48000)};
  recorder.beginBlock(0);
  for (int stream = 0; stream < 2; ++stream) {
    float* const row = (stream == 0 ? tone : silence)[0].data();
    recorder.push(stream, 0, AudioView(&row, 1, 48000));
  }
  recorder.endBlock();
  const FinishedTake take = finish(recorder);
  EXPECT_NEAR(take.manifest.streams[0].peakDb.value_or(0.0), -6.0206, 0.0001);
  EXPECT_FALSE(take.manifest.streams[1].peakDb);
  EXPECT_EQ(fs::file_size(take.folder / take.manifest.streams[0].file), 80u + 3u * 48000u);
  const auto back = testing::samplesOf(take.folder, take.manifest.streams[0]);
  EXPECT_NEAR(testing::decibels(testing::amplitudeAt(back[0], 1000.0, 48000.0)), -6.0206, 0.0001);
}

TEST_F(Recording, IsReadByOtherPrograms) {
  if (!testing::hasProgram("soxi") || !testing::hasProgram("ffprobe"))
    GTEST_SKIP() << "sox or ffmpeg is missing";
  Recorder recorder;
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.run(48000);
  const FinishedTake take = finish(recorder);
  for (const StreamManifest& stream : take.manifest.streams) {
    const std::string path = "'" + (take.folder / stream.file).string() + "'";
    EXPECT_EQ(testing::outputOf("soxi -s " + path + " 2>&1"), "48000");
    EXPECT_EQ(testing::outputOf(
                  "ffprobe -v warning -show_entries stream=codec_name,channels,duration_ts -of csv=p=0 " +
                  path + " 2>&1"),
              "pcm_f32le," + std::to_string(stream.channels) + ",48000");
  }
}

TEST_F(Recording, RefusesWhatCannotBeRecorded) {
  Recorder recorder;
  const auto kindOf = [&](const TakeDescription& description) {
    return recorder.start(description).error().kind;
  };
  TakeDescription description = threeStreams(folder_.path());
  description.sampleRate = 1e9;
  EXPECT_EQ(kindOf(description), ErrorKind::usage);
  description.sampleRate = std::nan("");
  EXPECT_EQ(kindOf(description), ErrorKind::usage);
  EXPECT_EQ(kindOf({.parent = folder_.path()}), ErrorKind::usage);
  for (const int channels : {0, -1, 65})
    EXPECT_EQ(kindOf({.parent = folder_.path(), .streams = {{StreamRole::dry, "s", "S", channels, 0}}}),
              ErrorKind::usage);
  EXPECT_EQ(testing::entriesIn(folder_.path()), 0);
}

TEST_F(Recording, LeavesNothingWhereItCannotWrite) {
  Recorder recorder;
  testing::writeFile(folder_ / "file", "x");
  for (const fs::path& parent : {folder_ / "file", folder_ / "file" / "takes", fs::path("/proc/takes")}) {
    const auto started = recorder.start(threeStreams(parent));
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().kind, ErrorKind::file);
    EXPECT_THAT(started.error().message, HasSubstr(parent.string()));
  }
  // The second file fails: the first, and the folders made for it, go again.
  int files = 0;
  Recorder failing({.openFile = [&](const fs::path& path) -> Result<std::unique_ptr<formats::OutputFile>> {
    if (++files == 2) return Error{ErrorKind::file, "no second file"};
    return formats::createFile(path);
  }});
  EXPECT_EQ(failing.start(threeStreams(folder_ / "new" / "takes")).error().message, "no second file");
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
  EXPECT_EQ(failing.status().state, RecorderState::idle);
}

}  // namespace
}  // namespace gainstage::recorder
