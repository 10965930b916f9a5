#include "advise/verdict.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "advise/questions.h"

namespace gainstage::advise {
namespace {

Answer answerTo(OwnerWords words) {
  const auto owner = ownerFrom(words, Catalogue::builtIn());
  EXPECT_TRUE(owner.ok()) << owner.error().message;
  return verdictFor(*owner, Catalogue::builtIn());
}

TEST(Wishes, SortByWhatIsKnownAndListTheRestAsUnknown) {
  Wishes wishes;
  wishes.midi = true;
  const Selection selection = select(Kind::interfaces, wishes, Catalogue::builtIn());
  const auto all = Catalogue::builtIn().products(Kind::interfaces);
  EXPECT_EQ(selection.fitting.size() + selection.undecided.size() + selection.failing.size(), all.size());
  std::size_t yes = 0, no = 0;
  for (const Product& product : all) {
    const auto midi = product.yesNo("midi");
    yes += midi && *midi;
    no += midi && !*midi;
  }
  EXPECT_EQ(selection.fitting.size(), yes);
  EXPECT_EQ(selection.failing.size(), no);
  EXPECT_GT(selection.undecided.size(), 0u);
}

TEST(Wishes, PutTheCheapestFirstAndUnknownPricesLast) {
  Wishes wishes;
  wishes.inputs = 2;
  const Selection selection = select(Kind::interfaces, wishes, Catalogue::builtIn());
  ASSERT_GT(selection.fitting.size(), 10u);
  EXPECT_TRUE(std::ranges::is_sorted(
      selection.fitting, {}, [](const Candidate& each) { return each.price ? each.price->low : 1e9; }));
  EXPECT_EQ(selection.fitting.front().name, selection.fittingProducts.front()->name());
}

TEST(Wishes, NeverCountAConnectorThatIsNotNamedAsAbsent) {
  Wishes wishes;
  wishes.connectors = {"RCA"};
  const Selection selection = select(Kind::interfaces, wishes, Catalogue::builtIn());
  EXPECT_TRUE(selection.failing.empty());
  EXPECT_GE(selection.fitting.size(), 2u);
}

TEST(Verdict, SaysWhyEachOtherProductFails) {
  const Answer answer = answerTo({.record = {"guitar", "voice"}, .listen = {"HD 25"}, .budget = 150.0});
  EXPECT_EQ(answer.verdict, "An interface");
  EXPECT_EQ(answer.fitting.size() + answer.undecided.size() + answer.failing.size(),
            Catalogue::builtIn().products(Kind::interfaces).size());
  for (const auto* list : {&answer.fitting, &answer.undecided, &answer.failing})
    for (const Candidate& each : *list) EXPECT_FALSE(each.why.empty()) << each.name;
  EXPECT_FALSE(answer.changes.empty());
  EXPECT_FALSE(answer.facts.empty());
}

TEST(Verdict, AsksForPhantomPowerWhereTheirMicrophoneNeedsIt) {
  const auto owner = ownerFrom({.record = {"voice"}, .own = {"AT2035"}}, Catalogue::builtIn());
  ASSERT_TRUE(owner.ok());
  EXPECT_EQ(owner->interfaceWishes(false).phantom, true);
  const auto other = ownerFrom({.record = {"voice"}, .own = {"SM58"}}, Catalogue::builtIn());
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(other->interfaceWishes(false).phantom);
}

TEST(Verdict, CountsInputsAtOnce) {
  const auto owner = ownerFrom({.record = {"drums", "bass", "voice:2", "keys"}}, Catalogue::builtIn());
  ASSERT_TRUE(owner.ok());
  EXPECT_EQ(owner->microphones, 6);
  EXPECT_EQ(owner->instruments, 1);
  EXPECT_EQ(owner->lines, 2);
  for (const char* bad : {"voice:0", "voice:x", "voice:99", "sitar"})
    EXPECT_FALSE(ownerFrom({.record = {bad}}, Catalogue::builtIn()).ok()) << bad;
}

TEST(Verdict, ChangesWithTheLevelThatIsWanted) {
  OwnerWords words{.listen = {"HE6"}, .own = {"M-Track Duo"}};
  EXPECT_EQ(answerTo(words).verdict, "A headphone amplifier");  // 97.9 to 101.8 dB SPL
  words.peakSpl = 97.0;
  EXPECT_EQ(answerTo(words).verdict, "Neither");
}

TEST(SingleQuestions, ConverterNoiseAddsUpAsByHand) {
  const Catalogue& catalogue = Catalogue::builtIn();
  const Product* interface = catalogue.find(Kind::interfaces, "Scarlett 4i4").product;
  const Product* microphone = catalogue.find(Kind::microphones, "AT2020").product;
  ASSERT_TRUE(interface && microphone);
  const Answer answer = converterLimits(*interface, microphone, 100.0, 30.0, catalogue);
  EXPECT_EQ(answer.verdict, "No");
  const auto fact = [&](std::string_view beginning) {
    for (const Fact& each : answer.facts)
      if (each.name.starts_with(beginning)) return each.value.middle();
    return 0.0;
  };
  // Peaks of 100 dB SPL at -12 dBFS: the room's 30 dB(A) lie 70 dB below that, the microphone's own 20
  // another 10.
  EXPECT_NEAR(fact("noise of the room"), -82.0, 0.05);
  EXPECT_NEAR(fact("noise of the microphone"), -92.0, 0.3);
  EXPECT_NEAR(fact("noise of the converter"), -116.0, 0.5);
}

TEST(SingleQuestions, ComparisonsNameAWinnerInAllFive) {
  const auto owner = ownerFrom({.record = {"guitar"}, .listen = {"HD 600"}}, Catalogue::builtIn());
  ASSERT_TRUE(owner.ok());
  const Answer ways = compareWays(*owner, {}, Catalogue::builtIn());
  const Answer guitar = compareGuitarAmplifier(*owner, {}, 250.0, 2.0, Catalogue::builtIn());
  for (const Answer* answer : {&ways, &guitar}) {
    ASSERT_EQ(answer->comparisons.size(), 5u);
    for (const Comparison& row : answer->comparisons) {
      EXPECT_FALSE(row.winner.empty()) << row.aspect;
      EXPECT_FALSE(row.why.empty()) << row.aspect;
    }
  }
  EXPECT_EQ(ways.verdict, "The interface");
}

TEST(SingleQuestions, AnInputOf10KohmTakesTheTrebleOfAGuitar) {
  const Catalogue& catalogue = Catalogue::builtIn();
  const Product* interface = catalogue.find(Kind::interfaces, "Babyface Pro FS").product;
  ASSERT_TRUE(interface);
  const Answer answer = interfaceBeforeSimulation(*interface, nullptr, 3.0, catalogue);
  // 2.9 H at 3 kHz are 54.7 kohm in series with 10 kohm: 14.9 dB, less the 1.7 dB or so that the resonance
  // adds to it.
  const auto line = std::ranges::find_if(
      answer.facts, [](const Fact& each) { return each.name.starts_with("a line input"); });
  ASSERT_NE(line, answer.facts.end());
  EXPECT_LT(line->value.low, -10.0);
  EXPECT_GT(line->value.low, -18.0);
  EXPECT_NE(answer.verdict, "Clearly");
}

}  // namespace
}  // namespace gainstage::advise
