#include "console/session_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/journal.h"
#include "console/path.h"
#include "session_documents.h"
#include "support/files.h"

namespace gainstage::console {
namespace {

using gainstage::testing::writeFile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// FIPS 180-4's own example.
constexpr const char* kHashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class SessionFiles : public ::testing::Test {
 protected:
  SessionFiles() {
    std::filesystem::create_directories(folder / "cabs");
    writeFile(cab, "abc");
  }
  Session loaded() const { return *loadSession(file, testing::blocks()); }

  const gainstage::testing::TemporaryFolder temporary;
  const std::filesystem::path folder = temporary.path(), cab = folder / "cabs" / "4x12.wav",
                              file = folder / "song.json";
  const Session session = *parseSession(testing::handWrittenSession(), "test", testing::blocks());
};

TEST_F(SessionFiles, AreSavedWithTheHashOfWhatTheyHold) {
  ASSERT_TRUE(saveSession(file, session).ok());
  EXPECT_EQ(loaded().strips[0].rig.blocks[1].files[0], "cabs/4x12.wav");
  EXPECT_EQ(loaded().strips[0].rig.blocks[1].fileHashes[0], kHashOfAbc);
}

TEST_F(SessionFiles, OfCorrectionsHaveHashesTooAndAreNamedWhenTheyWereExchanged) {
  Session corrected = session;
  ASSERT_TRUE(setText(corrected, *resolve(corrected, "outputs/phones1/correctionFile"), "eq.txt").ok());
  writeFile(folder / "eq.txt", "abc");
  ASSERT_TRUE(saveSession(file, corrected).ok());
  EXPECT_EQ(loaded().outputs[0].correctionFileHash, kHashOfAbc);
  EXPECT_THAT(changedFiles(loaded(), folder), IsEmpty());
  writeFile(folder / "eq.txt", "abd");
  EXPECT_THAT(
      changedFiles(loaded(), folder),
      ElementsAre("\"eq.txt\" of the correction of output phones1 is not the file that the session was "
                  "saved with: check that it is the one you want"));
}

TEST_F(SessionFiles, AreNamedWhenTheyWereExchangedButNotWhenTheyAreMissing) {
  ASSERT_TRUE(saveSession(file, session).ok());
  EXPECT_THAT(changedFiles(loaded(), folder), IsEmpty());
  writeFile(cab, "abd");
  EXPECT_THAT(
      changedFiles(loaded(), folder),
      ElementsAre(
          "\"cabs/4x12.wav\" of block cab in strip gtr is not the file that the session was saved with: "
          "check that it is the one you want"));
  // Whoever saves the session does not thereby agree; whoever sets the file again does.
  ASSERT_TRUE(saveSession(file, loaded()).ok());
  EXPECT_EQ(changedFiles(loaded(), folder).size(), 1u);
  Session agreed = loaded();
  ASSERT_TRUE(setText(agreed, *resolve(agreed, "strips/gtr/rig/cab/irFile"), "cabs/4x12.wav").ok());
  ASSERT_TRUE(saveSession(file, agreed).ok());
  EXPECT_THAT(changedFiles(loaded(), folder), IsEmpty());
  std::filesystem::remove(cab);
  EXPECT_THAT(changedFiles(loaded(), folder), IsEmpty());
}

TEST_F(SessionFiles, MayGetTheirHashesWithoutTheJournalLosingItsPlace) {
  const auto history = folder / "song.json.journal";
  Session working = session;
  {
    auto journal = *Journal::open(history, working, testing::blocks());
    const Session before = working;
    set(working, *resolve(working, "strips/gtr/trimDb"), 1.0f);
    journal.recordValue("strips/gtr/trimDb", before, working, {});
    journal.aboutToSave(working);
    ASSERT_TRUE(saveSession(file, working).ok());
    journal.saved(working);
  }
  Session again = loaded();
  EXPECT_NE(again, working);
  auto journal = *Journal::open(history, again, testing::blocks());
  EXPECT_EQ(journal.recoveredSteps(), 0);
  ASSERT_TRUE(journal.undo(again).ok());
  EXPECT_EQ(get(again, *resolve(again, "strips/gtr/trimDb")), 6.0f);
}

}  // namespace
}  // namespace gainstage::console
