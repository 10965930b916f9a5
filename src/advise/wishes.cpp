#include "advise/wishes.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace gainstage::advise {
namespace {

std::string small(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return out;
}

/// Every wish in turn against one product.
class Checker {
 public:
  Checker(const Product& product, const Wishes& wishes, const Catalogue& catalogue)
      : product_(product), wishes_(wishes), catalogue_(catalogue) {}

  std::vector<Check> run() {
    if (product_.kind == Kind::interfaces) {
      inputs();
      atLeast("micInputs", wishes_.micInputs, "microphone input");
      atLeast("headphoneOutputs", wishes_.headphoneOutputs, "headphone output");
      if (wishes_.ownLevels)
        atLeast("headphoneLevels", std::max(1, wishes_.headphoneOutputs),
                "headphone outputs with a level of their own");
      atLeast("lineOutputs", wishes_.lineOutputs, "line output");
      yesNo("midi", wishes_.midi, "MIDI");
      yesNo("directMonitoring", wishes_.directMonitoring, "direct monitoring");
      yesNo("busPowered", wishes_.busPowered, "power from USB");
      yesNo("classCompliant", wishes_.classCompliant, "class compliance");
      atLeast("sampleRate", wishes_.sampleRateKhz.value_or(0.0), "kHz");
      atLeast("bits", wishes_.bits.value_or(0.0), "bits");
      connectors();
    }
    if (product_.kind == Kind::amplifiers) {
      atLeast("outputs", wishes_.headphoneOutputs, "headphone output");
      yesNo("converter", wishes_.converter, "a converter of its own");
    }
    if (product_.kind == Kind::interfaces || product_.kind == Kind::microphones)
      yesNo("phantom", wishes_.phantom,
            product_.kind == Kind::interfaces ? "phantom power" : "needing phantom power");
    atMost("weight", wishes_.weightG, "g");
    for (const std::string_view side : {"width", "depth", "height"}) atMost(side, wishes_.lengthMm, "mm");
    budget();
    if (product_.kind == Kind::interfaces || product_.kind == Kind::amplifiers)
      for (const HeadphoneModel& headphone : wishes_.headphones) drives(headphone);
    return std::move(checks_);
  }

 private:
  void add(Held held, std::string text, bool isDrive = false) {
    checks_.push_back({held, std::move(text), isDrive});
  }

  /// Inputs are rarely counted apart from digital ones: microphone inputs are a lower bound, all channels an
  /// upper.
  void inputs() {
    if (wishes_.inputs <= 0) return;
    const auto known = product_.number("inputs"), mics = product_.number("micInputs"),
               channels = product_.number("channelsIn");
    if (known)
      add(*known >= wishes_.inputs ? Held::yes : Held::no, counted(*known, "input") + " at once");
    else if (mics && *mics >= wishes_.inputs)
      add(Held::yes, counted(*mics, "input") + " at least");
    else if (channels && *channels < wishes_.inputs)
      add(Held::no, counted(*channels, "channel") + " in all");
    else
      add(Held::unknown, "number of inputs unknown");
  }

  static bool isUnit(std::string_view what) { return !what.ends_with("put"); }

  void atLeast(std::string_view id, double wanted, std::string_view what) {
    if (wanted <= 0.0) return;
    const auto known = product_.number(id);
    if (!known)
      add(Held::unknown,
          fmt::format("{} unknown", isUnit(what) ? std::string(what) : fmt::format("number of {}s", what)));
    else
      add(*known >= wanted ? Held::yes : Held::no,
          isUnit(what) ? fmt::format("{:g} {}", *known, what) : counted(*known, what));
  }

  void atMost(std::string_view id, std::optional<double> wanted, std::string_view unit) {
    if (!wanted) return;
    const auto known = product_.number(id);
    if (!known)
      add(Held::unknown, fmt::format("{} unknown", id));
    else
      add(*known <= *wanted ? Held::yes : Held::no, fmt::format("{} {:g} {}", id, *known, unit));
  }

  void yesNo(std::string_view id, std::optional<bool> wanted, std::string_view what) {
    if (!wanted) return;
    const auto known = product_.yesNo(id);
    if (!known)
      add(Held::unknown, fmt::format("{} unknown", what));
    else
      add(*known == *wanted ? Held::yes : Held::no, fmt::format("{}{}", *known ? "" : "no ", what));
  }

  /// A list of connectors seldom names all of them: what it does not name is not known.
  void connectors() {
    const Figure* figure = product_.find("connectors");
    for (const std::string& wanted : wishes_.connectors) {
      const bool isNamed = figure && small(figure->written).find(small(wanted)) != std::string::npos;
      add(isNamed ? Held::yes : Held::unknown, fmt::format("{}{}", wanted, isNamed ? "" : " unknown"));
    }
  }

  void budget() {
    if (!wishes_.budget) return;
    const Figure* price = product_.find("price", wishes_.currency);
    if (!price)
      add(Held::unknown, fmt::format("price in {} unknown", wishes_.currency));
    else if (price->number() > *wishes_.budget)
      add(Held::no, fmt::format("{:g} {} is above the budget", price->number(), price->unit));
  }

  void drives(const HeadphoneModel& headphone) {
    const Drive drive = driveOf(modelOfOutput(product_, catalogue_), headphone, wishes_.peakSpl);
    const std::string text = fmt::format("{} reach {}", headphone.name, textOf(drive.peakSpl));
    if (drive.isTooQuiet(wishes_.peakSpl))
      add(Held::no, text, true);
    else if (drive.isLoudEnough(wishes_.peakSpl))
      add(drive.response.low > kChangeObvious ? Held::no : Held::yes,
          drive.response.low > kChangeObvious
              ? fmt::format("its output impedance bends the response of {} by {}", headphone.name,
                            textOf(drive.response))
              : text,
          true);
    else
      add(Held::unknown, text + (drive.peakSpl.reason.empty() ? "" : " (" + drive.peakSpl.reason + ")"),
          true);
  }

  const Product& product_;
  const Wishes& wishes_;
  const Catalogue& catalogue_;
  std::vector<Check> checks_;
};

void sortTogether(std::vector<Candidate>& candidates, std::vector<const Product*>& products) {
  std::vector<std::size_t> order(candidates.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const Figure *first = candidates[a].price, *second = candidates[b].price;
    if (!first || !second) return first && !second;
    return first->number() < second->number();
  });
  std::vector<Candidate> sorted;
  std::vector<const Product*> sortedProducts;
  for (const std::size_t i : order) {
    sorted.push_back(std::move(candidates[i]));
    sortedProducts.push_back(products[i]);
  }
  candidates = std::move(sorted);
  products = std::move(sortedProducts);
}

}  // namespace

std::vector<Check> checksOf(const Product& product, const Wishes& wishes, const Catalogue& catalogue) {
  return Checker(product, wishes, catalogue).run();
}

Selection select(Kind kind, const Wishes& wishes, const Catalogue& catalogue) {
  Selection selection;
  for (const Product& product : catalogue.products(kind)) {
    const auto checks = checksOf(product, wishes, catalogue);
    const auto count = [&](Held held) { return std::ranges::count(checks, held, &Check::held); };
    const Held decides = count(Held::no) ? Held::no : count(Held::unknown) ? Held::unknown : Held::yes;
    Candidate candidate{product.name(), product.find("price", wishes.currency), {}};
    for (const Check& check : checks)
      if (check.held == decides) candidate.why.push_back(check.text);
    if (candidate.why.empty()) candidate.why.push_back("nothing was asked of it");
    if (decides == Held::no) {
      selection.failing.push_back(std::move(candidate));
      continue;
    }
    const bool isFitting = decides == Held::yes;
    (isFitting ? selection.fitting : selection.undecided).push_back(std::move(candidate));
    (isFitting ? selection.fittingProducts : selection.undecidedProducts).push_back(&product);
  }
  sortTogether(selection.fitting, selection.fittingProducts);
  sortTogether(selection.undecided, selection.undecidedProducts);
  sortByPrice(selection.failing);
  return selection;
}

}  // namespace gainstage::advise
