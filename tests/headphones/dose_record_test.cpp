#include "headphones/dose_record.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace gainstage::headphones {
namespace {

using testing::writeFile;

constexpr Day kDay = 20780;  // 2026-11-23
const Dose kDose{.seconds = 600.0, .niosh = 0.25, .who = 0.0625};

TEST(DoseRecord, KeepsDaysApartAndSumsSevenOfThem) {
  DoseRecord record;
  for (Day day = kDay - 9; day <= kDay; ++day) record.add("ann", day, kDose);
  record.add("ann", kDay, kDose);
  record.add("bob", kDay, kDose);
  EXPECT_EQ(record.onDay("ann", kDay).niosh, 0.5);
  EXPECT_EQ(record.inWeek("ann", kDay).who, 8 * 0.0625);
  EXPECT_EQ(record.inWeek("bob", kDay).who, 0.0625);
  EXPECT_EQ(record.inWeek("eve", kDay), Dose{});
  EXPECT_EQ(dateText(kDay), "2026-11-23");
}

TEST(DoseRecord, ComesBackFromItsFileAsItWas) {
  const testing::TemporaryFolder folder;
  DoseRecord record;
  record.add("ann", kDay, kDose);
  record.add("ann", kDay - 1, kDose);
  record.add("bob", kDay - 3, {.seconds = 1.0 / 3.0, .niosh = 1e-5, .who = 1e-7});
  record.add("bob", kDay - 400, kDose);  // long forgotten
  ASSERT_TRUE(record.save(folder / "state/dose.json", kDay).ok());
  const auto back = DoseRecord::load(folder / "state/dose.json");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->onDay("ann", kDay), kDose);
  EXPECT_EQ(back->onDay("bob", kDay - 3), record.onDay("bob", kDay - 3));
  EXPECT_EQ(back->listeners().at("bob").size(), 1u);
  EXPECT_EQ(testing::entriesIn(folder.path() / "state"), 1);
}

TEST(DoseRecord, IsEmptyWithoutAFileAndRefusesWhatIsNone) {
  const testing::TemporaryFolder folder;
  EXPECT_TRUE(DoseRecord::load(folder / "none.json")->isEmpty());
  const std::string head =
      R"({"gainstage": "dose", "version": 1, "listeners": [{"listener": "ann", "days": [)";
  for (const std::string& bad :
       {std::string("not json"), std::string(R"({"gainstage": "session", "version": 1})"),
        head + R"({"date": "2026-13-01", "seconds": 1, "nioshDose": 0, "whoDose": 0}]}]})",
        head + R"({"date": "2026-11-23", "seconds": -1, "nioshDose": 0, "whoDose": 0}]}]})",
        head + R"({"date": "2026-11-23", "seconds": 1, "nioshDose": 1e99, "whoDose": 0}]}]})",
        head + R"({"date": "2026-11-23", "second": 1, "nioshDose": 0, "whoDose": 0}]}]})"}) {
    const auto record = DoseRecord::load(writeFile(folder / "bad.json", bad));
    ASSERT_FALSE(record.ok()) << bad;
    EXPECT_EQ(record.error().kind, ErrorKind::file);
  }
}

}  // namespace
}  // namespace gainstage::headphones
