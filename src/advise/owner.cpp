#include "advise/owner.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "formats/nearest_name.h"

namespace gainstage::advise {
namespace {

// Drums: bass drum, snare and two above are the least that makes a kit in stereo.
constexpr std::array kSources{RecordedSource{"guitar", 0, 1, 0},  RecordedSource{"bass", 0, 1, 0},
                              RecordedSource{"voice", 1, 0, 0},   RecordedSource{"acoustic", 1, 0, 0},
                              RecordedSource{"strings", 1, 0, 0}, RecordedSource{"wind", 1, 0, 0},
                              RecordedSource{"drums", 4, 0, 0},   RecordedSource{"keys", 0, 0, 2},
                              RecordedSource{"synth", 0, 0, 2},   RecordedSource{"microphone", 1, 0, 0},
                              RecordedSource{"line", 0, 0, 1}};
constexpr std::array<std::string_view, 5> kPlaces{"home", "flat", "rehearsal", "stage", "travel"};
constexpr std::array kGear{Kind::interfaces, Kind::amplifiers, Kind::microphones, Kind::pickups};

Error usage(std::string message) { return {ErrorKind::usage, std::move(message)}; }

template <typename Names>
std::string choice(std::string_view word, const Names& names) {
  std::vector<std::string> known;
  for (const auto& name : names) known.emplace_back(name);
  const std::string nearest = formats::nearestName(word, known);
  return nearest.empty() ? fmt::format("choose from {}", fmt::join(known, ", "))
                         : fmt::format("did you mean {}?", nearest);
}

Result<void> addRecorded(Owner& owner, const std::string& word) {
  const std::size_t colon = word.find(':');
  const std::string name = word.substr(0, colon);
  int count = 1;
  if (colon != std::string::npos) {
    const char *from = word.data() + colon + 1, *to = word.data() + word.size();
    const auto [end, failed] = std::from_chars(from, to, count);
    if (failed != std::errc() || end != to || count < 1 || count > 64)
      return usage(fmt::format("\"{}\": write how many as in voice:2, from 1 to 64.", word));
  }
  const auto* source = std::ranges::find(kSources, name, &RecordedSource::name);
  if (source == kSources.end()) {
    std::vector<std::string_view> names;
    for (const RecordedSource& each : kSources) names.push_back(each.name);
    return usage(fmt::format("Nothing is known about recording \"{}\": {}", name, choice(name, names)));
  }
  owner.microphones += count * source->microphones;
  owner.instruments += count * source->instruments;
  owner.lines += count * source->lines;
  return {};
}

std::string notKnown(std::string_view what, std::string_view name, const std::vector<std::string>& nearest) {
  return fmt::format("No {} called \"{}\" is in the catalogue{}", what, name,
                     nearest.empty() ? "; \"gainstage advise list\" shows what is"
                                     : fmt::format(": did you mean {}?", fmt::join(nearest, ", or ")));
}

void noteAssumption(const Match& match, std::string_view name, std::vector<std::string>& assumptions) {
  if (match.alternatives.empty()) return;
  std::vector<std::string> others;
  for (const Product* each : match.alternatives) others.push_back(each->name());
  assumptions.push_back(fmt::format("\"{}\" is taken as the {}; there is also the {}.", name,
                                    match.product->name(), fmt::join(others, ", the ")));
}

Result<void> addGear(Owner& owner, const std::string& name, const Catalogue& catalogue) {
  if (name == "guitar amplifier") {
    owner.ownsGuitarAmplifier = true;
    return {};
  }
  if (name == "computer" || name == "guitar") return {};
  for (const Kind kind : kGear) {
    const Match match = catalogue.find(kind, name);
    if (match.product) {
      noteAssumption(match, name, owner.assumptions);
      auto& list = kind == Kind::interfaces    ? owner.interfaces
                   : kind == Kind::amplifiers  ? owner.amplifiers
                   : kind == Kind::microphones ? owner.ownMicrophones
                                               : owner.pickups;
      list.push_back(match.product);
      return {};
    }
  }
  if (const Match match = catalogue.find(Kind::headphones, name); match.product) {
    owner.headphones.push_back(modelOf(*match.product, catalogue));
    return {};
  }
  return usage(notKnown("gear", name, catalogue.nearest(kGear, name)));
}

}  // namespace

std::span<const RecordedSource> recordedSources() noexcept { return kSources; }
std::span<const std::string_view> places() noexcept { return kPlaces; }

bool Owner::needsPhantom() const noexcept {
  return std::ranges::any_of(ownMicrophones,
                             [](const Product* each) { return each->yesNo("phantom").value_or(false); });
}

Wishes Owner::interfaceWishes(bool mustDriveHeadphones) const {
  Wishes wishes;
  wishes.inputs = inputs();
  wishes.micInputs = microphones;
  if (needsPhantom()) wishes.phantom = true;
  if (words.place == "travel") wishes.busPowered = true;
  if (words.place == "stage" || words.place == "rehearsal") wishes.directMonitoring = true;
  wishes.budget = words.budget;
  wishes.currency = words.currency;
  wishes.peakSpl = words.peakSpl;
  if (mustDriveHeadphones) wishes.headphones = headphones;
  return wishes;
}

Wishes Owner::amplifierWishes() const {
  Wishes wishes;
  wishes.budget = words.budget;
  wishes.currency = words.currency;
  wishes.peakSpl = words.peakSpl;
  wishes.headphones = headphones;
  return wishes;
}

Result<const Product*> productNamed(Kind kind, std::string_view name, const Catalogue& catalogue,
                                    std::vector<std::string>& assumptions) {
  const Match match = catalogue.find(kind, name);
  if (!match.product) return usage(notKnown(oneOf(kind), name, match.nearest));
  noteAssumption(match, name, assumptions);
  return match.product;
}

Result<OutputModel> outputNamed(std::string_view name, const Catalogue& catalogue,
                                std::vector<std::string>& assumptions) {
  if (name == "computer") return computerOutput();
  constexpr std::array kOutputs{Kind::interfaces, Kind::amplifiers};
  for (const Kind kind : kOutputs) {
    const Match match = catalogue.find(kind, name);
    if (match.product) {
      noteAssumption(match, name, assumptions);
      return modelOfOutput(*match.product, catalogue);
    }
  }
  return usage(notKnown("interface or headphone amplifier", name, catalogue.nearest(kOutputs, name)));
}

Result<Owner> ownerFrom(const OwnerWords& words, const Catalogue& catalogue) {
  Owner owner;
  owner.words = words;
  for (const std::string& word : words.record)
    if (auto added = addRecorded(owner, word); !added) return added.error();
  for (const std::string& name : words.own)
    if (auto added = addGear(owner, name, catalogue); !added) return added.error();
  for (const std::string& name : words.listen) {
    if (name == "loudspeakers" || name == "monitors") {
      owner.hasLoudspeakers = true;
      continue;
    }
    const auto product = productNamed(Kind::headphones, name, catalogue, owner.assumptions);
    if (!product) return product.error();
    owner.headphones.push_back(modelOf(**product, catalogue));
  }
  if (std::ranges::find(kPlaces, words.place) == kPlaces.end())
    return usage(fmt::format("Nothing is known about playing at \"{}\": {}", words.place,
                             choice(words.place, kPlaces)));
  return owner;
}

}  // namespace gainstage::advise
