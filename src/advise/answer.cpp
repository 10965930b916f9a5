#include "advise/answer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "formats/json.h"

namespace gainstage::advise {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kWidth = 100;

/// Wrapped at blanks, every line indented, the first by what stands before it.
std::string wrapped(std::string_view text, std::string_view first, std::string_view rest) {
  std::string out(first);
  std::size_t column = first.size();
  bool isLineEmpty = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!isLineEmpty && column + 1 + word.size() > kWidth) {
      out += '\n';
      out += rest;
      column = rest.size();
      isLineEmpty = true;
    }
    if (!isLineEmpty) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    isLineEmpty = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + '\n';
}

void addFacts(std::string& text, const std::vector<Fact>& facts, std::string_view indent,
              const TextOptions& options) {
  const std::string deeper = std::string(indent) + "    ";
  std::set<std::string> told;  // a reason that several figures share is given once
  for (const Fact& fact : facts) {
    text +=
        wrapped(fmt::format("{}: {}", fact.name, textOf(fact.value)), fmt::format("{}- ", indent), deeper);
    if (!fact.value.reason.empty() && (options.explain || !fact.value.isExact()) &&
        told.insert(fact.value.reason).second)
      text += wrapped(fact.value.reason + ")", deeper + "(", deeper);
    if (!options.explain) continue;
    if (!fact.formula.empty()) text += wrapped(fact.formula, deeper + "formula: ", deeper + "  ");
    for (const std::string& source : fact.sources) text += wrapped(source, deeper + "read: ", deeper + "  ");
  }
}

void addSentences(std::string& text, std::string_view title, const std::vector<std::string>& sentences) {
  if (sentences.empty()) return;
  text += fmt::format("\n{}\n", title);
  for (const std::string& sentence : sentences) text += wrapped(sentence, "  - ", "    ");
}

/// Of each group its cheapest.
void addCandidates(std::string& text, std::string_view title, const std::vector<Candidate>& candidates,
                   const TextOptions& options) {
  std::vector<std::string_view> groups;
  for (const Candidate& each : candidates)
    if (std::ranges::find(groups, each.group) == groups.end()) groups.push_back(each.group);
  for (const std::string_view group : groups) {
    const auto all = static_cast<std::size_t>(std::ranges::count(candidates, group, &Candidate::group));
    text += fmt::format("\n{}{}{} ({})\n", title, group.empty() ? "" : ": ", group, all);
    std::size_t shown = 0;
    for (const Candidate& each : candidates) {
      if (each.group != group || (options.listed != 0 && shown >= options.listed)) continue;
      ++shown;
      text += wrapped(fmt::format("{}, {}: {}", each.name, priceText(each.price), fmt::join(each.why, "; ")),
                      "  - ", "    ");
    }
    if (shown < all) text += fmt::format("  and {} more: --all lists them\n", all - shown);
  }
}

Json numberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json factsJson(const std::vector<Fact>& facts) {
  Json all = Json::array();
  for (const Fact& fact : facts)
    all.push_back({{"name", fact.name},
                   {"low", numberOrNull(fact.value.low)},
                   {"high", numberOrNull(fact.value.high)},
                   {"unit", fact.value.unit},
                   {"reason", fact.value.reason},
                   {"formula", fact.formula},
                   {"sources", fact.sources}});
  return all;
}

Json candidatesJson(const std::vector<Candidate>& candidates) {
  Json all = Json::array();
  for (const Candidate& each : candidates)
    all.push_back({{"name", each.name},
                   {"group", each.group},
                   {"price", each.price ? Json(each.price->number()) : Json(nullptr)},
                   {"currency", each.price ? Json(each.price->unit) : Json(nullptr)},
                   {"year", each.price && each.price->year ? Json(*each.price->year) : Json(nullptr)},
                   {"region", each.price ? Json(each.price->region) : Json(nullptr)},
                   {"why", each.why}});
  return all;
}

}  // namespace

std::string priceText(const Figure* price) {
  if (!price) return "price unknown";
  return fmt::format("{:g} {} ({})", price->number(), price->unit,
                     price->year ? std::to_string(*price->year) : "year unknown");
}

void sortByPrice(std::vector<Candidate>& candidates) {
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    if (!a.price || !b.price) return a.price && !b.price;
    return a.price->number() < b.price->number();
  });
}

std::string textOf(const Answer& answer, const TextOptions& options) {
  std::string text = wrapped(answer.question, "", "");
  text += wrapped(answer.summary, fmt::format("\n{}. ", answer.verdict), "");
  if (!answer.facts.empty()) {
    text += "\nThe figures\n";
    addFacts(text, answer.facts, "  ", options);
  }
  for (const Comparison& each : answer.comparisons) {
    text += wrapped(each.why, fmt::format("\n{}: {}. ", each.aspect, each.winner), "  ");
    addFacts(text, each.facts, "  ", options);
  }
  addSentences(text, "Good to know", answer.notes);
  addSentences(text, "What would change it", answer.changes);
  addCandidates(text, "These do it, cheapest first", answer.fitting, options);
  addCandidates(text, "These may, but a figure that decides is not known", answer.undecided, options);
  addCandidates(text, "These do not", answer.failing, options);
  return text;
}

Json jsonOf(const Answer& answer) {
  Json comparisons = Json::array();
  for (const Comparison& each : answer.comparisons)
    comparisons.push_back({{"aspect", each.aspect},
                           {"winner", each.winner},
                           {"why", each.why},
                           {"facts", factsJson(each.facts)}});
  return {{"question", answer.question},
          {"verdict", answer.verdict},
          {"summary", answer.summary},
          {"facts", factsJson(answer.facts)},
          {"notes", answer.notes},
          {"changes", answer.changes},
          {"fitting", candidatesJson(answer.fitting)},
          {"undecided", candidatesJson(answer.undecided)},
          {"failing", candidatesJson(answer.failing)},
          {"comparisons", comparisons}};
}

}  // namespace gainstage::advise
