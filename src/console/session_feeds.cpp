#include "console/session_feeds.h"

#include <algorithm>
#include <array>
#include <fmt/ranges.h>

#include "console/session_words.h"
#include "formats/json.h"

namespace gainstage::console {
namespace {

using formats::Json;

// Keys under which people have been seen to say where something takes its sound from.
constexpr std::array kHearingKeys{"inputs", "input", "source", "sources"};

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// At most `limit` elements: a document that is refused for its length anyway need not be searched whole.
template <typename Visit>
void forEach(const Json* list, std::size_t limit, Visit&& visit) {
  if (!list || !list->is_array()) return;
  for (std::size_t i = 0; i < std::min(list->size(), limit); ++i) visit((*list)[i]);
}

}  // namespace

Feeds::Feeds(const Json& document) {
  forEach(member(document, "strips"), kMaxStrips, [&](const Json& strip) { add(strip, strips_); });
  forEach(member(document, "returns"), kMaxReturns, [&](const Json& entry) { add(entry, returns_); });
  forEach(member(document, "outputs"), kMaxOutputs, [&](const Json& output) {
    add(output, outputs_);
    const Json* id = member(output, "id");
    if (!id || !id->is_string()) return;
    forEach(member(output, "mix"), kMaxSendsInMix,
            [&](const Json& send) { addHeard(id->get<std::string>(), send); });
  });
  if (const Json* talkback = member(document, "talkback")) addHeard("talkback", *talkback);
}

void Feeds::add(const Json& element, std::set<std::string, std::less<>>& ids) {
  const Json* id = member(element, "id");
  if (!id || !id->is_string()) return;
  ids.insert(id->get<std::string>());
  addHeard(id->get<std::string>(), element);
}

void Feeds::addHeard(const std::string& hearer, const Json& element) {
  for (const char* key : kHearingKeys) {
    const Json* value = member(element, key);
    if (value && value->is_string()) heard_[hearer].insert(value->get<std::string>());
    forEach(value, kMaxSendsInMix, [&](const Json& entry) {
      if (entry.is_string()) heard_[hearer].insert(entry.get<std::string>());
    });
  }
}

std::vector<std::string> Feeds::sources() const {
  std::vector<std::string> words(strips_.begin(), strips_.end());
  words.insert(words.end(), returns_.begin(), returns_.end());
  words.insert(words.end(), kBusWords.begin(), kBusWords.end());
  return words;
}

std::vector<std::string> Feeds::cycle(const std::string& hearer, const std::string& source) const {
  std::map<std::string, std::string> cameFrom{{source, hearer}};
  std::vector<std::string> toVisit{source};
  for (std::size_t i = 0; i < toVisit.size() && !cameFrom.contains(hearer); ++i) {
    if (toVisit[i] == hearer) break;
    const auto heard = heard_.find(toVisit[i]);
    if (heard == heard_.end()) continue;
    for (const std::string& next : heard->second)
      if (cameFrom.emplace(next, toVisit[i]).second) toVisit.push_back(next);
  }
  if (!cameFrom.contains(hearer)) return {};
  std::vector<std::string> way{hearer};
  for (std::string at = cameFrom.at(hearer); at != hearer; at = cameFrom.at(at)) way.push_back(at);
  way.push_back(hearer);
  std::ranges::reverse(way);
  return way;
}

std::string Feeds::refusal(const std::string& hearer, const std::string& source) const {
  const bool isOutput = outputs_.contains(source);
  if (!isOutput && !isStrip(source) && !isReturn(source)) return {};
  if (const auto way = cycle(hearer, source); !way.empty())
    return fmt::format("makes a cycle: {}", fmt::join(way, " hears "));
  return fmt::format("is \"{}\", {}, which cannot be heard here", source,
                     isOutput          ? "an output"
                     : isStrip(source) ? "a strip"
                                       : "a return");
}

}  // namespace gainstage::console
