#include "formats/eq_filter_line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

#include "formats/json_reader.h"
#include "formats/nearest_name.h"

namespace gainstage::formats {
namespace {

constexpr double kMostGainDb = 60.0;
constexpr double kLeastQ = 0.01, kMostQ = 1000.0;

/// What Equalizer APO assumes where a filter has no Q: shelves a slope of 0.9, notches 30 (both found by its
/// author against Room EQ Wizard), the others a Butterworth's.
constexpr double kUsualSlope = 0.9, kUsualNotchQ = 30.0, kButterworthQ = 0.70710678118654752;

struct TypeWord {
  std::string_view word;
  EqFilterType type;
  bool corner = false;  ///< its Fc is where a shelf begins, not its middle
};

constexpr std::array<TypeWord, 14> kTypes{{{"PK", EqFilterType::peak},
                                           {"PEQ", EqFilterType::peak},
                                           {"Modal", EqFilterType::peak},
                                           {"LS", EqFilterType::lowShelf, true},
                                           {"HS", EqFilterType::highShelf, true},
                                           {"LSC", EqFilterType::lowShelf},
                                           {"HSC", EqFilterType::highShelf},
                                           {"LP", EqFilterType::lowPass},
                                           {"HP", EqFilterType::highPass},
                                           {"LPQ", EqFilterType::lowPass},
                                           {"HPQ", EqFilterType::highPass},
                                           {"BP", EqFilterType::bandPass},
                                           {"NO", EqFilterType::notch},
                                           {"AP", EqFilterType::allPass}}};

Error problem(std::string what) { return {ErrorKind::file, std::move(what)}; }

bool isShelf(EqFilterType type) { return type == EqFilterType::lowShelf || type == EqFilterType::highShelf; }

/// What a line gives, before any of it is turned into another.
struct Given {
  std::optional<double> frequencyHz, gainDb, q, octaves, slopeDb;
};

std::string unknownWord(std::string_view word, std::string_view rest) {
  static constexpr std::array<std::string_view, 5> kWords{"Fc", "Gain", "Q", "BW", "T60"};
  const std::string nearest = nearestName(word, kWords);
  return fmt::format("has {} where Fc, Gain, Q or BW was expected{}", inQuotes(word.empty() ? rest : word),
                     nearest.empty() ? "" : fmt::format(": did you mean {}?", nearest));
}

/// Room EQ Wizard adds the decay that a modal filter aims at: "T60 target 300 ms".
bool skipDecay(EqScanner& scanner) {
  EqScanner ahead = scanner;
  if (!ahead.take("T") || !ahead.number()) return false;
  ahead.take("target");
  if (!ahead.number()) return false;
  ahead.take("ms");
  scanner = ahead;
  return true;
}

Result<Given> readGiven(EqScanner& scanner, bool mayHaveSlope, int& commas) {
  Given given;
  const auto read = [&](std::optional<double>& into, std::string_view what, std::string_view unit,
                        double lowest, double highest) -> Result<void> {
    if (into) return problem(fmt::format("gives {} twice", what));
    auto number = readEqNumber(scanner, what, unit, lowest, highest, commas);
    if (!number) return number.error();
    into = *number;
    return {};
  };
  if (EqScanner ahead = scanner; mayHaveSlope && ahead.number())
    if (auto got = read(given.slopeDb, "the slope", "dB", 0.1, 24.0); !got) return got.error();
  while (!scanner.atEnd()) {
    Result<void> got;
    const std::string_view rest = scanner.piece();
    if (scanner.take("Fc")) {
      got = read(given.frequencyHz, "Fc", "Hz", 1.0, 1e6);
    } else if (scanner.take("Gain")) {
      got = read(given.gainDb, "Gain", "dB", -kMostGainDb, kMostGainDb);
    } else if (scanner.take("Q")) {
      got = read(given.q, "Q", "", kLeastQ, kMostQ);
    } else if (scanner.take("BW")) {
      scanner.take("Oct");
      got = read(given.octaves, "BW", "Oct", 0.001, 10.0);
    } else if (!skipDecay(scanner)) {
      return problem(unknownWord(scanner.word(), rest));
    }
    if (!got) return got.error();
  }
  return given;
}

/// The cookbook's Q of a shelf of slope S = 1 at 12 dB per octave; not finite where there is none so steep.
double qOfSlope(double slope, double a) { return 1.0 / std::sqrt((a + 1.0 / a) * (1.0 / slope - 1.0) + 2.0); }

/// The cookbook's Q of a bandwidth between the points of half the gain in dB (of a band-pass: of -3 dB).
double qOfBandwidth(double octaves, double frequencyHz, double rateHz) {
  const double w = 2.0 * std::numbers::pi * frequencyHz / rateHz;
  return 0.5 / std::sinh(0.5 * std::numbers::ln2 * octaves * w / std::sin(w));
}

/// Equalizer APO's way from the frequency where a shelf leaves its plateau to the one in its middle.
double middleOf(double cornerHz, const EqFilter& filter, double a) {
  const double perSlope = (1.0 / (filter.q * filter.q) - 2.0) / (a + 1.0 / a) + 1.0;
  const double factor = std::pow(10.0, std::abs(filter.gainDb) / 80.0 * perSlope);
  return filter.type == EqFilterType::lowShelf ? cornerHz * factor : cornerHz / factor;
}

Result<EqFilter> filterOf(const TypeWord& type, const Given& given, double rateHz) {
  const bool shelf = isShelf(type.type), bell = type.type == EqFilterType::peak;
  if (!given.frequencyHz) return problem("lacks its frequency: add \"Fc 1000 Hz\"");
  if ((shelf || bell) && !given.gainDb) return problem("lacks its gain: add \"Gain 3 dB\"");
  if ((bell || type.type == EqFilterType::allPass) && !given.q && !given.octaves)
    return problem("lacks its width: add \"Q 1\"");
  EqFilter filter{type.type, *given.frequencyHz, shelf || bell ? *given.gainDb : 0.0, kButterworthQ};
  const double a = std::pow(10.0, filter.gainDb / 40.0), half = 0.5 * rateHz;
  if (type.type == EqFilterType::notch) filter.q = kUsualNotchQ;
  if (shelf) filter.q = qOfSlope(given.slopeDb ? *given.slopeDb / 12.0 : kUsualSlope, a);
  if (given.q) filter.q = *given.q;
  if (given.octaves && filter.frequencyHz < half)
    filter.q = qOfBandwidth(*given.octaves, filter.frequencyHz, rateHz);
  if (type.corner && (given.q || given.slopeDb)) filter.frequencyHz = middleOf(*given.frequencyHz, filter, a);
  if (!(filter.q >= kLeastQ && filter.q <= kMostQ))
    return problem(given.octaves ? "has a bandwidth that no Q stands for: write Q instead"
                                 : "has a slope that a shelf of this gain cannot have: write Q instead");
  if (!(filter.frequencyHz < half * 0.999))
    return problem(
        fmt::format("lies at {:.6g} Hz, and filters made at {:g} Hz reach up to half of that: lower it, or "
                    "say \"# Sample rate: 96000 Hz\" where it is made for another",
                    filter.frequencyHz, rateHz));
  return filter;
}

}  // namespace

Result<double> readEqNumber(EqScanner& scanner, std::string_view what, std::string_view unit, double lowest,
                            double highest, int& commas) {
  const auto number = scanner.number();
  if (!number) return problem(scanner.whyNoNumber(what));
  commas += number->comma ? 1 : 0;
  double value = number->value;
  if (unit == "Hz" && scanner.take("kHz"))
    value *= 1000.0;
  else if (!unit.empty())
    scanner.take(unit);
  if (value >= lowest && value <= highest) return value;
  return problem(fmt::format("has {:g}{}{} for {}, which must be from {:g} to {:g}", value,
                             unit.empty() ? "" : " ", unit, what, lowest, highest));
}

Result<EqFilterLine> readEqFilterLine(EqScanner scanner, double rateHz) {
  EqFilterLine line;
  line.off = scanner.take("OFF");
  if (line.off || scanner.atEnd()) return line;
  if (!scanner.take("ON"))
    return problem(fmt::format("has {} where ON or OFF was expected", inQuotes(scanner.piece())));
  const std::string_view rest = scanner.piece(), word = scanner.word();
  if (sameWord(word, "None")) return line;
  const auto type =
      std::ranges::find_if(kTypes, [&](const TypeWord& known) { return sameWord(known.word, word); });
  if (type == kTypes.end()) {
    std::array<std::string_view, kTypes.size()> words;
    std::ranges::transform(kTypes, words.begin(), &TypeWord::word);
    const std::string nearest = nearestName(word, words);
    return problem(fmt::format("is of the unknown type {}: {}", inQuotes(word.empty() ? rest : word),
                               nearest.empty() ? fmt::format("choose {}", fmt::join(words, ", "))
                                               : fmt::format("did you mean {}?", nearest)));
  }
  const auto given = readGiven(scanner, isShelf(type->type), line.commas);
  if (!given) return given.error();
  const auto filter = filterOf(*type, *given, rateHz);
  if (!filter) return filter.error();
  line.filter = *filter;
  return line;
}

}  // namespace gainstage::formats
