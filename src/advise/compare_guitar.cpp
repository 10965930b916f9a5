#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "advise/latency_estimate.h"
#include "advise/questions.h"
#include "analog/gear/air.h"

namespace gainstage::advise {
namespace {

constexpr std::string_view kAmplifier = "the guitar amplifier", kSimulation = "interface and simulation",
                           kEven = "even";

// A guitar loudspeaker of 97 dB at 1 W and 1 m (usual: 94 to 100) with 5 to 50 W.
constexpr double kLeastAmplifierSpl = 101.0, kMostAmplifierSpl = 117.0;

const Product* interfaceFor(const Owner& owner, const Catalogue& catalogue) {
  if (!owner.interfaces.empty()) return owner.interfaces.front();
  Wishes wishes = owner.interfaceWishes(true);
  wishes.inputs = std::max(1, wishes.inputs);
  for (const bool isLimited : {true, false}) {
    if (!isLimited) wishes.budget.reset();
    const Selection selection = select(Kind::interfaces, wishes, catalogue);
    if (!selection.fittingProducts.empty()) return selection.fittingProducts.front();
    if (!selection.undecidedProducts.empty()) return selection.undecidedProducts.front();
  }
  return &catalogue.products(Kind::interfaces).front();
}

}  // namespace

Answer compareGuitarAmplifier(const Owner& owner, const BufferSetting& buffer,
                              std::optional<double> amplifierPrice, double metres,
                              const Catalogue& catalogue) {
  const Product* interface = interfaceFor(owner, catalogue);
  const bool isOwned = !owner.interfaces.empty();
  const bool isQuietPlace =
      owner.words.place == "home" || owner.words.place == "flat" || owner.words.place == "travel";
  Answer answer;
  answer.question = fmt::format("A guitar amplifier, or an interface (the {}) with an amplifier simulation?",
                                interface->name());

  const Estimate air = exactly(analog::airDelayMs(metres), "ms"), through = roundTrip(buffer);
  const Estimate loudness{kLeastAmplifierSpl - analog::distanceLossDb(metres),
                          kMostAmplifierSpl - analog::distanceLossDb(metres), "dB SPL",
                          "a loudspeaker of 94 to 100 dB for 1 W with 5 to 50 W"};
  Comparison uses{.aspect = "Uses",
                  .winner = std::string(isQuietPlace ? kSimulation : kAmplifier),
                  .why = isQuietPlace ? "It is silent for the neighbours, records, and is many amplifiers."
                                      : "It is heard beside drums without anything else.",
                  .facts = {{fmt::format("a guitar amplifier at {} m", numberText(metres)),
                             loudness,
                             "S + 10 log10(P) - 20 log10(r)",
                             {}},
                            {"headphones, to the neighbours", exactly(0.0, "dB SPL"), "", {}}}};
  const Figure* range = interface->find("inputDynamicRange");
  Comparison sound{.aspect = "Sound quality",
                   .winner = std::string(kEven),
                   .why =
                       "The interface's input does not limit either; headphones and a loudspeaker in a room "
                       "are different things, "
                       "which no figure decides.",
                   .facts = {}};
  if (range)
    sound.facts.push_back({fmt::format("dynamic range of the {}", interface->name()),
                           Estimate{range->low, range->high, range->unit, {}},
                           "",
                           {sourceOf(*interface, *range)}});
  for (const HeadphoneModel& headphone : owner.headphones) {
    const Drive drive = driveOf(modelOfOutput(*interface, catalogue), headphone, owner.words.peakSpl);
    sound.facts.push_back({fmt::format("loudest peaks of {}", headphone.name), drive.peakSpl,
                           "S + 20 log10(V) + 3.01 dB", drive.sources});
  }
  const bool airWins = air.high < through.low, simulationWins = through.high < air.low;
  Comparison latency{
      .aspect = "Latency",
      .winner = std::string(airWins          ? kAmplifier
                            : simulationWins ? kSimulation
                                             : kEven),
      .why = fmt::format("{} of air against {} through the computer; both {} what players notice (10 ms).",
                         textOf(air), textOf(through),
                         through.high <= 10.0 && air.high <= 10.0 ? "stay below" : "are near"),
      .facts = {{fmt::format("from an amplifier {} m away", numberText(metres)), air, "r / 343 m/s", {}},
                {"through interface, computer and headphones", through, std::string(kRoundTripFormula), {}}}};
  const Figure* price = interface->find("price", owner.words.currency);
  const std::optional<double> cost = isOwned ? std::optional(0.0)
                                     : price ? std::optional(price->number())
                                             : std::nullopt;
  const double amplifierCost = owner.ownsGuitarAmplifier ? 0.0 : amplifierPrice.value_or(0.0);
  const bool isPriceKnown = cost && (amplifierPrice || owner.ownsGuitarAmplifier);
  Comparison money{.aspect = "Price",
                   .winner = !isPriceKnown           ? "not known"
                             : *cost < amplifierCost ? std::string(kSimulation)
                             : *cost > amplifierCost ? std::string(kAmplifier)
                                                     : std::string(kEven),
                   .why = isPriceKnown ? fmt::format("{} against {} {}.", numberText(*cost),
                                                     numberText(amplifierCost), owner.words.currency)
                                       : "The catalogue has no guitar amplifiers: say --amplifier-price.",
                   .facts = {}};
  if (cost)
    money.facts.push_back({fmt::format("the {}{}", interface->name(), isOwned ? " (yours already)" : ""),
                           exactly(*cost, owner.words.currency), "Gainstage itself costs nothing",
                           price ? std::vector{sourceOf(*interface, *price)} : std::vector<std::string>{}});
  Comparison size{
      .aspect = "Size and set-up",
      .winner = std::string(owner.words.place == "stage" || owner.words.place == "rehearsal" ? kAmplifier
                                                                                             : kSimulation),
      .why =
          owner.words.place == "stage" || owner.words.place == "rehearsal"
              ? "One switch and one cable, where a computer needs a table and care."
              : "The interface stands beside the computer that is there already; an amplifier is furniture.",
      .facts = {}};
  for (const auto& [id, unit] : {std::pair{"weight", "g"}, {"width", "mm"}})
    if (const Figure* figure = interface->find(id))
      size.facts.push_back({fmt::format("{} of the {}", id, interface->name()),
                            exactly(figure->number(), unit),
                            "",
                            {sourceOf(*interface, *figure)}});
  if (size.facts.empty())
    answer.notes.push_back(
        fmt::format("Size and weight of the {} are not in the catalogue.", interface->name()));

  answer.comparisons = {uses, sound, latency, money, size};
  int wins[2] = {};
  for (const Comparison& row : answer.comparisons) {
    wins[0] += row.winner == kSimulation;
    wins[1] += row.winner == kAmplifier;
  }
  answer.verdict = wins[0] > wins[1]   ? "Interface and simulation"
                   : wins[1] > wins[0] ? "The guitar amplifier"
                                       : "Even";
  answer.summary = fmt::format("It wins {} of five comparisons, the other {}; the rest is even or not known.",
                               std::max(wins[0], wins[1]), std::min(wins[0], wins[1]));
  answer.notes.insert(answer.notes.end(), owner.assumptions.begin(), owner.assumptions.end());
  answer.changes.push_back(
      isQuietPlace ? "On a stage or with a drummer it would be the amplifier's turn: --place stage."
                   : "At home, with neighbours, it would be the interface's: --place flat.");
  return answer;
}

}  // namespace gainstage::advise
