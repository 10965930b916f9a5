#include "recorder/takes.h"

#include <atomic>
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/audio_file.h"
#include "recorder/take_support.h"

namespace gainstage::recorder {
namespace {

using testing::AudioThread;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::missingOf;
using ::testing::Not;
using testing::threeStreams;
namespace fs = std::filesystem;

class Takes : public ::testing::Test {
 protected:
  /// A take of 20,000 frames, closed.
  FinishedTake record(formats::SampleFormat format = formats::SampleFormat::float32) {
    Recorder recorder;
    TakeDescription description = threeStreams(folder_.path());
    description.sampleFormat = format;
    AudioThread audio(recorder, description);
    EXPECT_TRUE(recorder.start(description));
    audio.run(20000);
    return *recorder.finish(Milliseconds{0.0});
  }
  fs::path fileOf(const FinishedTake& take, std::size_t stream) {
    return take.folder / take.manifest.streams[stream].file;
  }
  std::vector<std::string> problemsOf(const fs::path& folder) {
    const auto check = verifyTake(folder);
    return check ? check->problems : std::vector{check.error().message};
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Takes, AreListedByNameWithTheirCondition) {
  const FinishedTake first = record();
  const FinishedTake second = record();
  fs::create_directory(folder_ / "0-no-take");
  fs::create_directory(folder_ / "9-broken");
  testing::writeFile(folder_ / "9-broken" / "take.json", "{");
  testing::writeFile(folder_ / "file", "x");
  const auto takes = listTakes(folder_.path());
  ASSERT_TRUE(takes) << takes.error().message;
  ASSERT_EQ(takes->size(), 3u);
  EXPECT_EQ((*takes)[0].folder, first.folder);
  EXPECT_EQ((*takes)[0].condition, TakeCondition::complete);
  EXPECT_EQ((*takes)[0].manifest.frames, 20000);
  EXPECT_EQ((*takes)[1].folder, second.folder);
  EXPECT_EQ((*takes)[2].condition, TakeCondition::unreadable);
  EXPECT_THAT((*takes)[2].problem, HasSubstr("line 1, column 1"));
  ASSERT_EQ(listTakes(first.folder)->size(), 1u) << "the take itself";
  EXPECT_EQ(listTakes(folder_ / "none").error().kind, ErrorKind::file);
  EXPECT_EQ(listTakes(folder_ / "file").error().kind, ErrorKind::file);
}

TEST_F(Takes, ThatAreBeingRecordedAreLeftAlone) {
  Recorder recorder;
  const auto folder = recorder.start(threeStreams(folder_.path()));
  ASSERT_TRUE(folder);
  EXPECT_EQ((*listTakes(folder_.path()))[0].condition, TakeCondition::beingRecorded);
  const auto repair = repairTake(*folder);
  ASSERT_FALSE(repair);
  EXPECT_EQ(repair.error().kind, ErrorKind::file);
  EXPECT_THAT(repair.error().message, HasSubstr("is being recorded: stop that first"));
}

TEST_F(Takes, VerifyWhereNothingHasChanged) {
  for (const auto format : {formats::SampleFormat::float32, formats::SampleFormat::pcm24}) {
    const FinishedTake take = record(format);
    EXPECT_THAT(problemsOf(take.folder), IsEmpty());
    const auto repair = repairTake(take.folder);
    ASSERT_TRUE(repair);
    EXPECT_THAT(repair->done, IsEmpty());
    EXPECT_THAT(repair->lost, IsEmpty());
    EXPECT_FALSE(readManifest(take.folder)->repaired);
  }
}

TEST_F(Takes, ShowEveryKindOfDamage) {
  const FinishedTake take = record();
  const fs::path path = fileOf(take, 1);
  const std::string whole = testing::readFile(path);
  const auto problemWith = [&](std::string bytes) {
    testing::writeFile(path, bytes);
    const auto problems = problemsOf(take.folder);
    return problems.size() == 1 ? problems[0] : std::to_string(problems.size()) + " problems";
  };
  std::string bytes = whole;
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_THAT(problemWith(bytes), HasSubstr("its audio has changed"));
  EXPECT_THAT(problemWith(whole.substr(0, whole.size() - 800)), HasSubstr("has a header that does not fit"));
  EXPECT_THAT(problemWith(whole.substr(0, 20)), HasSubstr("has a header that does not fit its 0 frames"));
  EXPECT_THAT(problemWith(std::string(whole.size(), '\0')), HasSubstr("has a header that does not fit"));
  EXPECT_THAT(problemWith(whole + std::string(16, '\0')), HasSubstr("has a header that does not fit"));
  bytes = whole;
  bytes[58] = 3;  // channels
  EXPECT_THAT(problemWith(bytes), HasSubstr("is not the file that was recorded"));
  EXPECT_THAT(problemWith("some text that somebody put there, longer than a header is, and then a bit longer "
                          "still, to be sure"),
              HasSubstr("is not the file that was recorded"));
  fs::remove(path);
  EXPECT_THAT(problemsOf(take.folder), ElementsAre(HasSubstr("does not exist")));
  fs::create_directory(path);
  EXPECT_THAT(problemsOf(take.folder), ElementsAre(HasSubstr("header")));
  fs::remove(path);
  testing::writeFile(path, whole);
  EXPECT_THAT(problemsOf(take.folder), IsEmpty());
}

TEST_F(Takes, AreRepairedFromTheLengthOfTheirFiles) {
  for (const auto format : {formats::SampleFormat::float32, formats::SampleFormat::pcm24}) {
    const FinishedTake take = record(format);
    // As a crash leaves it: no sizes yet in one header, the last frame of another cut, a third never written
    // to.
    TakeManifest manifest = take.manifest;
    manifest.state = TakeState::recording;
    manifest.frames = 0;
    for (StreamManifest& stream : manifest.streams) {
      stream.frames = 0;
      stream.sha256.clear();
      stream.peakDb.reset();
    }
    ASSERT_TRUE(writeManifest(take.folder, manifest));
    const formats::WavFormat mono{.channels = 1, .sampleFormat = format},
        pair{.channels = 2, .sampleFormat = format};
    std::string first = testing::readFile(fileOf(take, 0)), second = testing::readFile(fileOf(take, 1));
    const auto blank = formats::wavHeader(mono, 0);
    std::memcpy(first.data(), blank.data(), blank.size());
    const std::size_t cut =
        formats::wavHeader(pair, 0).size() + 15000u * static_cast<unsigned>(pair.frameBytes());
    testing::writeFile(fileOf(take, 0), first);
    testing::writeFile(fileOf(take, 1), second.substr(0, cut + 5));
    testing::writeFile(fileOf(take, 2), "");

    EXPECT_EQ(listTakes(take.folder)->front().condition, TakeCondition::interrupted);
    const auto repair = repairTake(take.folder);
    ASSERT_TRUE(repair) << repair.error().message;
    EXPECT_THAT(repair->lost, IsEmpty());
    EXPECT_EQ(repair->done.size(), 4u) << "three files and the take";
    EXPECT_EQ(repair->manifest.frames, 20000);
    EXPECT_TRUE(repair->manifest.repaired);
    EXPECT_EQ(missingOf(repair->manifest.streams[0]), "");
    EXPECT_EQ(missingOf(repair->manifest.streams[1]), "15000+5000 crash");
    EXPECT_EQ(missingOf(repair->manifest.streams[2]), "0+20000 crash");
    testing::expectTakeIsRight(take.folder, *readManifest(take.folder));
    EXPECT_THAT(problemsOf(take.folder), IsEmpty());
    EXPECT_NEAR(readManifest(take.folder)->streams[0].peakDb.value_or(-100.0),
                *take.manifest.streams[0].peakDb, 1e-6);
    EXPECT_THAT(repairTake(take.folder)->done, IsEmpty());
  }
}

TEST_F(Takes, RepairDoesNotTouchWhatIsNotTheRecordersAndHidesNoChange) {
  const FinishedTake take = record();
  const std::string foreign(5000, 'x');
  testing::writeFile(fileOf(take, 0), foreign);
  std::string altered = testing::readFile(fileOf(take, 1));
  altered[altered.size() - 100] ^= 0x40;
  testing::writeFile(fileOf(take, 1), altered);
  fs::remove(fileOf(take, 2));
  const auto repair = repairTake(take.folder);
  ASSERT_TRUE(repair);
  EXPECT_THAT(repair->lost,
              ElementsAre(HasSubstr("is not the file that was recorded"), HasSubstr("does not exist")));
  EXPECT_EQ(testing::readFile(fileOf(take, 0)), foreign);
  EXPECT_THAT(problemsOf(take.folder),
              ElementsAre(HasSubstr("not the file"), HasSubstr("its audio has changed"),
                          HasSubstr("does not exist")));
}

TEST_F(Takes, SurviveAKillWithAllButTheLastSecond) {
  struct Shared {
    std::atomic<FrameTime> pushed{0};
  };
  void* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto* const shared = new (memory) Shared;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // A second is what can wait for the disk here, and so all that can be lost.
    Recorder recorder({.queue = Milliseconds{1000.0}});
    TakeDescription description = threeStreams(folder_.path());
    description.streams[1].latencyFrames = 256;
    AudioThread audio(recorder, description);
    if (!recorder.start(description)) ::_exit(1);
    for (;;) {
      audio.runWithRoom(1024);
      shared->pushed = audio.frame();
      if (audio.frame() == 48000 / 1024 * 1024 * 10) (void)!::write(ready[1], "r", 1);
    }
  }
  ::close(ready[1]);
  char byte = 0;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1) << "the child could not start";
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  const FrameTime pushed = shared->pushed;
  ::munmap(memory, sizeof(Shared));

  const auto takes = listTakes(folder_.path());
  ASSERT_TRUE(takes);
  ASSERT_EQ(takes->size(), 1u);
  EXPECT_EQ(takes->front().condition, TakeCondition::interrupted);
  const fs::path folder = takes->front().folder;
  EXPECT_THAT(problemsOf(folder), Not(IsEmpty()));
  for (const StreamManifest& stream : takes->front().manifest.streams) {
    const auto unrepaired = formats::AudioFileReader::open(folder / stream.file);
    EXPECT_TRUE(unrepaired) << "any program can play it: " << unrepaired.error().message;
  }
  const auto repair = repairTake(folder);
  ASSERT_TRUE(repair) << repair.error().message;
  EXPECT_THAT(repair->lost, IsEmpty());
  EXPECT_GE(repair->manifest.frames, pushed - 48000 - 2 * 1024);
  for (const StreamManifest& stream : repair->manifest.streams)
    EXPECT_LE(stream.missingFrames, 48000 + 256) << missingOf(stream);
  EXPECT_THAT(problemsOf(folder), IsEmpty());
  EXPECT_EQ(testing::entriesIn(folder), 5) << "three streams, take.json, session.json";
  testing::expectTakeIsRight(folder, *readManifest(folder));
  EXPECT_THAT(repairTake(folder)->done, IsEmpty());
}

TEST_F(Takes, RefuseManifestsThatAreNotAsTheyShouldBe) {
  const FinishedTake take = record();
  const std::string whole = testing::readFile(take.folder / "take.json");
  const auto problemWith = [&](std::string_view from, std::string_view to) {
    std::string text = whole;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    testing::writeFile(take.folder / "take.json", text);
    const auto read = readManifest(take.folder);
    if (read) return std::string("accepted");
    EXPECT_EQ(read.error().kind, ErrorKind::file);
    EXPECT_EQ(repairTake(take.folder).error().message, read.error().message);
    return read.error().message;
  };
  EXPECT_EQ(problemWith("Guitar", "Bass"), "accepted");
  EXPECT_THAT(problemWith("gainstage-take", "other"), HasSubstr("describes no take"));
  EXPECT_THAT(problemWith("\"version\": 1", "\"version\": 2"), HasSubstr("is of version 2"));
  EXPECT_THAT(problemWith("\"complete\"", "\"done\""),
              HasSubstr("/state should be one of recording, complete"));
  EXPECT_THAT(problemWith("48000.0", "1e9"), HasSubstr("/sampleRate should be a number from 8000 to 384000"));
  EXPECT_THAT(problemWith("\"sampleRate\": 48000.0,", ""),
              HasSubstr("/sampleRate should be a number and is missing"));
  EXPECT_THAT(problemWith("\"frames\": 20000", "\"frames\": -1"),
              HasSubstr("/frames should be a number from 0"));
  EXPECT_THAT(problemWith("\"frames\": 20000", "\"frames\": 0.5"),
              HasSubstr("/frames should be a whole number"));
  EXPECT_THAT(problemWith("\"channels\": 1", "\"channels\": 0"), HasSubstr("/streams/0/channels should be"));
  EXPECT_THAT(problemWith("\"float32\"", "32"), HasSubstr("/streams/0/format should be a text"));
  EXPECT_THAT(problemWith("\"01-", "\"../01-"),
              HasSubstr("/streams/0/file should be the name of a file in the take's"));
  EXPECT_THAT(problemWith("\"01-", "\"/etc/01-"), HasSubstr("/streams/0/file should be"));
  EXPECT_THAT(problemWith("\"missing\": []", "\"missing\": [5]"),
              HasSubstr("/streams/0/missing/0 should be an object"));
  EXPECT_THAT(problemWith("\"streams\": [", "\"other\": ["), HasSubstr("/streams should be a list"));
  EXPECT_THAT(problemWith("{", "["), HasSubstr("this is not JSON"));
  EXPECT_NE(problemWith(whole, "[]"), "accepted");
  EXPECT_NE(problemWith(whole, "17"), "accepted");
}

}  // namespace
}  // namespace gainstage::recorder
