#include "advise/output_model.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

#include "analog/gear/levels.h"

namespace gainstage::advise {
namespace {

using analog::RatedPower;

std::string_view impedanceId(Kind kind) {
  return kind == Kind::interfaces ? "headphoneImpedance" : "outputImpedance";
}

/// Powers that are stated with their loads; of two for one load, the measured one.
struct Ratings {
  std::vector<RatedPower> powers;
  std::optional<double> volts;  ///< unloaded
  bool isBalanced = false;
  std::vector<const Figure*> figures;
};

void collect(const Product& product, std::string_view id, std::map<double, const Figure*>& byLoad) {
  for (const Figure* figure : product.all(id)) {
    if (!figure->atOhm || !std::isfinite(figure->low)) continue;
    const auto [place, isNew] = byLoad.try_emplace(*figure->atOhm, figure);
    if (!isNew && figure->status == Status::measured) place->second = figure;
  }
}

Ratings ratingsOf(const Product& product) {
  Ratings ratings;
  std::map<double, const Figure*> byLoad;
  if (product.kind == Kind::interfaces) {
    collect(product, "headphonePower", byLoad);
    collect(product, "headphoneLevel", byLoad);
    for (const Figure* figure : product.all("headphoneLevel"))
      if (!figure->atOhm) {
        ratings.volts = analog::voltsFromDbu(figure->number());
        ratings.figures.push_back(figure);
      }
  } else {
    collect(product, "power", byLoad);
    if (byLoad.empty()) {
      collect(product, "powerBalanced", byLoad);
      ratings.isBalanced = !byLoad.empty();
    }
    if (const Figure* figure = product.find("maximumVoltage")) {
      ratings.volts = figure->number();
      ratings.figures.push_back(figure);
    }
  }
  for (const auto& [ohm, figure] : byLoad) {
    const double milliwatts = figure->unit == "dBu"
                                  ? analog::milliwatts(analog::voltsFromDbu(figure->number()), ohm)
                                  : figure->number();
    ratings.powers.push_back({milliwatts, ohm});
    ratings.figures.push_back(figure);
  }
  return ratings;
}

/// Noise at the output in dBu A-weighted, from what is stated about it and the largest level.
std::optional<double> statedNoise(const Product& product, double volts, std::vector<const Figure*>& used) {
  if (const Figure* figure = product.find("noise")) {
    used.push_back(figure);
    return analog::dbuFromVolts(1e-6 * (std::isfinite(figure->high) ? figure->high : figure->low));
  }
  for (const std::string_view id : {"headphoneDynamicRange", "snr"})
    if (const Figure* figure = product.find(id); figure && volts > 0.0) {
      used.push_back(figure);
      return analog::dbuFromVolts(volts) - (figure->number());
    }
  return std::nullopt;
}

/// What outputs of that kind are like, where they are known.
struct Spread {
  Estimate ohm, volts, milliampere, noise;
};

Spread spreadOf(Kind kind, const Catalogue& catalogue) {
  std::vector<double> ohms, volts, milliamperes, noises;
  for (const Product& product : catalogue.products(kind)) {
    const Figure* impedance = product.find(impedanceId(kind));
    if (impedance && impedance->isExact()) ohms.push_back(impedance->low);
    const Ratings ratings = ratingsOf(product);
    const double ohm = impedance ? impedance->number() : 0.0;
    const auto limits = analog::limitsFromRatings(ratings.powers, ohm);
    const double most = ratings.volts.value_or(limits.volts);
    if (most > 0.0) volts.push_back(most);
    if (limits.milliampere > 0.0) milliamperes.push_back(limits.milliampere);
    std::vector<const Figure*> used;
    if (const auto noise = statedNoise(product, most, used)) noises.push_back(*noise);
  }
  return {spanning(ohms, "ohm"), spanning(volts, "V"), spanning(milliamperes, "mA"),
          spanning(noises, "dBu(A)")};
}

/// What is said of the loads of stated powers.
std::string loadsText(const std::vector<RatedPower>& powers) {
  return powers.size() == 1 ? numberText(powers[0].loadOhm) + " ohm"
                            : fmt::format("{} to {} ohm", numberText(powers.front().loadOhm),
                                          numberText(powers.back().loadOhm));
}

}  // namespace

Estimate OutputModel::voltsInto(double ohm) const {
  const std::string_view kind = product ? oneOf(product->kind) : "computer output";
  if (!isPowerKnown()) {
    const double low =
        std::min(usualVolts.low * ohm / (ohm + impedance.high), 1e-3 * usualMilliampere.low * ohm);
    const double high =
        std::min(usualVolts.high * ohm / (ohm + impedance.low), 1e-3 * usualMilliampere.high * ohm);
    return {low, high, "V",
            product ? fmt::format("nobody states its power: {}s of the catalogue give {} and {}", kind,
                                  textOf(usualVolts), textOf(usualMilliampere))
                    : fmt::format("nobody states it for a computer: taken as {}", textOf(usualVolts))};
  }
  // With a load smaller than any stated, at least the current of the smallest; with a larger, at least the
  // voltage.
  double low = 0.0, high = openVolts.value_or(std::max(usualVolts.high, 0.0));
  double leastAmpere = 1e-3 * usualMilliampere.low, mostAmpere = 1e-3 * usualMilliampere.high;
  bool isStatedForIt = false;
  for (const RatedPower& each : powers) {
    const double volts = analog::voltsFromMilliwatts(each.milliwatts, each.loadOhm),
                 ampere = volts / each.loadOhm;
    mostAmpere = std::max(mostAmpere, ampere);
    if (each.loadOhm <= ohm) {
      low = std::max(low, volts);
      high = std::min(std::max(high, volts), ampere * ohm);
    }
    if (each.loadOhm >= ohm) {
      low = std::max(low, ampere * ohm);
      high = std::min(high, volts);
    }
    isStatedForIt |= std::abs(each.loadOhm / ohm - 1.0) < 0.1;
  }
  if (powers.empty()) {
    low = std::min(*openVolts * ohm / (ohm + impedance.high), leastAmpere * ohm);
    high = std::min(*openVolts * ohm / (ohm + impedance.low), mostAmpere * ohm);
  } else {
    high = std::max(low, std::min(high, mostAmpere * ohm));
  }
  std::string reason;
  if (powers.empty())
    reason = fmt::format("its largest current is not stated: {}s give {}", kind, textOf(usualMilliampere));
  else if (!isStatedForIt)
    reason =
        fmt::format("its power is stated for {}, not for {} ohm: current and voltage of those set the bounds",
                    loadsText(powers), numberText(ohm));
  if (isBalanced) reason += reason.empty() ? "from its balanced socket" : " (from its balanced socket)";
  return {low, high, "V", reason};
}

analog::HeadphoneAmplifier OutputModel::at(double ohm, double noiseDbuA) const noexcept {
  analog::HeadphoneAmplifier amplifier;
  amplifier.outputImpedanceOhm = ohm;
  amplifier.noiseDbuA = noiseDbuA;
  return amplifier;
}

OutputModel modelOfOutput(const Product& product, const Catalogue& catalogue) {
  OutputModel model;
  model.name = product.name();
  model.product = &product;
  const Spread spread = spreadOf(product.kind, catalogue);
  const auto impedances = product.all(impedanceId(product.kind));
  if (impedances.empty()) {
    model.impedance = spread.ohm;
    model.impedance.reason = fmt::format("nobody states its output impedance: {}s of the catalogue have {}",
                                         oneOf(product.kind), textOf(spread.ohm));
  } else {
    model.isImpedanceKnown = true;
    std::vector<double> ohms;
    for (const Figure* figure : impedances) {
      ohms.push_back(std::isfinite(figure->low) ? figure->low : 0.0);
      ohms.push_back(std::isfinite(figure->high) ? figure->high : figure->low);
      model.sources.push_back(sourceOf(product, *figure));
    }
    model.impedance = spanning(ohms, "ohm");
  }
  const Ratings ratings = ratingsOf(product);
  for (const Figure* figure : ratings.figures) model.sources.push_back(sourceOf(product, *figure));
  model.powers = ratings.powers;
  model.openVolts = ratings.volts;
  model.isBalanced = ratings.isBalanced;
  model.usualVolts = spread.volts;
  model.usualMilliampere = spread.milliampere;
  const double stated = ratings.volts.value_or(analog::limitsFromRatings(ratings.powers, 0.0).volts);
  std::vector<const Figure*> used;
  std::vector<double> noises;
  for (const double volts :
       {stated > 0.0 ? stated : spread.volts.low, stated > 0.0 ? stated : spread.volts.high})
    if (const auto noise = statedNoise(product, volts, used)) noises.push_back(*noise);
  model.isNoiseKnown = !noises.empty();
  if (model.isNoiseKnown) {
    model.noise = spanning(noises, "dBu(A)",
                           noises.front() != noises.back()
                               ? "its signal-to-noise counts from a largest level that is not stated"
                               : "");
    model.sources.push_back(sourceOf(product, *used.front()));
  } else {
    model.noise = spread.noise;
    model.noise.reason = fmt::format("nobody states its noise: {}s of the catalogue have {}",
                                     oneOf(product.kind), textOf(spread.noise));
  }
  return model;
}

OutputModel computerOutput() {
  OutputModel model;
  model.name = "the computer's own output";
  model.impedance = {0.0, 75.0, "ohm", "nobody states it for a computer: taken as 0 to 75 ohm"};
  model.usualVolts = {0.3, 1.5, "V", {}};
  model.usualMilliampere = {9.4, 47.0, "mA", {}};  // those volts into 32 ohm
  model.noise = {-100.0, -80.0, "dBu(A)", "nobody states it for a computer: taken as -100 to -80 dBu(A)"};
  return model;
}

}  // namespace gainstage::advise
