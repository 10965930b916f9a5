#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

#include "app/program.h"

/// `gainstage advise` as people and scripts run it.
namespace gainstage::testing {
namespace {

formats::Json jsonOf(const Outcome& outcome) {
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_TRUE(isOneLine(outcome.out));
  return formats::Json::parse(outcome.out, nullptr, false);
}

const formats::Json& factOf(const formats::Json& answer, std::string_view beginning) {
  for (const auto& fact : answer["facts"])
    if (fact["name"].get<std::string>().starts_with(beginning)) return fact;
  ADD_FAILURE() << "no fact begins with " << beginning;
  static const formats::Json none;
  return none;
}

TEST(AdviseCommand, ReachesEachOfItsFourVerdicts) {
  const Workplace place;
  const auto verdict = [&](Words words) {
    words.insert(words.begin(), "advise");
    words.push_back("--json");
    return jsonOf(place.run(words))["verdict"].get<std::string>();
  };
  EXPECT_EQ(verdict({"--record", "guitar,voice", "--listen", "HD 25"}), "An interface");
  EXPECT_EQ(verdict({"--listen", "HE6", "--own", "M-Track Duo"}), "A headphone amplifier");
  EXPECT_EQ(verdict({"--record", "voice", "--listen", "HE6", "--budget", "300"}), "Both");
  EXPECT_EQ(verdict({"--record", "guitar", "--listen", "HD 25", "--own", "M-Track Duo"}), "Neither");
}

TEST(AdviseCommand, GivesInJsonTheFiguresThatItsTextShows) {
  const Workplace place;
  const auto answer = jsonOf(place.run({"advise", "drive", "HE6", "--from", "M-Track Duo", "--json"}));
  // 60 mW into 32 ohm are 1.386 V and 43.3 mA: 2.165 V of those at most into 50 ohm. HiFiMan's HE6 was
  // measured to need 1250 mV for 94 dB SPL, 92.06 dB/V.
  const auto& peaks = factOf(answer, "loudest peaks");
  EXPECT_NEAR(peaks["low"].get<double>(), 92.06 + 2.83 + 3.01, 0.1);
  EXPECT_NEAR(peaks["high"].get<double>(), 92.06 + 6.71 + 3.01, 0.1);
  EXPECT_EQ(peaks["unit"], "dB SPL");
  EXPECT_FALSE(peaks["sources"].empty());
  EXPECT_FALSE(peaks["formula"].get<std::string>().empty());
  EXPECT_NEAR(factOf(answer, "power it needs")["low"].get<double>(), 617.0, 10.0);
}

TEST(AdviseCommand, OffersTheNearestOfUnknownNamesAndExitsWithTwo) {
  const Workplace place;
  const Outcome headphone = place.run({"advise", "drive", "HD 6000", "--from", "computer"});
  EXPECT_EQ(headphone.exitCode, 2);
  EXPECT_NE(headphone.err.find("did you mean Sennheiser HD 600"), std::string::npos) << headphone.err;
  EXPECT_TRUE(isOneLine(headphone.err));
  const Outcome source = place.run({"advise", "--record", "guitr"});
  EXPECT_EQ(source.exitCode, 2);
  EXPECT_NE(source.err.find("did you mean guitar?"), std::string::npos) << source.err;
  const Outcome topic = place.run({"advise", "ask", "wireles"});
  EXPECT_EQ(topic.exitCode, 2);
  EXPECT_NE(topic.err.find("did you mean wireless?"), std::string::npos) << topic.err;
  EXPECT_EQ(place.run({"advise"}).exitCode, 2);
  EXPECT_EQ(place.run({"advise", "find", "interface", "--inputs", "nan"}).exitCode, 2);
  for (const char* wrong : {"nan", "-5"})
    EXPECT_EQ(place.run({"advise", "compare", "guitar-amplifier", "--amplifier-price", wrong}).exitCode, 2);
  EXPECT_EQ(place.run({"advise", "ask", "wireless", "--metres", "nan"}).exitCode, 2);
  EXPECT_EQ(place.run({"advise", "find", "interface", "--connector", "foo"}).exitCode, 2);
  const auto stray = place.run({"advise", "find", "headphone", "--phantom"});
  EXPECT_EQ(stray.exitCode, 2);
  EXPECT_NE(stray.err.find("--phantom says nothing about a headphone"), std::string::npos) << stray.err;
  const auto missing = place.run({"advise", "ask", "better", "a.txt", "b.txt"});
  EXPECT_EQ(missing.exitCode, 3);
  EXPECT_NE(missing.err.find("does not exist"), std::string::npos) << missing.err;
  EXPECT_EQ(place.run({"advise", "--budget", "nan", "--record", "voice"}).exitCode, 2);
}

TEST(AdviseCommand, SaysWhereARadioDoesNotReach) {
  const Workplace place;
  const auto far = jsonOf(place.run({"advise", "ask", "wireless", "--metres", "99", "--json"}));
  EXPECT_EQ(far["verdict"], "It does not reach that far");
  EXPECT_EQ(far["summary"].get<std::string>().find("unlimited"), std::string::npos) << far["summary"];
}

TEST(AdviseCommand, IsAsSureOfEarbudsAsTheFiguresAre) {
  const Workplace place;
  const auto answer = jsonOf(place.run({"advise", "ask", "earbuds-hiss", "SE215", "--json"}));
  const auto& peaks = answer["facts"][0];
  ASSERT_LT(peaks["low"], 110.0);
  ASSERT_GT(peaks["high"], 110.0);
  EXPECT_TRUE(answer["verdict"].get<std::string>().starts_with("Probably")) << answer["verdict"];
}

TEST(AdviseCommand, ReadsTheUsersOwnRowsAndNamesTheirMistakes) {
  const Workplace place;
  const auto folder = place / ".local/share/gainstage/catalogue";
  std::filesystem::create_directories(folder);
  writeFile(folder / "headphones.csv",
            "brand,model,figure,value,unit,status,source\nOwn,Loud,impedance,32,ohm,maker,its box\n"
            "Own,Loud,sensitivity,110,dB/V,maker,its box\n");
  const auto answer = jsonOf(place.run({"advise", "drive", "own loud", "--from", "M-Track Duo", "--json"}));
  // 1.386 V into the 32 ohm that its power is stated for.
  EXPECT_NEAR(factOf(answer, "loudest peaks")["low"].get<double>(), 110.0 + 2.83 + 3.01, 0.05);
  EXPECT_NEAR(factOf(answer, "loudest peaks")["high"].get<double>(), 110.0 + 2.83 + 3.01, 0.05);
  writeFile(folder / "headphones.csv",
            "brand,model,figure,value,unit,status,source\nOwn,Loud,impedance,-32,ohm,maker,its box\n");
  const Outcome broken = place.run({"advise", "list"});
  EXPECT_EQ(broken.exitCode, 3);
  EXPECT_NE(broken.err.find("headphones.csv, line 2: -32 ohm is no plausible impedance"), std::string::npos)
      << broken.err;
}

TEST(AdviseCommand, AsksForWhatItNeedsAndAsksAgainWhereItDoesNotUnderstand) {
  const Workplace place;
  const Outcome outcome = place.run({"advise", "--interactive"}, "guitr\nguitar\nHD 25\n\nstage\n150\n");
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("did you mean guitar?"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("An interface."), std::string::npos) << outcome.out;
  const Outcome ended = place.run({"advise", "--interactive"}, "voice\n");
  EXPECT_EQ(ended.exitCode, 0) << ended.err;
  EXPECT_NE(ended.out.find("An interface."), std::string::npos) << ended.out;
}

TEST(AdviseCommand, ListsWhatLacksAFigureAsUnknown) {
  const Workplace place;
  const auto answer = jsonOf(place.run({"advise", "find", "interface", "--weight", "900", "--json"}));
  EXPECT_GT(answer["undecided"].size(), 40u);
  for (const auto& each : answer["fitting"]) {
    const auto shown = jsonOf(place.run({"advise", "show", each["name"].get<std::string>(), "--json"}));
    EXPECT_TRUE(std::ranges::any_of(shown["figures"], [](const auto& figure) {
      return figure["figure"] == "weight" && figure["low"].template get<double>() <= 900.0;
    })) << each["name"];
  }
  EXPECT_GE(answer["fitting"].size(), 3u);
}

TEST(AdviseCommand, JudgesTwoMeasurementsByTheirDistanceFromTheTarget) {
  const Workplace place;
  // A tone control of 4 dB between the lower and the upper half of 40 Hz to 10 kHz (four octaves each,
  // nearly): 2 dB RMS.
  std::string tilted = "Hz,dB\n", flat = tilted;
  for (double hz = 20.0; hz < 20000.0; hz *= 1.02) {
    tilted += std::to_string(hz) + "," + (hz < 632.0 ? "4\n" : "0\n");
    flat += std::to_string(hz) + "\t3.5\n";
  }
  const auto a = place.write("flat.txt", flat), b = place.write("tilted.csv", tilted);
  const auto answer = jsonOf(place.run({"advise", "ask", "better", a.string(), b.string(), "--json"}));
  EXPECT_EQ(answer["verdict"], "Yes, nearer to neutral");
  EXPECT_NEAR(answer["facts"][0]["low"].get<double>(), 0.0, 1e-9);
  EXPECT_NEAR(answer["facts"][1]["low"].get<double>(), 2.0, 0.05);
  const auto bad = place.write("few.txt", "20 1\n30 2\n");
  const Outcome refused = place.run({"advise", "ask", "better", a.string(), bad.string()});
  EXPECT_EQ(refused.exitCode, 3);
  EXPECT_NE(refused.err.find("few.txt"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace gainstage::testing
