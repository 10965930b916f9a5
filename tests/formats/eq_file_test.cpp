#include "formats/eq_file.h"

#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

#include "support/files.h"
#include "support/shared_data.h"

extern "C" int fuzzEqFile(const std::uint8_t* bytes, std::size_t size);

namespace gainstage::formats {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

EqFile parsed(std::string_view text) {
  auto file = parseEqFile(text, "a.txt");
  if (!file) {
    ADD_FAILURE() << file.error().message;
    return {};
  }
  return std::move(*file);
}

EqFilter onlyFilter(std::string_view line, std::string_view before = "") {
  const EqFile file = parsed(std::string(before) + std::string(line));
  EXPECT_THAT(file.filters, SizeIs(1)) << line;
  return file.filters.empty() ? EqFilter{} : file.filters[0];
}

std::string complaint(std::string_view text) {
  const auto file = parseEqFile(text, "a.txt");
  if (file) {
    ADD_FAILURE() << "was read: " << text;
    return {};
  }
  EXPECT_EQ(file.error().kind, ErrorKind::file);
  EXPECT_EQ(file.error().message.find('\n'), std::string::npos);
  return file.error().message;
}

TEST(EqFile, ReadsWhatAutoEqWrites) {
  const EqFile file = parsed(
      "Preamp: -6.17 dB\nFilter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\nFilter 2: ON PK Fc 3165.4 Hz Gain "
      "-2.8 dB Q 1.21\n"
      "Filter 3: ON HSC Fc 10000 Hz Gain -1.1 dB Q 0.70\n");
  EXPECT_EQ(file.preampDb, -6.17);
  EXPECT_EQ(file.sampleRateHz, 44100.0);
  EXPECT_THAT(file.filters, ElementsAre(EqFilter{EqFilterType::lowShelf, 105.0, 5.5, 0.7},
                                        EqFilter{EqFilterType::peak, 3165.4, -2.8, 1.21},
                                        EqFilter{EqFilterType::highShelf, 10000.0, -1.1, 0.7}));
  EXPECT_THAT(file.remarks, IsEmpty());
}

TEST(EqFile, ReadsEveryTypeInAnyLetterCaseAndSpacing) {
  using enum EqFilterType;
  EXPECT_EQ(onlyFilter("Filter: ON PEQ Fc 100 Hz Gain 1 dB Q 2"), (EqFilter{peak, 100, 1, 2}));
  EXPECT_EQ(onlyFilter("filter 12 :  on  pk  fc100hz gain+1db q2"), (EqFilter{peak, 100, 1, 2}));
  EXPECT_EQ(onlyFilter("Filter 1: ON Modal Fc 48.7 Hz Gain -11.6 dB Q 11.58 T60 target 300 ms"),
            (EqFilter{peak, 48.7, -11.6, 11.58}));
  EXPECT_EQ(onlyFilter("Filter 1: ON LPQ Fc 10 kHz Q 0.4"), (EqFilter{lowPass, 10000, 0, 0.4}));
  EXPECT_EQ(onlyFilter("Filter 1: ON HPQ Fc 30 Hz Q 1"), (EqFilter{highPass, 30, 0, 1}));
  EXPECT_EQ(onlyFilter("Filter 1: ON BP Fc 1000 Hz Q 3"), (EqFilter{bandPass, 1000, 0, 3}));
  EXPECT_EQ(onlyFilter("Filter 1: ON NO Fc 50 Hz"), (EqFilter{notch, 50, 0, 30}));
  EXPECT_EQ(onlyFilter("Filter 1: ON AP Fc 900 Hz Q 0.5"), (EqFilter{allPass, 900, 0, 0.5}));
  EXPECT_NEAR(onlyFilter("Filter 1: ON LP Fc 900 Hz").q, std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(onlyFilter("Filter 1: ON HP Fc 900 Hz").q, std::sqrt(0.5), 1e-12);
}

/// A bandwidth lies between the frequencies of half the gain in dB; for an analogue bell of gain A^2 and
/// width Q that is sinh(octaves ln 2 / 2) = 1 / (2 Q), from which the digital one hardly differs at 1 kHz.
TEST(EqFile, TurnsBandwidthsIntoQ) {
  EXPECT_NEAR(onlyFilter("Filter 1: ON PK Fc 1000 Hz Gain 6 dB BW Oct 1").q,
              0.5 / std::sinh(0.5 * std::log(2.0)), 0.01);
  EXPECT_NEAR(onlyFilter("Filter 1: ON PEQ Fc 100 Hz Gain 1.0 dB BW Oct 0.167").q, 8.65, 0.02);
}

/// S = 1 is the steepest that rises all the way: Q = 1 / sqrt(2), whatever the gain.
TEST(EqFile, TurnsSlopesAndCornersIntoQAndMiddles) {
  const EqFilter steepest = onlyFilter("Filter 1: ON LSC 12 dB Fc 300 Hz Gain 5.0 dB");
  EXPECT_NEAR(steepest.q, std::sqrt(0.5), 1e-12);
  EXPECT_EQ(steepest.frequencyHz, 300.0);
  const EqFilter low = onlyFilter("Filter 1: ON LS 12dB Fc 300 Hz Gain 8 dB");
  EXPECT_NEAR(low.frequencyHz, 300.0 * std::pow(10.0, 0.1), 0.01)
      << "Equalizer APO: 10^(8 / 80) for 12 dB an octave";
  const EqFilter high = onlyFilter("Filter 1: ON HS 6 dB Fc 3000 Hz Gain -8 dB");
  EXPECT_NEAR(high.frequencyHz, 3000.0 / std::pow(10.0, 0.2), 0.01);
  EXPECT_LT(high.q, low.q);
  const EqFilter usual = onlyFilter("Filter 1: ON LS Fc 300 Hz Gain 5.0 dB");
  EXPECT_EQ(usual.frequencyHz, 300.0);
  const double a = std::pow(10.0, 5.0 / 40.0);
  EXPECT_NEAR(usual.q, 1.0 / std::sqrt((a + 1 / a) * (1 / 0.9 - 1) + 2), 1e-12);
}

TEST(EqFile, ReadsCommentsHeadingsAndLineEndsOfAllKinds) {
  const EqFile file = parsed(
      "\xef\xbb\xbf"
      "Filter Settings file\r\n\r\nRoom EQ V5.20\r\nDated: 1 Jan 2024\r\n\r\nNotes:bass\r\n\r\nEqualiser: "
      "Generic\r\n"
      "Average 1\r\n# mine\r\nFilter  1: ON  PK       Fc   63.0 Hz  Gain  -5.0 dB  Q  4.32  # the room\r\n"
      "Filter  2: ON  None\r\nFilter  3: OFF PK Fc 100 Hz Gain 3 dB Q 1\r\nChannel: all\rPreamp: \xe2\x88\x92"
      "2 dB\r\nPreamp: -1.5 dB");
  EXPECT_THAT(file.filters, ElementsAre(EqFilter{EqFilterType::peak, 63.0, -5.0, 4.32}));
  EXPECT_EQ(file.preampDb, -3.5);
  EXPECT_EQ(file.filtersOff, 1);
  EXPECT_THAT(file.remarks, ElementsAre("One filter is off."));
}

TEST(EqFile, ReadsGraphicCurves) {
  const EqFile file = parsed("GraphicEQ: 1000 -1.5; 20 0; 25 0.25;20000 3e-1;\n");
  EXPECT_THAT(file.graphic,
              ElementsAre(EqPoint{20, 0}, EqPoint{25, 0.25}, EqPoint{1000, -1.5}, EqPoint{20000, 0.3}));
  EXPECT_FALSE(file.preampDb);
}

TEST(EqFile, ReadsDecimalCommasWhereTheyCanMeanNothingElse) {
  const EqFile file = parsed("Preamp: -6,2 dB\nFilter 1: ON PK Fc 105,5 Hz Gain 0,125 dB Q 0,70\n");
  EXPECT_EQ(file.preampDb, -6.2);
  EXPECT_THAT(file.filters, ElementsAre(EqFilter{EqFilterType::peak, 105.5, 0.125, 0.7}));
  EXPECT_THAT(file.remarks,
              ElementsAre("4 numbers stand with a comma for the decimal point, read as a point."));
  EXPECT_EQ(onlyFilter("Filter 1: ON PK Fc 1\xc2\xa0"
                       "050,5 Hz Gain 1 dB Q 1")
                .frequencyHz,
            1050.5);
  EXPECT_THAT(
      complaint("Filter 1: ON PK Fc 1,050 Hz Gain 1 dB Q 1"),
      HasSubstr("a.txt, line 1: Filter 1 has \"1,050\" for Fc, which may be read in more than one way"));
  EXPECT_THAT(complaint("Filter 1: ON PK Fc 1,050.5 Hz Gain 1 dB Q 1"), HasSubstr("\"1,050.5\""));
}

TEST(EqFile, TakesTheRateFromAComment) {
  const std::string filter = "Filter 1: ON PK Fc 23000 Hz Gain 1 dB Q 1";
  EXPECT_THAT(complaint(filter),
              HasSubstr("lies at 23000 Hz, and filters made at 44100 Hz reach up to half of that"));
  const EqFile file = parsed(filter + "\n# sample rate: 48 kHz\n");
  EXPECT_EQ(file.sampleRateHz, 48000.0);
  EXPECT_THAT(complaint("# Sample rate: 5 Hz\n" + filter),
              HasSubstr("line 1: the comment has 5 Hz for the sample rate"));
}

TEST(EqFile, NamesTheLineAndTheNearestWord) {
  const std::string good = "Filter 1: ON PK Fc 100 Hz Gain 1 dB Q 1\n";
  EXPECT_THAT(complaint(good + "Filtre 2: ON PK Fc 100 Hz Gain 1 dB Q 1"),
              "a.txt, line 2: \"Filtre\" is no setting: did you mean Filter?");
  EXPECT_THAT(complaint("Premp: -3 dB"), HasSubstr("did you mean Preamp?"));
  EXPECT_THAT(complaint("Filter 1: ON LSD Fc 100 Hz Gain 1 dB Q 1"),
              HasSubstr("Filter 1 is of the unknown type \"LSD\": did you mean LS?"));
  EXPECT_THAT(complaint("Filter 1: ON XYZW Fc 100 Hz Gain 1 dB Q 1"), HasSubstr("choose PK, PEQ, Modal, LS"));
  EXPECT_THAT(complaint("Filter 1: ON PK Fc 100 Hz Gian 1 dB Q 1"),
              HasSubstr("\"Gian\" where Fc, Gain, Q or BW was "
                        "expected: did you mean Gain?"));
  EXPECT_THAT(complaint("Filter 1: YES PK Fc 100 Hz"), HasSubstr("has \"YES\" where ON or OFF was expected"));
  EXPECT_THAT(complaint("Filter 1 ON PK Fc 100 Hz"), HasSubstr("lacks its colon"));
  EXPECT_THAT(complaint(good + "hello there"), HasSubstr("line 2: \"hello there\" is no setting"));
  EXPECT_THAT(complaint("Include: other.txt"), HasSubstr("\"Include\" is not followed here"));
  EXPECT_THAT(complaint("Channel: L\n" + good), HasSubstr("the channel \"L\" alone is meant"));
}

TEST(EqFile, RefusesNumbersThatCannotBeUsed) {
  const auto filter = [](std::string_view rest) { return complaint("Filter 1: ON PK " + std::string(rest)); };
  EXPECT_THAT(filter("Fc nan Hz Gain 1 dB Q 1"),
              HasSubstr("\"nan\" for Fc, which is no number that can be used"));
  EXPECT_THAT(filter("Fc 100 Hz Gain inf dB Q 1"), HasSubstr("\"inf\" for Gain"));
  EXPECT_THAT(filter("Fc 100 Hz Gain 1e999 dB Q 1"), HasSubstr("\"1e999\" for Gain"));
  EXPECT_THAT(filter("Fc 100 Hz Gain 1.2.3 dB Q 1"), HasSubstr("\"1.2.3\" for Gain"));
  EXPECT_THAT(filter("Fc 100 Hz Gain 1 dB Q 0"), HasSubstr("0 for Q, which must be from 0.01 to 1000"));
  EXPECT_THAT(filter("Fc -5 Hz Gain 1 dB Q 1"), HasSubstr("-5 Hz for Fc"));
  EXPECT_THAT(filter("Fc 100 Hz Gain 99 dB Q 1"), HasSubstr("99 dB for Gain, which must be from -60 to 60"));
  EXPECT_THAT(filter("Fc 100 Hz Gain 1 dB Q"), HasSubstr("has no number for Q"));
  EXPECT_THAT(filter("Fc 100 Hz Fc 200 Hz Gain 1 dB Q 1"), HasSubstr("gives Fc twice"));
  EXPECT_THAT(filter("Gain 1 dB Q 1"), HasSubstr("lacks its frequency"));
  EXPECT_THAT(filter("Fc 100 Hz Q 1"), HasSubstr("lacks its gain"));
  EXPECT_THAT(filter("Fc 100 Hz Gain 1 dB"), HasSubstr("lacks its width"));
  EXPECT_THAT(complaint("Filter 1: ON LSC 24 dB Fc 100 Hz Gain 60 dB"),
              HasSubstr("has a slope that a shelf of this gain"));
  EXPECT_THAT(complaint("Preamp: loud"), HasSubstr("has \"loud\" for the preamp"));
  EXPECT_THAT(complaint("Preamp: -6 dB please"), HasSubstr("\"please\" stands behind the preamp"));
  EXPECT_THAT(complaint("Preamp: -90 dB\nPreamp: -90 dB"), HasSubstr("preamps that add up to -180 dB"));
  EXPECT_THAT(complaint("GraphicEQ:"), HasSubstr("GraphicEQ has no points"));
  EXPECT_THAT(complaint("GraphicEQ: 20 0; 30"), HasSubstr("point 2 has no number for the gain"));
  EXPECT_THAT(complaint("GraphicEQ: 20 0, 30 1"), HasSubstr("\",\" stands behind point 1"));
  EXPECT_THAT(complaint("GraphicEQ: 20 0; 20 1"), HasSubstr("20 Hz is there twice"));
}

TEST(EqFile, IsBounded) {
  std::string many;
  for (int i = 1; i <= 200; ++i) many += fmt::format("Filter {}: ON PK Fc {} Hz Gain 1 dB Q 1\n", i, 20 + i);
  EXPECT_THAT(complaint(many), "a.txt has 200 filters that are on, and at most 64 are used: leave some out");
  std::string points = "GraphicEQ: ";
  for (int i = 1; i <= 3000; ++i) points += fmt::format("{} 0; ", i);
  EXPECT_THAT(complaint(points), HasSubstr("there are more than 2048 points"));
  const testing::TemporaryFolder folder;
  const auto large = testing::writeFile(folder / "large.txt", std::string((1 << 20) + 1, '#'));
  EXPECT_THAT(readEqFile(large).error().message, HasSubstr("1048577 bytes"));
  EXPECT_THAT(readEqFile(folder / "none.txt").error().message, HasSubstr("does not exist"));
}

TEST(EqFile, RefusesWhatIsNoEqualiserFile) {
  EXPECT_THAT(complaint(""), HasSubstr("is no equaliser file: none of its 1 line begins with"));
  EXPECT_THAT(complaint("frequency,raw\n20.00,1.0\n"), HasSubstr("is no equaliser file"));
  EXPECT_THAT(complaint(std::string_view("RIFF\0\0\0", 7)), HasSubstr("is no text: byte 5 is 0x00"));
  EXPECT_THAT(complaint("\xff\xfeP\0"), HasSubstr("is UTF-16 text"));
}

TEST(EqFile, ReadsWhatItWrites) {
  const EqFile file = parsed(
      "# Sample rate: 48000 Hz\nPreamp: -6.25 dB\nFilter: ON LSC Fc 105.5 Hz Gain 5.5 dB Q 0.7\nFilter: ON "
      "HPQ Fc 20 Hz Q 0.5\n"
      "Filter: ON AP Fc 900 Hz Q 2.125\nGraphicEQ: 20 1.25; 1000 -3\n");
  const EqFile again = parsed(toText(file));
  EXPECT_EQ(again.filters, file.filters);
  EXPECT_EQ(again.graphic, file.graphic);
  EXPECT_EQ(again.preampDb, file.preampDb);
  EXPECT_EQ(again.sampleRateHz, file.sampleRateHz);
  EXPECT_THAT(toText(file),
              StartsWith("# Sample rate: 48000 Hz\nPreamp: -6.25 dB\nFilter 1: ON LSC Fc 105.5 Hz Gain "
                         "5.50 dB Q 0.700\n"));
}

TEST(EqFile, SurvivesRandomDamage) {
  const std::string seed =
      "\xef\xbb\xbf# Sample rate: 48000 Hz\r\nPreamp: -6,2 dB\nFilter 1: ON LS 6 dB Fc 105 Hz Gain 5.5 dB\n"
      "Filter 2: OFF PK\nFilter: ON PK Fc 1\xc2\xa0"
      "050 Hz Gain -1e1 dB BW Oct 0.5 T60 target 300 ms\n"
      "GraphicEQ: 20 0; 1000 -1.5;\n";
  const std::string table = "frequency,raw\n20,1\n30,2\n40,3\n50;4\n60 5,5\n70\t6\n80,7\n90,8\n100,9\n";
  std::mt19937 random(17);
  for (int round = 0; round < 20000; ++round) {
    std::string text = round % 4 == 0 ? table : seed;
    for (std::uint32_t edits = 1 + random() % 4; edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      const char other = random() % 2 == 0 ? seed[random() % seed.size()] : static_cast<char>(random());
      if (random() % 3 == 0)
        text.insert(at, 1, other);
      else
        text[at] = other;
    }
    fuzzEqFile(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());  // aborts where it fails
  }
}

TEST(EqFile, ReadsEverySharedPreset) {
  const auto files = testing::sharedFiles("headphones/presets", ".txt");
  if (files.empty()) GTEST_SKIP() << "headphones/presets of the shared data is absent";
  EXPECT_EQ(files.size(), 50u);
  for (const auto& path : files) {
    const auto file = readEqFile(path);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_TRUE(file->preampDb);
    EXPECT_GE(file->filters.size(), 5u) << path;
    EXPECT_THAT(file->remarks, IsEmpty()) << path;
  }
}

}  // namespace
}  // namespace gainstage::formats
