#include "formats/response_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shared_data.h"

namespace gainstage::formats {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Eight lines of "Hz dB", each written by `line`.
template <typename Line>
std::string eight(std::string_view before, Line&& line) {
  std::string text(before);
  for (int i = 1; i <= 8; ++i) text += line(i) + "\n";
  return text;
}

void expectEight(const std::string& text) {
  const auto points = parseResponseText(text, "m.txt");
  ASSERT_TRUE(points) << points.error().message;
  ASSERT_THAT(*points, SizeIs(8));
  for (int i = 1; i <= 8; ++i) {
    EXPECT_EQ((*points)[static_cast<std::size_t>(i - 1)], (EqPoint{100.0 * i, -0.5 * i})) << text;
  }
}

std::string hundred(int i) { return std::to_string(100 * i); }
std::string half(int i, char point = '.') {
  return "-" + std::to_string(i / 2) + point + (i % 2 ? "50" : "00");
}

TEST(ResponseText, ReadsColumnsHoweverTheyAreKeptApart) {
  expectEight(eight("", [](int i) { return hundred(i) + ".00 " + half(i); }));
  expectEight(eight("# of mine\n\n", [](int i) { return "  " + hundred(i) + "\t" + half(i) + "\t0.0\r"; }));
  expectEight(
      eight("* Freq(Hz) SPL(dB) Phase\n", [](int i) { return hundred(i) + ", " + half(i) + ", 12"; }));
  expectEight(
      eight("\xef\xbb\xbf"
            "frequency,raw,error\n",
            [](int i) { return hundred(i) + "," + half(i) + ",7"; }));
  expectEight(eight("raw;x;Frequency\n", [](int i) { return half(i) + ";7;" + hundred(i); }));
  expectEight(eight("", [](int i) { return hundred(i) + ",00 " + half(i, ','); }));
  expectEight(eight("", [](int i) { return hundred(i) + ",0;" + half(i, ','); }));
}

TEST(ResponseText, NamesTheLineThatCannotBeUsed) {
  const auto complaint = [](std::string_view text) {
    const auto points = parseResponseText(text, "m.txt");
    return points ? std::string("was read") : points.error().message;
  };
  EXPECT_THAT(complaint(""), HasSubstr("m.txt has 0 points and a response at least 8"));
  EXPECT_THAT(complaint("20 1\n30 nan\n"), HasSubstr("m.txt, line 2: \"nan\" is no number"));
  EXPECT_THAT(complaint("20 1\n30\n"),
              HasSubstr("m.txt, line 2: \"30\" is not a frequency in Hz and a level in dB"));
  EXPECT_THAT(complaint("20 1\n20 2\n"), HasSubstr("line 2: 20 Hz comes after 20 Hz"));
  EXPECT_THAT(complaint("-20 1\n"), HasSubstr("line 1: -20 Hz and 1 dB"));
  EXPECT_THAT(complaint("20 1\n30 1e9\n"), HasSubstr("line 2: 30 Hz and 1e+09 dB"));
  EXPECT_THAT(complaint(std::string_view("RIFF\0", 5)), HasSubstr("m.txt is no text"));
}

TEST(ResponseText, ReadsEverySharedMeasurementAndTarget) {
  auto files = testing::sharedFiles("headphones/measurements", ".txt");
  if (files.empty()) GTEST_SKIP() << "headphones/measurements of the shared data is absent";
  for (const auto& file : testing::sharedFiles("headphones/targets", ".csv")) files.push_back(file);
  for (const auto& file : files) {
    const auto points = readResponseFile(file);
    ASSERT_TRUE(points) << points.error().message;
    EXPECT_GT(points->size(), 500u) << file;
  }
}

}  // namespace
}  // namespace gainstage::formats
