#include "console/journal_change.h"

#include <algorithm>
#include <fmt/format.h>

namespace gainstage::console {
namespace {

using formats::Json;

const std::string* textOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get_ptr<const std::string*>() : nullptr;
}

/// What tells an element of a list from its neighbours: its id, or what a send takes from. Empty: neither.
std::string identity(const Json& element) {
  if (!element.is_object()) return {};
  if (const auto* id = textOf(element, "id")) return *id;
  const auto* source = textOf(element, "source");
  const auto* tap = textOf(element, "tap");
  if (!source) return {};
  return tap ? fmt::format("{}.{}", *source, *tap) : *source;
}

bool isKeyed(const Json& list) {
  return list.is_array() && std::ranges::none_of(list, [](const Json& e) { return identity(e).empty(); });
}

Json identities(const Json& list) {
  Json ids = Json::array();
  for (const Json& element : list) ids.push_back(identity(element));
  return ids;
}

template <typename AnyJson>
AnyJson* elementOf(AnyJson& list, std::string_view id) {
  const auto found = std::ranges::find(list, id, identity);
  return found == list.end() ? nullptr : &*found;
}

/// A rig holds nothing but its blocks, and addresses leave that word out.
template <typename AnyJson>
AnyJson& withoutBlocksWord(AnyJson& value) {
  return value.is_object() && value.size() == 1 && value.contains("blocks") ? value["blocks"] : value;
}

std::string joined(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}/{}", path, key);
}

void compare(const Json& before, const Json& after, const std::string& path, std::vector<Change>& changes);

void compareLists(const Json& before, const Json& after, const std::string& path,
                  std::vector<Change>& changes) {
  for (const Json& element : before) {
    const Json* other = elementOf(after, identity(element));
    const std::string where = joined(path, identity(element));
    if (other)
      compare(element, *other, where, changes);
    else
      changes.push_back({where, element, std::nullopt});
  }
  for (const Json& element : after)
    if (!elementOf(before, identity(element)))
      changes.push_back({joined(path, identity(element)), std::nullopt, element});
  if (Json was = identities(before), is = identities(after); was != is)
    changes.push_back({path, std::move(was), std::move(is)});
}

bool haveSameKeys(const Json& a, const Json& b) {
  return a.size() == b.size() &&
         std::ranges::all_of(a.items(), [&](const auto& item) { return b.contains(item.key()); });
}

void compare(const Json& before, const Json& after, const std::string& path, std::vector<Change>& changes) {
  if (before == after) return;
  const Json& from = withoutBlocksWord(before);
  const Json& to = withoutBlocksWord(after);
  // A block that became one of another type shares no more than its id with what it was.
  if (from.is_object() && to.is_object() && haveSameKeys(from, to)) {
    for (const auto& [key, value] : from.items()) compare(value, to[key], joined(path, key), changes);
  } else if (isKeyed(from) && isKeyed(to)) {
    compareLists(from, to, path, changes);
  } else {
    changes.push_back({path, before, after});
  }
}

/// Where a path's last segment belongs: an object's key, or an element of a list.
struct Place {
  Json* parent = nullptr;
  std::string key;
  Json* value = nullptr;  ///< nullptr: not there
};

Json* child(Json& parent, const std::string& key) {
  Json& inner = withoutBlocksWord(parent);
  if (inner.is_array()) return elementOf(inner, key);
  if (!inner.is_object()) return nullptr;
  const auto found = inner.find(key);
  return found == inner.end() ? nullptr : &*found;
}

Place find(Json& document, std::string_view path) {
  Place place{&document, {}, &document};
  while (place.value && !path.empty()) {
    const auto slash = path.find('/');
    place.parent = &withoutBlocksWord(*place.value);
    place.key = path.substr(0, slash);
    place.value = child(*place.parent, place.key);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  // Something before the last segment is missing.
  if (!path.empty()) place.parent = nullptr;
  return place;
}

void order(Json& list, const Json& ids) {
  const auto rank = [&](const Json& element) {
    return std::ranges::find(ids, Json(identity(element))) - ids.begin();
  };
  std::ranges::stable_sort(list.get_ref<Json::array_t&>(), {}, rank);
}

bool applyOne(Json& document, const std::string& path, const std::optional<Json>& value) {
  const Place place = find(document, path);
  if (!place.parent) return false;
  if (!place.value) {
    if (!value || !place.parent->is_array() || identity(*value) != place.key) return false;
    place.parent->push_back(*value);
    return true;
  }
  if (!value) {
    if (!place.parent->is_array()) return false;
    place.parent->erase(place.parent->begin() + (place.value - &place.parent->front()));
    return true;
  }
  Json& list = withoutBlocksWord(*place.value);
  const bool isOrder = isKeyed(list) && value->is_array() &&
                       std::ranges::all_of(*value, [](const Json& id) { return id.is_string(); });
  if (isOrder)
    order(list, *value);
  else
    *place.value = *value;
  return true;
}

}  // namespace

std::vector<Change> differences(const Json& before, const Json& after) {
  std::vector<Change> changes;
  compare(before, after, {}, changes);
  return changes;
}

Result<void> apply(Json& document, const std::vector<Change>& changes, bool forward) {
  for (const Change& change : changes)
    if (!applyOne(document, change.path, forward ? change.after : change.before))
      return Error{ErrorKind::fault,
                   fmt::format("\"{}\" is no longer in the session as the journal knows it", change.path)};
  return {};
}

Json changesToJson(const std::vector<Change>& changes) {
  Json json = Json::array();
  for (const Change& change : changes) {
    Json entry{{"path", change.path}};
    if (change.before) entry["before"] = *change.before;
    if (change.after) entry["after"] = *change.after;
    json.push_back(std::move(entry));
  }
  return json;
}

std::optional<std::vector<Change>> changesFromJson(const Json& json) {
  if (!json.is_array()) return std::nullopt;
  std::vector<Change> changes;
  for (const Json& entry : json) {
    const auto* path = entry.is_object() ? textOf(entry, "path") : nullptr;
    if (!path || path->empty()) return std::nullopt;
    Change& change = changes.emplace_back(Change{*path, std::nullopt, std::nullopt});
    if (entry.contains("before")) change.before = entry["before"];
    if (entry.contains("after")) change.after = entry["after"];
  }
  return changes;
}

}  // namespace gainstage::console
