#include <cerrno>
#include <condition_variable>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <unistd.h>

#include "formats/file_error.h"
#include "recorder/recorder.h"
#include "recorder/take_support.h"
#include "recorder/takes.h"
#include "support/tiny_disk.h"

namespace gainstage::recorder {
namespace {

using formats::OutputFile;
using testing::AudioThread;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::missingOf;
using testing::threeStreams;
namespace fs = std::filesystem;

/// A disk that stands still while the gate is shut.
class Gate {
 public:
  void shut() { set(false); }
  void open() { set(true); }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
  }

 private:
  void set(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
};

/// A real file whose audio writes do what the test says first.
class Hindered final : public OutputFile {
 public:
  using Hindrance = std::function<Result<void>(std::int64_t offset, std::size_t bytes)>;
  Hindered(std::unique_ptr<OutputFile> file, Hindrance hindrance)
      : file_(std::move(file)), hindrance_(std::move(hindrance)) {}
  Result<void> writeAt(std::int64_t offset, std::span<const std::byte> bytes) override {
    if (auto go = hindrance_(offset, bytes.size()); !go) return go;
    return file_->writeAt(offset, bytes);
  }
  Result<void> resize(std::int64_t bytes) override { return file_->resize(bytes); }
  Result<void> sync() override { return file_->sync(); }
  Result<void> commit() override { return file_->commit(); }

 private:
  std::unique_ptr<OutputFile> file_;
  Hindrance hindrance_;
};

formats::OutputFileFactory hindering(std::function<Hindered::Hindrance(const fs::path&)> make) {
  return [make](const fs::path& path) -> Result<std::unique_ptr<OutputFile>> {
    auto file = formats::createFile(path);
    if (!file) return file.error();
    return std::unique_ptr<OutputFile>(std::make_unique<Hindered>(std::move(*file), make(path)));
  };
}

class DiskTrouble : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
};

TEST_F(DiskTrouble, LosesOnlyTheFramesThatItReportsAndStaysAligned) {
  Gate gate;
  Recorder recorder({.queue = Milliseconds{1000.0}, .openFile = hindering([&](const fs::path&) {
                                                      return [&](std::int64_t, std::size_t) {
                                                        return gate.pass(), Result<void>();
                                                      };
                                                    })});
  TakeDescription description = threeStreams(folder_.path());
  description.streams[1].latencyFrames = 480;
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.runWithRoom(20000);
  for (int stall = 0; stall < 3; ++stall) {
    gate.shut();
    audio.run(48000 * 4);  // comes back, although the disk stands still and the queues hold a second
    gate.open();
    audio.runWithRoom(30000);
  }
  recorder.stop();
  audio.runWithRoom(1000);
  const auto take = recorder.finish();
  ASSERT_TRUE(take) << take.error().message;
  EXPECT_EQ(take->manifest.frames, 20000 + 3 * (4 * 48000 + 30000));
  testing::expectTakeIsRight(*take);
  ASSERT_EQ(take->faults.size(), 1u);
  EXPECT_EQ(take->faults[0].kind, "diskTooSlow");
  EXPECT_EQ(take->faults[0].count, take->manifest.missingFrames(MissingReason::disk));
  for (const StreamManifest& stream : take->manifest.streams) {
    EXPECT_GT(stream.missingFrames, 3 * 2 * 48000);
    EXPECT_LT(stream.missingFrames, 3 * 4 * 48000);
    EXPECT_LE(stream.missing.size(), 6u) << missingOf(stream);
    for (const MissingRange& range : stream.missing) EXPECT_EQ(range.reason, MissingReason::disk);
  }
  const auto check = verifyTake(take->folder);
  ASSERT_TRUE(check);
  EXPECT_THAT(check->problems, ElementsAre());
}

TEST_F(DiskTrouble, ReportsTheLossWhileItHappens) {
  Gate gate;
  Recorder recorder({.queue = Milliseconds{1000.0}, .openFile = hindering([&](const fs::path&) {
                                                      return [&](std::int64_t, std::size_t) {
                                                        return gate.pass(), Result<void>();
                                                      };
                                                    })});
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  gate.shut();
  audio.run(48000 * 2);
  gate.open();
  audio.runWithRoom(1000);
  const RecorderStatus status = recorder.status();
  ASSERT_EQ(status.faults.size(), 1u);
  EXPECT_THAT(status.faults[0].message, HasSubstr("frames are missing from the take"));
  EXPECT_EQ(status.state, RecorderState::recording);
  ASSERT_TRUE(recorder.finish(Milliseconds{0.0}));
}

TEST_F(DiskTrouble, ClosesTheTakeWithWhatThereIsWhereTheDiskIsFull) {
  // The second file's writes beyond 100,000 bytes go to /dev/full, which fails them as a full disk does.
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full < 0) GTEST_SKIP() << "there is no /dev/full here";
  Recorder recorder({.openFile = hindering([&](const fs::path& path) {
                       return [&, path, isSecond = path.filename().string().starts_with("02")](
                                  std::int64_t offset, std::size_t bytes) -> Result<void> {
                         if (!isSecond || offset + static_cast<std::int64_t>(bytes) <= 100000) return {};
                         EXPECT_LT(::write(full, "x", 1), 0);
                         return formats::systemError(path, errno);
                       };
                     })});
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  while (recorder.status().state != RecorderState::closed) audio.runWithRoom(2000);
  audio.run(48000 * 10);  // the sound goes on, and nothing more is kept
  const auto take = recorder.finish();
  ::close(full);
  ASSERT_TRUE(take);
  ASSERT_EQ(take->faults.size(), 1u);
  EXPECT_EQ(take->faults[0].kind, "diskError");
  EXPECT_THAT(take->faults[0].message,
              HasSubstr("02-Guitar-wet.wav\" cannot be written, because the disk is full"));
  EXPECT_THAT(take->manifest.endedBy, HasSubstr("the disk is full"));
  EXPECT_GT(take->manifest.frames, 0);
  EXPECT_GT(take->manifest.streams[1].missingFrames, 0);
  testing::expectTakeIsRight(*take);
  EXPECT_THAT(verifyTake(take->folder)->problems, ElementsAre());
}

TEST_F(DiskTrouble, ClosesTheTakeOnADiskThatReallyIsFull) {
  const bool mounted = testing::runOnTinyDisk(folder_.path(), 3000, [&] {
    Recorder recorder;
    const TakeDescription description = threeStreams(folder_ / "takes");
    AudioThread audio(recorder, description);
    ASSERT_TRUE(recorder.start(description));
    while (recorder.status().state != RecorderState::closed) audio.runWithRoom(2000);
    audio.run(10000);
    const auto take = recorder.finish();
    ASSERT_TRUE(take);
    EXPECT_THAT(take->manifest.endedBy, HasSubstr("the disk is full"));
    EXPECT_GT(take->manifest.frames, 100000) << "3 MB hold 150,000 frames of 20 bytes";
    const auto check = verifyTake(take->folder);
    ASSERT_TRUE(check) << check.error().message;
    EXPECT_THAT(check->problems, ElementsAre());
    testing::expectTakeIsRight(*take);
  });
  if (!mounted) GTEST_SKIP() << "no file system can be mounted here";
}

TEST_F(DiskTrouble, LeavesNothingOnADiskThatIsFullFromTheStart) {
  const bool mounted = testing::runOnTinyDisk(folder_.path(), 100, [&] {
    Recorder recorder;
    const auto started = recorder.start(threeStreams(folder_ / "takes"));
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().kind, ErrorKind::file);
    EXPECT_THAT(started.error().message, HasSubstr("the disk is full"));
    EXPECT_EQ(testing::entriesIn(folder_.path()), 0);
  });
  if (!mounted) GTEST_SKIP() << "no file system can be mounted here";
}

TEST_F(DiskTrouble, WarnsBeforeTheDiskIsFull) {
  std::atomic<std::int64_t> seconds = 400;
  // 20 bytes a frame at 48 kHz.
  Recorder recorder({.freeBytes = [&](const fs::path&) { return seconds.load() * 20 * 48000; }});
  const TakeDescription description = threeStreams(folder_.path());
  AudioThread audio(recorder, description);
  ASSERT_TRUE(recorder.start(description));
  audio.runWithRoom(48000);
  EXPECT_TRUE(recorder.status().faults.empty()) << "five minutes is the limit";
  seconds = 100;
  while (recorder.status().faults.empty()) audio.runWithRoom(4800);
  EXPECT_EQ(recorder.status().faults[0].kind, "diskNearlyFull");
  EXPECT_THAT(recorder.status().faults[0].message, HasSubstr("Less than 300 s of this take fit"));
  const auto take = recorder.finish(Milliseconds{0.0});
  ASSERT_TRUE(take);
  EXPECT_EQ(take->manifest.missingFrames(), 0);
}

}  // namespace
}  // namespace gainstage::recorder
