#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "console/journal.h"
#include "console/path.h"
#include "session_documents.h"
#include "support/files.h"
#include "support/tiny_disk.h"

namespace gainstage::console {
namespace {

using namespace std::chrono_literals;

constexpr Journal::TimePoint kStart{};

class JournalCrash : public ::testing::Test {
 protected:
  std::string content() const {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void setContent(std::string_view text) const { std::ofstream(file, std::ios::binary) << text; }

  /// A journal over `session`, which gets what the file holds beyond it.
  Journal opened(Session& session) const {
    auto journal = Journal::open(file, session, testing::blocks());
    if (!journal) throw std::runtime_error(journal.error().message);
    return std::move(*journal);
  }
  static void set(Journal& journal, Session& session, std::string_view path, float value,
                  Journal::TimePoint now) {
    const Session before = session;
    console::set(session, *resolve(session, path), value);
    journal.recordValue(path, before, session, now);
  }

  const gainstage::testing::TemporaryFolder temporary;
  const std::filesystem::path folder = temporary.path(), file = folder / "song.json.journal";
  const Session saved = *parseSession(testing::handWrittenSession(), "test", testing::blocks());
};

TEST_F(JournalCrash, LosesNothingThatWasRecordedAndKeepsUndo) {
  Session session = saved;
  {
    Journal journal = opened(session);
    set(journal, session, "strips/gtr/trimDb", 3.0f, kStart);
    set(journal, session, "strips/vox/mute", 1.0f, kStart);
    set(journal, session, "strips/vox/solo", 1.0f, kStart);
    (void)journal.undo(session);
    // Neither saved nor closed: what follows sees what a killed process leaves.
    std::filesystem::copy_file(file, folder / "left");
  }
  std::filesystem::rename(folder / "left", file);
  for (int crashes = 0; crashes < 3; ++crashes) {
    Session again = saved;
    Journal journal = opened(again);
    EXPECT_EQ(journal.recoveredSteps(), 4);
    EXPECT_EQ(again, session);
    ASSERT_NE(journal.nextRedo(), nullptr);
    EXPECT_EQ(journal.nextRedo()->what, "strips/vox/solo");
    ASSERT_NE(journal.nextUndo(), nullptr);
    EXPECT_EQ(journal.nextUndo()->what, "strips/vox/mute");
  }
  Session again = saved;
  Journal journal = opened(again);
  EXPECT_TRUE(journal.undo(again).ok());
  EXPECT_TRUE(journal.undo(again).ok());
  EXPECT_EQ(again, saved);
}

TEST_F(JournalCrash, DropsATornLineWhereverItIsTorn) {
  Session session = saved;
  std::vector<Session> states{session};
  {
    Journal journal = opened(session);
    int i = 0;
    for (const char* path :
         {"strips/gtr/trimDb", "outputs/phones2/mix/gtr.wet/levelDb", "strips/vox/faderDb"}) {
      set(journal, session, path, static_cast<float>(--i), kStart);
      states.push_back(session);
    }
  }
  const std::string whole = content();
  const auto lastLine = whole.rfind('\n', whole.size() - 2);
  // Every byte of the last line, and every 23rd before it.
  for (std::size_t length = 0; length <= whole.size(); length += length >= lastLine ? 1 : 23) {
    setContent(whole.substr(0, length));
    Session again = saved;
    Journal journal = opened(again);
    // A header and the mark of what is saved come before the first gesture.
    const auto lines = std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length), '\n');
    EXPECT_EQ(again, states[static_cast<std::size_t>(std::max<std::ptrdiff_t>(lines - 2, 0))]) << length;
    // What is recorded now must not be joined to what was torn.
    set(journal, again, "strips/vox/mute", 1.0f, kStart);
    Session third = saved;
    journal = Journal(testing::blocks());
    EXPECT_NE(opened(third).nextUndo(), nullptr) << length;
    EXPECT_EQ(third, again) << length;
  }
}

TEST_F(JournalCrash, TellsWhatTheFileHoldsFromWhatItLacks) {
  Session session = saved;
  Session onDisk = saved;
  {
    Journal journal = opened(session);
    set(journal, session, "strips/gtr/trimDb", 1.0f, kStart);
    journal.aboutToSave(session);
    onDisk = session;
    journal.saved(session);
    set(journal, session, "strips/gtr/trimDb", 2.0f, kStart + 500ms);  // the same drag goes on after the save
    set(journal, session, "strips/vox/mute", 1.0f, kStart + 600ms);
    journal.aboutToSave(session);  // and here it dies: the file was not written
  }
  Session again = onDisk;
  Journal journal = opened(again);
  EXPECT_EQ(again, session);
  EXPECT_TRUE(journal.undo(again).ok());
  EXPECT_TRUE(journal.undo(again).ok());
  EXPECT_EQ(again, saved);
}

TEST_F(JournalCrash, RecoversNothingIntoASessionThatWasChangedByOtherMeans) {
  Session session = saved;
  {
    Journal journal = opened(session);
    set(journal, session, "strips/gtr/trimDb", 1.0f, kStart);
  }
  Session edited = saved;
  edited.strips[0].values[1] = 1.0f;
  const Session before = edited;
  Journal journal = opened(edited);
  EXPECT_EQ(edited, before);
  EXPECT_EQ(journal.recoveredSteps(), 0);
  EXPECT_EQ(journal.nextUndo(), nullptr);
}

TEST_F(JournalCrash, TakesAnythingForAJournalWithoutHarm) {
  Session session = saved;
  {
    Journal journal = opened(session);
    set(journal, session, "strips/gtr/trimDb", 1.0f, kStart);
    set(journal, session, "strips/vox/mute", 1.0f, kStart);
    (void)journal.undo(session);
  }
  const std::string whole = content();
  std::mt19937 random(3);
  for (int run = 0; run < 30; ++run) {
    std::string text = whole;
    for (int flips = 0; flips < 3; ++flips) text[random() % text.size()] = static_cast<char>(random());
    setContent(text);
    Session again = saved;
    Journal journal = opened(again);
    EXPECT_TRUE(parseSession(sessionText(again), "again", testing::blocks()).ok());
    while (journal.nextUndo())
      if (!journal.undo(again)) break;
  }
  for (const char* text :
       {"", "\n", "{}\n", "[]\n", "{\"gainstage\":\"journal\",\"version\":2}\n", "hello"}) {
    setContent(text);
    Session again = saved;
    EXPECT_EQ(opened(again).nextUndo(), nullptr);
    EXPECT_EQ(again, saved);
  }
}

TEST_F(JournalCrash, IsUsedByOneAtATime) {
  Session session = saved, other = saved;
  Journal journal = opened(session);
  EXPECT_FALSE(std::filesystem::exists(file));
  set(journal, session, "strips/gtr/trimDb", 1.0f, kStart);
  const auto second = Journal::open(file, other, testing::blocks());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::file);
  EXPECT_NE(second.error().message.find("in use by another Gainstage"), std::string::npos);
}

TEST_F(JournalCrash, KeepsTheFileSmallThroughALongSession) {
  Session session = saved;
  Journal journal = opened(session);
  std::uintmax_t largest = 0;
  for (int i = 0; i < 4000; ++i) {
    set(journal, session, i % 2 ? "strips/gtr/trimDb" : "strips/vox/trimDb",
        0.01f * static_cast<float>(i + 1), kStart + i * 2s);
    if (i % 200 == 0) {
      journal.aboutToSave(session);
      journal.saved(session);
    }
    largest = std::max(largest, std::filesystem::file_size(file));
  }
  EXPECT_FALSE(journal.fileProblem().has_value());
  EXPECT_LT(largest, 600u << 10);
  EXPECT_LT(std::filesystem::file_size(file), largest);
}

TEST_F(JournalCrash, GoesOnWithoutItsFileWhenTheDiskIsFull) {
  const auto disk = temporary.path() / "disk";
  std::filesystem::create_directories(disk);
  const bool ran = gainstage::testing::runOnTinyDisk(disk, 64, [&] {
    const auto onDisk = disk / "song.json.journal";
    Session session = saved;
    auto journal = *Journal::open(onDisk, session, testing::blocks());
    set(journal, session, "strips/gtr/trimDb", 1.0f, kStart);
    ASSERT_TRUE(std::filesystem::exists(onDisk));
    std::ofstream(disk / "ballast") << std::string(128 << 10, 'x');
    for (int i = 1; i <= 200; ++i)
      set(journal, session, "strips/vox/trimDb", static_cast<float>(i % 40), kStart + i * 2s);
    ASSERT_TRUE(journal.fileProblem().has_value());
    EXPECT_NE(journal.fileProblem()->message.find("the disk is full"), std::string::npos);
    // What it lacks would be missing from the session that it recovers.
    EXPECT_FALSE(std::filesystem::exists(onDisk));
    for (int i = 0; i <= 200; ++i) ASSERT_TRUE(journal.undo(session).ok());
    EXPECT_EQ(session, saved);
  });
  if (!ran) GTEST_SKIP() << "this system lets nobody mount a disk for a test";
}

TEST_F(JournalCrash, SurvivesAKillAtAnyMoment) {
  for (int run = 0; run < 5; ++run) {
    std::filesystem::remove(file);
    int pipes[2];
    ASSERT_EQ(::pipe(pipes), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Session session = saved;
      Journal journal = opened(session);
      // No more than the history keeps, however late the parent gets to run.
      for (int i = 1; i < 900; ++i) {
        set(journal, session, i % 2 ? "strips/gtr/trimDb" : "strips/vox/trimDb",
            static_cast<float>(i) / 1024.0f, kStart + i * 2s);
        if (::write(pipes[1], "x", 1) != 1) ::_exit(1);
      }
      while (true) ::pause();
    }
    ::close(pipes[1]);
    int done = 0;
    for (char mark; done < 40 + 13 * run && ::read(pipes[0], &mark, 1) == 1;) ++done;
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ::close(pipes[0]);
    Session session = saved;
    Journal journal = opened(session);
    EXPECT_GE(journal.recoveredSteps(), done);
    const float guitar = get(session, *resolve(session, "strips/gtr/trimDb"));
    const float voice = get(session, *resolve(session, "strips/vox/trimDb"));
    EXPECT_EQ(static_cast<int>(std::max(guitar, voice) * 1024.0f), journal.recoveredSteps());
    while (journal.nextUndo()) ASSERT_TRUE(journal.undo(session).ok());
    EXPECT_EQ(session, saved);
  }
}

}  // namespace
}  // namespace gainstage::console
