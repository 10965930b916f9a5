#include "console/session_store.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session_documents.h"
#include "support/files.h"
#include "support/tiny_disk.h"

namespace gainstage::console {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr SessionStore::TimePoint kStart{};

class SessionStoreTest : public ::testing::Test {
 protected:
  SessionStoreTest() {
    std::filesystem::create_directories(folder);
    std::ofstream(file) << testing::handWrittenSession();
  }

  SessionStore opened() const {
    auto store = SessionStore::open(file, testing::blocks());
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }
  Session onDisk() const { return *loadSession(file, testing::blocks()); }

  const gainstage::testing::TemporaryFolder temporary;
  const std::filesystem::path folder = temporary.path() / "songs", file = folder / "song.json";
};

TEST_F(SessionStoreTest, SavesASecondAfterTheLastChange) {
  SessionStore store = opened();
  const Session before = onDisk();
  ASSERT_TRUE(store.set("strips/gtr/trimDb", "3", kStart).ok());
  EXPECT_TRUE(store.isDirty());
  EXPECT_FALSE(*store.saveIfDue(kStart + 999ms));
  EXPECT_EQ(onDisk(), before);
  EXPECT_TRUE(*store.saveIfDue(kStart + 1000ms));
  EXPECT_FALSE(store.isDirty());
  EXPECT_EQ(onDisk(), store.session());
  EXPECT_NE(onDisk(), before);
  EXPECT_FALSE(*store.saveIfDue(kStart + 10s));
}

TEST_F(SessionStoreTest, SavesDuringALongDragAtLeastEveryFiveSeconds) {
  SessionStore store = opened();
  int saves = 0;
  for (int i = 1; i <= 200; ++i) {
    const auto now = kStart + i * 100ms;
    store.set(*resolve(store.session(), "strips/gtr/faderDb"), -0.1f * static_cast<float>(i), now);
    if (*store.saveIfDue(now)) ++saves;
  }
  EXPECT_EQ(saves, 3);
  ASSERT_TRUE(store.undo(kStart + 30s).ok());
  EXPECT_EQ(get(store.session(), *resolve(store.session(), "strips/gtr/faderDb")), 0.0f);
}

TEST_F(SessionStoreTest, BringsBackWhatACrashKeptFromBeingSaved) {
  Session last;
  {
    SessionStore store = opened();
    ASSERT_TRUE(store.set("strips/gtr/trimDb", "3", kStart).ok());
    ASSERT_TRUE(store.save(kStart).ok());
    ASSERT_TRUE(store.set("strips/gtr/trimDb", "4", kStart + 10s).ok());
    ASSERT_TRUE(store.set("strips/vox/mute", "on", kStart + 10s).ok());
    last = store.session();
  }
  {
    const SessionStore store = opened();
    EXPECT_EQ(store.session(), last);
    EXPECT_TRUE(store.isDirty());
    EXPECT_THAT(store.notes(), ElementsAre("2 steps that the session had not been saved with are back"));
  }
  SessionStore store = opened();
  EXPECT_EQ(store.session(), last);
  ASSERT_TRUE(store.save(kStart).ok());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(store.undo(kStart).ok());
  EXPECT_EQ(get(store.session(), *resolve(store.session(), "strips/gtr/trimDb")), 6.0f);
  EXPECT_FALSE(store.undo(kStart).ok());
}

TEST_F(SessionStoreTest, TakesNoEditThatCouldNotBeReadBack) {
  SessionStore store = opened();
  const Session before = store.session();
  const auto refused =
      store.edit("copy the guitar", kStart, [](Session& s) { s.strips.push_back(s.strips[0]); });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_THAT(refused.error().message, HasSubstr("cannot copy the guitar: strips[2].id is \"gtr\""));
  EXPECT_EQ(store.session(), before);
  EXPECT_FALSE(store.isDirty());
  EXPECT_TRUE(store.edit("rename", kStart, [](Session& s) { s.strips[0].name = "Lead"; }).ok());
  EXPECT_EQ(store.undo(kStart)->what, "rename");
  EXPECT_EQ(store.session(), before);
}

TEST_F(SessionStoreTest, RefersToFilesByRelativePathAndHashAndTellsWhenOneWasExchanged) {
  std::filesystem::create_directories(folder / "cabs");
  std::ofstream(folder / "cabs" / "small.wav") << "abc";
  {
    SessionStore store = opened();
    ASSERT_TRUE(
        store.set("strips/gtr/rig/cab/irFile", (folder / "cabs" / "small.wav").string(), kStart).ok());
    ASSERT_TRUE(store.save(kStart).ok());
  }
  const rig::BlockState cab = onDisk().strips[0].rig.blocks[1];
  EXPECT_EQ(cab.files[0], "cabs/small.wav");
  // FIPS 180-4's own example.
  EXPECT_EQ(cab.fileHashes[0], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_THAT(opened().notes(), IsEmpty());
  std::ofstream(folder / "cabs" / "small.wav") << "abd";
  EXPECT_THAT(
      opened().notes(),
      ElementsAre(
          "\"cabs/small.wav\" of block cab in strip gtr is not the file that the session was saved with: "
          "check that it is the one you want"));
  std::filesystem::remove(folder / "cabs" / "small.wav");
  EXPECT_THAT(opened().notes(), IsEmpty());
}

TEST_F(SessionStoreTest, GoesOnWhereNothingCanBeWritten) {
  SessionStore store = opened();
  ASSERT_TRUE(store.set("strips/gtr/trimDb", "3", kStart).ok());
  std::filesystem::remove_all(folder);
  std::ofstream(folder) << "a file where the folder was";
  const auto failed = store.saveIfDue(kStart + 1s);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind, ErrorKind::file);
  EXPECT_TRUE(store.isDirty());
  EXPECT_FALSE(*store.saveIfDue(kStart + 5s));  // not tried again at once
  std::filesystem::remove(folder);
  std::filesystem::create_directories(folder);
  EXPECT_TRUE(*store.saveIfDue(kStart + 6s));
  EXPECT_EQ(onDisk(), store.session());
}

TEST_F(SessionStoreTest, GoesOnWithUndoWhenTheDiskIsFullAndLeavesTheSavedSessionWhole) {
  const auto disk = temporary.path() / "disk";
  std::filesystem::create_directories(disk);
  const bool ran = gainstage::testing::runOnTinyDisk(disk, 64, [&] {
    const auto song = disk / "song.json";
    auto store = *SessionStore::create(song, onDisk(), testing::blocks());
    const Session saved = store.session();
    ASSERT_TRUE(store.set("strips/gtr/trimDb", "1", kStart).ok());
    ASSERT_TRUE(std::filesystem::exists(disk / "song.json.journal"));
    std::ofstream(disk / "ballast") << std::string(128 << 10, 'x');
    for (int i = 1; i <= 200; ++i)
      ASSERT_TRUE(store.set("strips/vox/trimDb", std::to_string(i % 40), kStart + i * 2s).ok());
    EXPECT_TRUE(store.journal().fileProblem().has_value());
    EXPECT_FALSE(std::filesystem::exists(disk / "song.json.journal"));
    std::ofstream(disk / "more ballast") << std::string(128 << 10, 'x');  // where the journal was
    const auto failed = store.save(kStart);
    ASSERT_FALSE(failed.ok());
    EXPECT_THAT(failed.error().message, HasSubstr("the disk is full"));
    EXPECT_EQ(*loadSession(song, testing::blocks()), saved);
    for (int i = 0; i <= 200; ++i) ASSERT_TRUE(store.undo(kStart).ok());
    EXPECT_EQ(store.session(), saved);
  });
  if (!ran) GTEST_SKIP() << "this system lets nobody mount a disk for a test";
}

TEST_F(SessionStoreTest, WorksWithoutAFileAndBeginsOne) {
  SessionStore store(testing::randomSession(4), testing::blocks());
  ASSERT_TRUE(store.set("tempo/beatsPerMinute", "77", kStart).ok());
  EXPECT_FALSE(*store.saveIfDue(kStart + 10s));
  ASSERT_TRUE(store.undo(kStart).ok());
  EXPECT_EQ(store.session(), testing::randomSession(4));
  const auto created = SessionStore::create(file, store.session(), testing::blocks());
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(onDisk(), store.session());
}

TEST_F(SessionStoreTest, WorksOnOneSessionTwiceWithUndoForTheFirst) {
  SessionStore first = opened();
  ASSERT_TRUE(first.set("tempo/beatsPerMinute", "76", kStart).ok());
  SessionStore second = opened();
  EXPECT_THAT(first.notes(), IsEmpty());
  ASSERT_EQ(second.notes().size(), 1u);
  EXPECT_THAT(second.notes()[0], HasSubstr("undo will be forgotten with this run"));
  ASSERT_TRUE(second.set("tempo/beatsPerMinute", "77", kStart).ok());
  EXPECT_TRUE(second.undo(kStart).ok());
}

}  // namespace
}  // namespace gainstage::console
