#include "formats/csv.h"

#include <gtest/gtest.h>

namespace gainstage::formats {
namespace {

std::vector<std::vector<std::string>> fieldsOf(std::string_view text) {
  const auto rows = parseCsv(text, "table.csv");
  EXPECT_TRUE(rows.ok()) << rows.error().message;
  std::vector<std::vector<std::string>> fields;
  if (rows)
    for (const CsvRow& row : *rows) fields.push_back(row.fields);
  return fields;
}

std::string errorOf(std::string_view text, const CsvLimits& limits = {}) {
  const auto rows = parseCsv(text, "table.csv", limits);
  EXPECT_FALSE(rows.ok());
  return rows ? "" : rows.error().message;
}

using Table = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsQuotesBlanksAndEitherLineEnd) {
  EXPECT_EQ(fieldsOf("a,b\r\n 1 , \"x, \"\"y\"\"\" \r\n"), (Table{{"a", "b"}, {"1", "x, \"y\""}}));
  EXPECT_EQ(fieldsOf("a,b\n,\n"), (Table{{"a", "b"}, {"", ""}}));
  EXPECT_EQ(fieldsOf("a,b\n1,2"), (Table{{"a", "b"}, {"1", "2"}}));
}

TEST(Csv, LeavesOutRemarksEmptyLinesAndAByteOrderMark) {
  EXPECT_EQ(fieldsOf("\xef\xbb\xbf# figures\n\na,b\n  \n#x\n1,2\n"), (Table{{"a", "b"}, {"1", "2"}}));
}

TEST(Csv, CountsLinesAsAnEditorDoes) {
  const auto rows = parseCsv("# one\na\n\"2\n3\"\n", "table.csv");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().message,
            "table.csv, line 4: has a control character or a single quotation mark in a field");
  const auto good = parseCsv("# one\na\n\nb\n", "table.csv");
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->at(1).line, 4);
}

TEST(Csv, SaysWhereATableIsBroken) {
  EXPECT_EQ(errorOf("a,b\n1,2\n1,2,3\n"),
            "table.csv, line 3: has 3 fields where the header has 2: put a text with commas in quotes");
  EXPECT_EQ(errorOf("a,b\n1,\"2\n"), "table.csv, line 2: has a quote that is never closed");
  EXPECT_EQ(errorOf("a\n\"1\"2\n"),
            "table.csv, line 2: has text behind a closing quote: double quotes within");
  EXPECT_EQ(errorOf("a\n\xff\n"), "table.csv, line 2: is not UTF-8: save it as UTF-8");
}

TEST(Csv, RefusesWhatIsLargerThanItsLimits) {
  EXPECT_EQ(errorOf("a\n1\n2\n", {.rows = 2}), "table.csv, line 3: has more than 2 rows: split it");
  EXPECT_EQ(errorOf("a,b,c\n", {.columns = 2}), "table.csv, line 1: has more than 2 fields");
  EXPECT_EQ(errorOf("abc\n", {.fieldBytes = 2}), "table.csv, line 1: has a field of more than 2 bytes");
  EXPECT_EQ(errorOf("abc\n", {.bytes = 3}), "table.csv holds 4 bytes and at most 3 are read: split it");
}

TEST(Csv, KnowsUtf8FromOtherBytes) {
  EXPECT_TRUE(isUtf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xb8"));
  for (const char* bad :
       {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"})
    EXPECT_FALSE(isUtf8(bad)) << bad;
}

}  // namespace
}  // namespace gainstage::formats
