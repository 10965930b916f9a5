#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/program.h"

/// `gainstage headphones`, and `inspect` of what it reads, as a user and a script see them.
namespace gainstage::testing {
namespace {

using formats::Json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPreset =
    "Preamp: -6.2 dB\nFilter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\nFilter 2: ON PK Fc 3100 Hz Gain -2.8 dB "
    "Q 1.21\n";
constexpr const char* kPresetPlace = ".local/share/gainstage/headphones/sennheiser--hd_600--mine.txt";

/// A headphone with a hump of 6 dB at 3 kHz, an octave wide or so, and a bass that falls by 4 dB.
std::string measurement() {
  std::string text = "frequency,raw\n";
  for (double hertz = 20.0; hertz < 20000.0; hertz *= 1.02) {
    const double octaves = std::log2(hertz / 3000.0);
    text += fmt::format(
        "{:.2f},{:.2f}\n", hertz,
        80.0 + 6.0 * std::exp(-2.0 * octaves * octaves) - 4.0 / (1.0 + std::pow(hertz / 80.0, 2.0)));
  }
  return text;
}

TEST(Headphones, ListsYourPresetsBesideTheHeadphonesTheyAreNamedAfter) {
  const Workplace place;
  std::filesystem::create_directories((place / kPresetPlace).parent_path());
  place.write(kPresetPlace, kPreset);
  place.write(".local/share/gainstage/headphones/broken.txt", "Filter 1: ON PK Fc nan Hz Gain 1 dB Q 1\n");
  const Outcome outcome = place.run({"headphones", "list", "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const Json found = Json::parse(outcome.out);
  ASSERT_EQ(found["presets"].size(), 1u);
  EXPECT_EQ(found["presets"][0]["headphone"], "Sennheiser HD 600");
  EXPECT_EQ(found["presets"][0]["preampDb"], -6.2);
  ASSERT_EQ(found["unusable"].size(), 1u);
  EXPECT_THAT(found["unusable"][0]["why"].get<std::string>(),
              HasSubstr("broken.txt\", line 1: Filter 1 has \"nan\" for Fc"));
  EXPECT_GT(found["headphones"].size(), 100u);
  const auto hd600 = std::ranges::find_if(found["headphones"],
                                          [](const Json& it) { return it["name"] == "Sennheiser HD 600"; });
  ASSERT_NE(hd600, found["headphones"].end());
  EXPECT_EQ((*hd600)["impedanceOhm"], 300.0);
  EXPECT_EQ((*hd600)["presets"], Json::array({"sennheiser--hd_600--mine"}));
  const Outcome text = place.run({"headphones", "list"});
  EXPECT_THAT(text.out,
              HasSubstr("sennheiser--hd_600--mine  (parametric, preamp -6.2 dB; for Sennheiser HD 600)"));
  EXPECT_THAT(text.err, HasSubstr("broken.txt"));
}

TEST(Headphones, ShowsAPresetByTheNameOfItsHeadphone) {
  const Workplace place;
  std::filesystem::create_directories((place / kPresetPlace).parent_path());
  place.write(kPresetPlace, kPreset);
  const Outcome outcome = place.run({"headphones", "show", "hd600", "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const Json found = Json::parse(outcome.out);
  EXPECT_EQ(found["headphone"]["name"], "Sennheiser HD 600");
  ASSERT_EQ(found["presets"].size(), 1u);
  const Json& preset = found["presets"][0];
  EXPECT_EQ(preset["filters"].size(), 2u);
  EXPECT_EQ(preset["filters"][0]["type"], "lowShelf");
  EXPECT_EQ(preset["preampComputed"], false);
  ASSERT_EQ(preset["curve"]["gainDb"].size(), 121u);
  EXPECT_NEAR(preset["curve"]["gainDb"][0].get<double>(), 5.5 - 6.2, 0.1) << "20 Hz: the shelf's whole gain";
  EXPECT_NEAR(preset["peakGainDb"].get<double>(), -0.7, 0.1);
  const Outcome text = place.run({"headphones", "show", "hd600"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("impedance: 300 ohm"), HasSubstr("preamp -6.20 dB"),
                              HasSubstr("lowShelf"), HasSubstr("20k Hz"), HasSubstr("***")));
}

TEST(Headphones, OffersNearNamesForUnknownOnes) {
  const Workplace place;
  const Outcome unknown = place.run({"headphones", "show", "Sennheiser HD 60O"});
  EXPECT_EQ(unknown.exitCode, 2);
  EXPECT_TRUE(isOneLine(unknown.err));
  EXPECT_THAT(
      unknown.err,
      HasSubstr("There is no headphone or preset \"Sennheiser HD 60O\": did you mean Sennheiser HD 600"));
  const Outcome nothing = place.run({"headphones", "show", "qqqqqqqq"});
  EXPECT_EQ(nothing.exitCode, 2);
  EXPECT_THAT(nothing.err, HasSubstr("see \"gainstage headphones list\", or name a file"));
  EXPECT_EQ(place.run({"headphones"}).exitCode, 2);
}

TEST(Headphones, FitsACorrectionThatItReadsAgain) {
  const Workplace place;
  place.write("m.csv", measurement());
  const Outcome outcome = place.run(
      {"headphones", "fit", "m.csv", "--target", "flat", "-o", "m.txt", "--svg", "m.svg", "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const Json found = Json::parse(outcome.out);
  EXPECT_LT(found["residualDb"].get<double>(), 0.1);
  EXPECT_GT(found["beforeDb"].get<double>(), 1.5);
  EXPECT_EQ(found["preset"]["filters"].size(), 10u);
  EXPECT_EQ(readFile(place / "m.txt"), found["text"].get<std::string>());
  EXPECT_THAT(readFile(place / "m.svg"),
              AllOf(HasSubstr("<svg"), HasSubstr("<polyline"), HasSubstr("</svg>")));
  const Outcome shown = place.run({"headphones", "show", "m.txt", "--json"});
  ASSERT_EQ(shown.exitCode, 0) << shown.err;
  const Json preset = Json::parse(shown.out)["presets"][0];
  EXPECT_LE(preset["peakGainDb"].get<double>(), 0.0);
  EXPECT_EQ(preset["filters"], found["preset"]["filters"]);
}

TEST(Headphones, WritesTheFittedFiltersAndNothingElseToStandardOutput) {
  const Workplace place;
  place.write("m.csv", measurement());
  place.write("t.csv", measurement());
  const Outcome outcome =
      place.run({"headphones", "fit", "m.csv", "--target", "t.csv", "--filters", "3", "--plot"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto eq = place.write("read.txt", outcome.out);
  EXPECT_EQ(place.run({"inspect", "read.txt"}).exitCode, 0);
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 4) << "a preamp and three filters:\n" << outcome.out;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("dB RMS are left of 0.00"), HasSubstr("+ correction")));
}

TEST(Headphones, NamesWhatCannotBeFitted) {
  const Workplace place;
  place.write("m.csv", measurement());
  place.write("bad.csv", "frequency,raw\n20,1\n30,nan\n");
  for (const auto& [words, code, naming] :
       {std::tuple{Words{"headphones", "fit", "bad.csv", "--target", "flat"}, 3,
                   "bad.csv\", line 3: \"nan\" is no number"},
        {Words{"headphones", "fit", "none.csv", "--target", "flat"}, 3, "none.csv\" does not exist"},
        {Words{"headphones", "fit", "m.csv", "--target", "none.csv"}, 3, "none.csv\" does not exist"},
        {Words{"headphones", "fit", "m.csv", "--target", "flat", "-o", "none/o.txt"}, 3, "none/"},
        {Words{"headphones", "fit", "m.csv", "--target", "flat", "--filters", "0"}, 2, "--filters"},
        {Words{"headphones", "fit", "m.csv"}, 2, "--target"}}) {
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, code) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(naming));
  }
}

TEST(InspectEqualiser, TellsWhatATextIsAndWhatIsWrongWithIt) {
  const Workplace place;
  place.write("eq.txt", "Filter 1: ON PK Fc 1000 Hz Gain 6,5 dB Q 1\nFilter 2: OFF PK\n");
  place.write("graphic.txt", "GraphicEQ: 20 0; 1000 -3; 20000 2\n");
  place.write("response.csv", measurement());
  place.write("bad.txt", "Filter 1: ON PK Fc 1000 Hz Gian 6 dB Q 1\n");
  const Outcome outcome = place.run({"inspect", "eq.txt", "graphic.txt", "response.csv", "--json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  const Json files = Json::parse(outcome.out)["files"];
  EXPECT_EQ(files[0]["kind"], "equaliser");
  EXPECT_EQ(files[0]["preampDb"], -6.5);
  EXPECT_EQ(files[0]["preampComputed"], true);
  EXPECT_EQ(files[0]["remarks"].size(), 3u) << files[0]["remarks"];
  EXPECT_EQ(files[1]["points"], 3);
  EXPECT_EQ(files[1]["preampDb"], -2.0);
  EXPECT_EQ(files[2]["kind"], "response");
  const Outcome bad = place.run({"inspect", "bad.txt"});
  EXPECT_EQ(bad.exitCode, 3);
  EXPECT_TRUE(isOneLine(bad.err));
  EXPECT_THAT(bad.err, HasSubstr("did you mean Gain?"));
}

}  // namespace
}  // namespace gainstage::testing
