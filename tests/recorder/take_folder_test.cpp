#include "recorder/take_folder.h"

#include <fstream>
#include <gtest/gtest.h>

#include "support/files.h"

namespace gainstage::recorder {
namespace {

TEST(SafeFileName, KeepsWordsOfAnyLanguageAndNothingThatAFileSystemRefuses) {
  EXPECT_EQ(safeFileName("Guitar"), "Guitar");
  EXPECT_EQ(safeFileName("Lead Vocal 2"), "Lead-Vocal-2");
  EXPECT_EQ(safeFileName("Gitarre Übung 日本"), "Gitarre-Übung-日本");
  EXPECT_EQ(safeFileName("../../etc/passwd"), "..-..-etc-passwd");
  EXPECT_EQ(safeFileName("a/b\\c:d*e?f\"g<h>i|j"), "a-b-c-d-e-f-g-h-i-j");
  EXPECT_EQ(safeFileName("  --a--  "), "a");
  EXPECT_EQ(safeFileName("dots..."), "dots");
  EXPECT_EQ(safeFileName("a\nb\x7f"
                         "c\x01"
                         "d"),
            "a-b-c-d");
  EXPECT_EQ(safeFileName(std::string_view("a\0b", 3)), "a-b");
  EXPECT_EQ(safeFileName("/"), "");
  EXPECT_EQ(safeFileName(""), "");
}

TEST(SafeFileName, GivesValidUtf8WhateverComesIn) {
  EXPECT_EQ(safeFileName("a\xff\xfe"
                         "b"),
            "a-b");
  EXPECT_EQ(safeFileName("a\xc0\xaf"
                         "b"),
            "a-b")
      << "an overlong slash";
  EXPECT_EQ(safeFileName("a\xed\xa0\x80"
                         "b"),
            "a-b")
      << "half of a surrogate pair";
  EXPECT_EQ(safeFileName("a\xc2\x85"
                         "b"),
            "a-b")
      << "a control character";
  EXPECT_EQ(safeFileName("a\xe2\x82"), "a") << "cut off";
  std::string many;
  for (int i = 0; i < 100; ++i) many += "é";
  EXPECT_EQ(safeFileName(many).size(), 80u);
  EXPECT_EQ(safeFileName("x" + many).size(), 79u) << "never half a character";
}

TEST(TakeFolder, GoesAgainWithTheFoldersMadeForItUnlessItIsKept) {
  const testing::TemporaryFolder folder;
  {
    const auto made = TakeFolder::create(folder / "a" / "b", "take");
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->path(), folder / "a" / "b" / "take");
    testing::writeFile(made->path() / "file", "x");
  }
  EXPECT_EQ(testing::entriesIn(folder.path()), 0);
  {
    auto made = TakeFolder::create(folder / "a", "take");
    ASSERT_TRUE(made);
    made->keep();
  }
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a" / "take"));
  {
    const auto made = TakeFolder::create(folder / "a", "take");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->path(), folder / "a" / "take-2");
  }
  EXPECT_EQ(testing::entriesIn(folder / "a"), 1) << "what stood there before stays";
}

}  // namespace
}  // namespace gainstage::recorder
