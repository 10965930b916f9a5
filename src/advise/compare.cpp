#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "advise/latency_estimate.h"
#include "advise/questions.h"
#include "advise/verdict.h"
#include "analog/gear/latency.h"

namespace gainstage::advise {
namespace {

constexpr std::string_view kInterface = "the interface", kAmplifier = "the headphone amplifier",
                           kEven = "even";

/// What is compared, and how it came to be that.
struct Pair {
  const Product* interface = nullptr;
  const Product* amplifier = nullptr;
  std::vector<std::string> chosen;
};

const Product* firstOf(const Selection& selection) {
  if (!selection.fittingProducts.empty()) return selection.fittingProducts.front();
  return selection.undecidedProducts.empty() ? nullptr : selection.undecidedProducts.front();
}

Pair pairFor(const Owner& owner, const Catalogue& catalogue) {
  Pair pair;
  const auto choose = [&](const std::vector<const Product*>& owned, Kind kind, Wishes wishes) {
    if (!owned.empty()) {
      pair.chosen.push_back(fmt::format("{}: yours.", owned.front()->name()));
      return owned.front();
    }
    const Product* found = firstOf(select(kind, wishes, catalogue));
    if (!found) {
      wishes.budget.reset();
      found = firstOf(select(kind, wishes, catalogue));
    }
    if (!found) found = &catalogue.products(kind).front();
    pair.chosen.push_back(fmt::format("{}: the cheapest {} of the catalogue that fits, as you named none.",
                                      found->name(), oneOf(kind)));
    return found;
  };
  pair.interface = choose(owner.interfaces, Kind::interfaces, owner.interfaceWishes(false));
  pair.amplifier = choose(owner.amplifiers, Kind::amplifiers, owner.amplifierWishes());
  return pair;
}

Comparison uses(const Owner& owner, const Pair& pair) {
  Comparison row{.aspect = "Uses"};
  const double inputs = std::max(pair.interface->number("inputs").value_or(0.0),
                                 pair.interface->number("micInputs").value_or(0.0));
  row.facts = {{"inputs of the " + pair.interface->name(), exactly(inputs, ""), "", {}},
               {"inputs of the " + pair.amplifier->name(),
                exactly(0.0, ""),
                "a headphone amplifier records nothing",
                {}},
               {"inputs you need", exactly(owner.inputs(), ""), "", {}}};
  const bool hasConverter = pair.amplifier->yesNo("converter").value_or(false);
  row.winner = owner.inputs() > 0 ? kInterface : kEven;
  row.why = owner.inputs() > 0
                ? "It records and plays; the amplifier only plays."
                : fmt::format("You record nothing, and both play to headphones{}.",
                              hasConverter ? "" : " (the amplifier needs something to play to it)");
  return row;
}

/// Of two ranges in which less (or more) is better, who wins by at least `audible`.
int better(const Estimate& a, const Estimate& b, double audible, bool isLessBetter) {
  if (isLessBetter ? a.high + audible <= b.low : a.low >= b.high + audible) return 1;
  if (isLessBetter ? b.high + audible <= a.low : b.low >= a.high + audible) return -1;
  return 0;
}

void addDistortion(Comparison& row, const Product& product, std::string_view id) {
  if (const Figure* figure = product.find(id))
    row.facts.push_back({fmt::format("distortion and noise of the {}", product.name()),
                         Estimate{figure->low, figure->high, "dB", {}},
                         "20 log10(THD+N)",
                         {sourceOf(product, *figure)}});
}

Comparison sound(const Owner& owner, const Pair& pair, const Catalogue& catalogue) {
  Comparison row{.aspect = "Sound quality"};
  int score = 0;
  const auto output = modelOfOutput(*pair.interface, catalogue),
             other = modelOfOutput(*pair.amplifier, catalogue);
  for (const HeadphoneModel& headphone : owner.headphones) {
    const Drive a = driveOf(output, headphone, owner.words.peakSpl),
                b = driveOf(other, headphone, owner.words.peakSpl);
    for (const Drive* drive : {&a, &b}) {
      const std::string on = fmt::format("{} on the {}", headphone.name, drive->output);
      row.facts.push_back(
          {"loudest peaks of " + on, drive->peakSpl, "S + 20 log10(V) + 3.01 dB", drive->sources});
      row.facts.push_back(
          {"error of the response of " + on, drive->response, "largest less least of the divider, dB", {}});
      row.facts.push_back({"hiss of " + on, drive->hiss, "S + 20 log10(noise voltage)", {}});
    }
    const double wanted = owner.words.peakSpl;
    const auto capped = [wanted](Estimate spl) {
      spl.low = std::min(spl.low, wanted);
      spl.high = std::min(spl.high, wanted);
      return spl;
    };
    const auto hidden = [](Estimate hiss) {  // what nobody hears is no worse than silence
      hiss.low = std::max(hiss.low, kHissFrom);
      hiss.high = std::max(hiss.high, kHissFrom);
      return hiss;
    };
    score += better(capped(a.peakSpl), capped(b.peakSpl), 1.0, false);
    score += better(a.response, b.response, kChangeHeard, true);
    score += better(hidden(a.hiss), hidden(b.hiss), 3.0, true);
  }
  addDistortion(row, *pair.interface,
                pair.interface->find("headphoneDistortion") ? "headphoneDistortion" : "lineDistortion");
  addDistortion(row, *pair.amplifier, "distortion");
  row.winner = score > 0 ? kInterface : score < 0 ? kAmplifier : kEven;
  row.why = owner.headphones.empty() ? "Which headphones they are decides it: name them with --listen."
            : score == 0 ? "No figure separates them by more than is heard, as far as figures are known."
                         : "Counted by level (up to what is wanted), error of the response and audible hiss.";
  return row;
}

Comparison latency(const Owner& owner, const Pair& pair, const BufferSetting& buffer) {
  Comparison row{.aspect = "Latency"};
  const auto direct = pair.interface->yesNo("directMonitoring");
  const Estimate through = roundTrip(buffer);
  row.facts = {
      {"hearing yourself through computer and interface", through, std::string(kRoundTripFormula), {}},
      {"an analogue amplifier by itself", exactly(0.0, "ms"), "a wire", {}}};
  if (direct.value_or(false))
    row.facts.push_back({"hearing yourself by direct monitoring",
                         Estimate{0.0, 1.0, "ms", "analogue, or the delay of its converters"},
                         "",
                         {}});
  if (owner.inputs() > 0) {
    row.winner = kInterface;
    row.why = fmt::format(
        "You play and want to hear yourself: the interface does it in {}{}, the amplifier has no input for "
        "you.",
        textOf(through), direct.value_or(false) ? ", or at once by direct monitoring" : "");
  } else {
    row.winner = kEven;
    row.why = "For listening alone a delay does not matter.";
  }
  return row;
}

Comparison price(const Owner& owner, const Pair& pair) {
  Comparison row{.aspect = "Price"};
  const auto owns = [&](const Product* product) {
    return std::ranges::count(owner.interfaces, product) + std::ranges::count(owner.amplifiers, product) > 0;
  };
  std::optional<double> costs[2];
  int i = 0;
  for (const Product* product : {pair.interface, pair.amplifier}) {
    const Figure* figure = product->find("price", owner.words.currency);
    costs[i] = owns(product) ? std::optional(0.0) : figure ? std::optional(figure->number()) : std::nullopt;
    if (costs[i])
      row.facts.push_back({fmt::format("the {}{}", product->name(), owns(product) ? " (yours already)" : ""),
                           exactly(*costs[i], owner.words.currency), "",
                           figure ? std::vector{sourceOf(*product, *figure)} : std::vector<std::string>{}});
    ++i;
  }
  if (!costs[0] || !costs[1]) {
    row.winner = "not known";
    row.why = "The catalogue lacks a price.";
  } else {
    row.winner = *costs[0] < *costs[1] ? kInterface : *costs[1] < *costs[0] ? kAmplifier : kEven;
    row.why =
        fmt::format("{} against {} {}.", numberText(*costs[0]), numberText(*costs[1]), owner.words.currency);
  }
  return row;
}

Comparison size(const Pair& pair) {
  Comparison row{.aspect = "Size and set-up"};
  for (const Product* product : {pair.interface, pair.amplifier})
    for (const auto& [id, unit] :
         {std::pair{"weight", "g"}, {"width", "mm"}, {"depth", "mm"}, {"height", "mm"}})
      if (const Figure* figure = product->find(id))
        row.facts.push_back({fmt::format("{} of the {}", id, product->name()),
                             exactly(figure->number(), unit),
                             "",
                             {sourceOf(*product, *figure)}});
  const auto driver = pair.interface->yesNo("classCompliant");
  const auto bus = pair.interface->yesNo("busPowered");
  const bool hasConverter = pair.amplifier->yesNo("converter").value_or(false);
  const int interfaceCables = bus.value_or(false) ? 1 : 2, amplifierCables = hasConverter ? 1 : 2;
  row.facts.push_back(
      {"cables beside the headphones', interface",
       bus ? exactly(interfaceCables, "") : Estimate{1, 2, "", "whether it lives on USB power is not known"},
       "USB, and power where it needs it",
       {}});
  row.facts.push_back({"cables beside the headphones', amplifier",
                       exactly(amplifierCables, ""),
                       "USB, or audio and power",
                       {}});
  row.winner = !bus && amplifierCables < 2         ? std::string(kEven)
               : interfaceCables < amplifierCables ? std::string(kInterface)
               : interfaceCables > amplifierCables ? std::string(kAmplifier)
                                                   : std::string(kEven);
  row.why = fmt::format("By the number of cables; {}{}.",
                        row.facts.size() < 5 ? "sizes are not known of both; " : "",
                        driver ? (*driver ? "the interface needs no driver of its maker"
                                          : "the interface needs its maker's driver")
                               : "whether the interface needs a driver is not known");
  return row;
}

}  // namespace

Estimate roundTrip(const BufferSetting& buffer) {
  analog::LatencyPath path;
  path.sampleRate = buffer.sampleRate;
  path.blockFrames = buffer.blockFrames;
  path.blocks = buffer.blocks;
  const double buffers = analog::totalMs(analog::latencyParts(path));
  constexpr double kLeastMore = 2.9, kMostMore = 7.4;
  return {buffers + kLeastMore, buffers + kMostMore, "ms",
          "driver, bus and converters add 2.9 to 7.4 ms where that was measured; no maker states it"};
}

Answer compareWays(const Owner& owner, const BufferSetting& buffer, const Catalogue& catalogue) {
  const Pair pair = pairFor(owner, catalogue);
  Answer answer;
  answer.question = fmt::format("An interface or a headphone amplifier: the {} beside the {}.",
                                pair.interface->name(), pair.amplifier->name());
  answer.comparisons = {uses(owner, pair), sound(owner, pair, catalogue), latency(owner, pair, buffer),
                        price(owner, pair), size(pair)};
  int wins[2] = {};
  for (const Comparison& row : answer.comparisons) {
    wins[0] += row.winner == kInterface;
    wins[1] += row.winner == kAmplifier;
  }
  answer.verdict = wins[0] > wins[1]   ? "The interface"
                   : wins[1] > wins[0] ? "The headphone amplifier"
                                       : "Even";
  answer.summary = fmt::format("It wins {} of five comparisons, the other {}; the rest is even or not known.",
                               std::max(wins[0], wins[1]), std::min(wins[0], wins[1]));
  answer.notes = pair.chosen;
  answer.notes.insert(answer.notes.end(), owner.assumptions.begin(), owner.assumptions.end());
  answer.changes.push_back(owner.inputs() > 0
                               ? "If nothing were recorded, uses and latency would be even."
                               : "If anything is to be recorded, uses and latency go to the interface.");
  return answer;
}

}  // namespace gainstage::advise
