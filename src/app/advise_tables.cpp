#include "app/advise_tables.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "advise/answer.h"
#include "advise/declarations.h"
#include "app/report.h"

namespace gainstage::app {
namespace {

using Json = nlohmann::ordered_json;
using advise::Kind;
constexpr std::array kAllKinds{Kind::headphones, Kind::interfaces, Kind::amplifiers, Kind::microphones,
                               Kind::pickups};

Json optionalJson(std::optional<double> value) { return value ? Json(*value) : Json(nullptr); }

Json figureJson(const advise::Figure& figure) {
  return {{"figure", figure.id},
          {"value", figure.written},
          {"low", std::isfinite(figure.low) ? Json(figure.low) : Json(nullptr)},
          {"high", std::isfinite(figure.high) ? Json(figure.high) : Json(nullptr)},
          {"unit", figure.unit},
          {"atOhm", optionalJson(figure.atOhm)},
          {"atHz", optionalJson(figure.atHz)},
          {"region", figure.region},
          {"year", figure.year ? Json(*figure.year) : Json(nullptr)},
          {"status", advise::nameOf(figure.status)},
          {"source", figure.source}};
}

}  // namespace

int printList(const advise::Catalogue& catalogue, std::string_view kind, bool json) {
  Json all = Json::array();
  for (const Kind each : kAllKinds) {
    if (!kind.empty() && advise::nameOf(each) != kind) continue;
    if (!json) fmt::print("{} ({})\n", advise::nameOf(each), catalogue.products(each).size());
    for (const advise::Product& product : catalogue.products(each)) {
      const advise::Figure* price = product.find("price");
      if (json)
        all.push_back({{"kind", advise::nameOf(each)},
                       {"name", product.name()},
                       {"figures", product.figures.size()},
                       {"own", product.isOwn}});
      else
        fmt::print("  {}: {} figures, {}{}\n", product.name(), product.figures.size(),
                   advise::priceText(price), product.isOwn ? ", yours" : "");
    }
  }
  if (json) fmt::print("{}\n", Json{{"products", all}}.dump());
  return 0;
}

int printProduct(const advise::Catalogue& catalogue, std::string_view name, bool json) {
  for (const Kind kind : kAllKinds) {
    const advise::Match match = catalogue.find(kind, name);
    if (!match.product) continue;
    Json figures = Json::array();
    if (!json) fmt::print("{} ({})\n", match.product->name(), advise::oneOf(kind));
    for (const advise::Figure& figure : match.product->figures) {
      figures.push_back(figureJson(figure));
      if (json) continue;
      // As it was written, so that it can be looked up.
      std::string where;
      if (figure.atOhm) where += fmt::format(" at {:g} ohm", *figure.atOhm);
      if (figure.atHz) where += fmt::format(" at {:g} Hz", *figure.atHz);
      if (figure.id == "price")
        where += fmt::format(" ({}, {})", figure.region,
                             figure.year ? std::to_string(*figure.year) : "year unknown");
      const auto number = figure.unit.empty()
                              ? figure.written
                              : advise::textOf(advise::Estimate{figure.low, figure.high, figure.unit, {}});
      fmt::print("  {}: {}{}\n      {}: {}\n", figure.id, number, where, advise::nameOf(figure.status),
                 figure.source);
    }
    if (json)
      fmt::print(
          "{}\n",
          Json{{"name", match.product->name()}, {"kind", advise::nameOf(kind)}, {"figures", figures}}.dump());
    return 0;
  }
  const std::vector<std::string> nearest = catalogue.nearest(kAllKinds, name);
  return fail({ErrorKind::usage, fmt::format("Nothing called \"{}\" is in the catalogue{}", name,
                                             nearest.empty() ? "; \"gainstage advise list\" shows what is"
                                                             : fmt::format(": did you mean {}?",
                                                                           fmt::join(nearest, ", or ")))});
}

int printFigures(bool json) {
  Json all = Json::array();
  for (const Kind kind : kAllKinds) {
    if (!json) fmt::print("{}.csv\n", advise::nameOf(kind));
    for (const advise::FigureDeclaration& each : advise::figureDeclarations(kind)) {
      std::vector<std::string> forms;
      for (const auto& unit : each.units) forms.emplace_back(unit.written);
      for (const auto& word : each.words) forms.emplace_back(word);
      if (each.type == advise::FigureType::yesNo) forms = {"yes", "no"};
      if (each.type == advise::FigureType::text) forms = {"any text"};
      all.push_back(
          {{"kind", advise::nameOf(kind)}, {"figure", each.id}, {"what", each.what}, {"forms", forms}});
      const std::string list = fmt::format("{}", fmt::join(forms, ", "));
      if (!json) fmt::print("  {}: {} [{}]\n", each.id, each.what, list.empty() ? "a count" : list);
    }
  }
  if (json) fmt::print("{}\n", Json{{"figures", all}}.dump());
  return 0;
}

}  // namespace gainstage::app
