#include "advise/headphone_model.h"

#include <cmath>
#include <fmt/format.h>
#include <map>

namespace gainstage::advise {
namespace {

/// Without a frequency, or near the 1 kHz that sensitivities are stated at.
bool isNominal(const Figure& impedance) {
  return !impedance.atHz || (*impedance.atHz >= 900.0 && *impedance.atHz <= 1100.0);
}

Estimate impedanceOf(const Product& headphone, const Catalogue& catalogue,
                     std::vector<std::string>& sources) {
  std::vector<double> known;
  for (const Figure* figure : headphone.all("impedance"))
    if (isNominal(*figure)) {
      known.push_back(figure->number());
      sources.push_back(sourceOf(headphone, *figure));
    }
  if (!known.empty()) return spanning(known, "ohm", known.size() > 1 ? "those who state it differ" : "");
  std::vector<double> others;
  for (const Product& other : catalogue.products(Kind::headphones))
    for (const Figure* figure : other.all("impedance"))
      if (isNominal(*figure)) others.push_back(figure->number());
  return spanning(
      others, "ohm",
      fmt::format("nobody states it for the {}: headphones lie anywhere between these", headphone.name()));
}

Estimate sensitivityOf(const Product& headphone, const Estimate& impedance, const Catalogue& catalogue,
                       bool& isKnown, std::vector<std::string>& sources) {
  std::vector<double> known;
  std::string reason;
  for (const Figure* figure : headphone.all("sensitivity")) {
    const bool isPerVolt = figure->unit == "dB/V";
    for (const double ohm : {impedance.low, impedance.high})
      known.push_back(isPerVolt ? figure->number() : analog::dbPerVFromDbPerMw(figure->number(), ohm));
    reason += fmt::format("{}{} {} ({})", reason.empty() ? "" : ", ", figure->written, figure->unit,
                          nameOf(figure->status));
    sources.push_back(sourceOf(headphone, *figure));
  }
  isKnown = !known.empty();
  if (isKnown) {
    Estimate estimate = spanning(known, "dB/V");
    if (!estimate.isExact()) estimate.reason = "stated: " + reason;
    return estimate;
  }
  const Figure* wear = headphone.find("wear");
  std::vector<double> others;
  for (const Product& other : catalogue.products(Kind::headphones)) {
    const Figure* otherWear = other.find("wear");
    if (wear && otherWear && wear->written != otherWear->written) continue;
    for (const Figure* figure : other.all("sensitivity"))
      if (figure->unit == "dB/V") others.push_back(figure->number());
  }
  return spanning(
      others, "dB/V",
      fmt::format("nobody states it for the {}: others of its kind lie between these", headphone.name()));
}

}  // namespace

analog::Headphone HeadphoneModel::at(double ohm, double dbPerV) const {
  analog::Headphone headphone;
  headphone.impedance.nominalOhm = ohm;
  if (curve) headphone.impedance.curve = curve;
  headphone.sensitivityDbPerV = dbPerV;
  // Its power limit is its owner's business and seldom stated: what an output could do to it is not a level
  // to listen at.
  return headphone;
}

bool HeadphoneModel::isEarphone() const noexcept {
  const Figure* wear = product ? product->find("wear") : nullptr;
  return wear && (wear->written == "in-ear" || wear->written == "earbud");
}

HeadphoneModel modelOf(const Product& headphone, const Catalogue& catalogue) {
  HeadphoneModel model;
  model.name = headphone.name();
  model.product = &headphone;
  model.impedance = impedanceOf(headphone, catalogue, model.sources);
  model.sensitivity =
      sensitivityOf(headphone, model.impedance, catalogue, model.isSensitivityKnown, model.sources);
  model.sensitivityPerMw = analog::dbPerMwFromDbPerV(model.sensitivity.middle(),
                                                     std::sqrt(model.impedance.low * model.impedance.high));
  std::map<double, double> points;
  for (const Figure* figure : headphone.all("impedance"))
    if (figure->atHz) points.emplace(*figure->atHz, figure->number());
  if (points.size() >= 2) {
    std::vector<analog::ImpedancePoint> curve;
    for (const auto& [hz, ohm] : points) curve.push_back({hz, ohm});
    model.curve.emplace(std::move(curve));
  }
  return model;
}

}  // namespace gainstage::advise
