#include "formats/text_file.h"

#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/files.h"
#include "support/tiny_disk.h"

namespace gainstage::formats {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class WriteFileAtomically : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
};

TEST_F(WriteFileAtomically, CreatesAndReplacesAndLeavesNothingBeside) {
  const fs::path path = folder_ / "s.json";
  ASSERT_TRUE(writeFileAtomically(path, "one"));
  EXPECT_EQ(testing::readFile(path), "one");
  ASSERT_TRUE(writeFileAtomically(path, ""));
  EXPECT_EQ(testing::readFile(path), "");
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
}

TEST_F(WriteFileAtomically, KeepsPermissionsAndGivesNewFilesTheUsers) {
  const mode_t mask = ::umask(027);
  ASSERT_TRUE(writeFileAtomically(folder_ / "new", "x"));
  ::umask(mask);
  EXPECT_EQ(fs::status(folder_ / "new").permissions(), fs::perms(0640));
  fs::permissions(folder_ / "new", fs::perms(0604));
  ASSERT_TRUE(writeFileAtomically(folder_ / "new", "y"));
  EXPECT_EQ(fs::status(folder_ / "new").permissions(), fs::perms(0604));
}

TEST_F(WriteFileAtomically, FollowsASymbolicLinkToTheFileItNames) {
  fs::create_directory(folder_ / "elsewhere");
  const fs::path target = testing::writeFile(folder_ / "elsewhere" / "real.json", "old");
  fs::create_symlink("elsewhere/real.json", folder_ / "link.json");
  ASSERT_TRUE(writeFileAtomically(folder_ / "link.json", "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.json"));
  EXPECT_EQ(testing::readFile(target), "new");
}

TEST_F(WriteFileAtomically, TakesNamesAsLongAsTheFileSystemDoes) {
  ASSERT_TRUE(writeFileAtomically(folder_ / std::string(255, 'n'), "x"));
  EXPECT_FALSE(writeFileAtomically(folder_ / std::string(256, 'n'), "x"));
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
}

TEST_F(WriteFileAtomically, FailsWithOneSentenceAndLeavesNothing) {
  const auto problemOf = [](const fs::path& path) {
    const auto written = writeFileAtomically(path, "x");
    EXPECT_FALSE(written);
    if (written) return std::string("written");
    EXPECT_EQ(written.error().kind, ErrorKind::file);
    return written.error().message;
  };
  testing::writeFile(folder_ / "file", "x");
  EXPECT_THAT(problemOf(folder_ / "none" / "a"), HasSubstr("its folder does not exist"));
  EXPECT_THAT(problemOf(folder_ / "file" / "a"), HasSubstr("a part of its path is not a folder"));
  EXPECT_THAT(problemOf(folder_.path()), HasSubstr("is a folder"));
  EXPECT_THAT(problemOf(folder_.path() / ""), HasSubstr("is a folder"));
  EXPECT_THAT(problemOf("/proc/gainstage"), HasSubstr("/proc/gainstage"));
  EXPECT_THAT(problemOf("/dev/null"), HasSubstr("is not a regular file"));
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
}

TEST_F(WriteFileAtomically, KeepsTheOldFileWhereTheDiskIsFull) {
  const bool mounted = testing::runOnTinyDisk(folder_.path(), 64, [&] {
    ASSERT_TRUE(writeFileAtomically(folder_ / "s.json", "old"));
    const auto written = writeFileAtomically(folder_ / "s.json", std::string(200000, 'x'));
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("the disk is full"));
    EXPECT_EQ(testing::readFile(folder_ / "s.json"), "old");
    EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
  });
  if (!mounted) GTEST_SKIP() << "no file system can be mounted here";
}

TEST_F(WriteFileAtomically, IsWholeAtEveryMomentAndAfterAKill) {
  const fs::path path = folder_ / "s.json";
  const std::string a(200000, 'a'), b(100000, 'b');
  ASSERT_TRUE(writeFileAtomically(path, a));
  const pid_t writer = ::fork();
  if (writer == 0)
    for (;;)
      if (!writeFileAtomically(path, b) || !writeFileAtomically(path, a)) ::_exit(1);
  for (int i = 0; i < 100; ++i) {
    const std::string found = testing::readFile(path);
    ASSERT_TRUE(found == a || found == b) << found.size();
  }
  EXPECT_EQ(::waitpid(writer, nullptr, WNOHANG), 0) << "the writer failed";
  ::kill(writer, SIGKILL);
  ::waitpid(writer, nullptr, 0);
  const std::string found = testing::readFile(path);
  EXPECT_TRUE(found == a || found == b) << found.size();
}

TEST(ReadTextFile, GivesEveryByteAndRefusesTooMany) {
  const testing::TemporaryFolder folder;
  const std::string text("a\0b\r\n\xff", 6);
  const auto back = readTextFile(testing::writeFile(folder / "t", text), 6);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, text);
  EXPECT_THAT(readTextFile(folder / "t", 5).error().message,
              HasSubstr("holds 6 bytes and at most 5 are read"));
}

}  // namespace
}  // namespace gainstage::formats
