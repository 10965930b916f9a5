#include "console/journal_history.h"

namespace gainstage::console {
namespace {

using formats::Json;

Json gestureLine(const Gesture& gesture) {
  return {{"gesture", gesture.what}, {"changes", changesToJson(gesture.changes)}};
}

bool applied(Json* document, const std::vector<Change>& changes, bool forward) {
  return !document || apply(*document, changes, forward).ok();
}

}  // namespace

Json History::push(Gesture gesture) {
  while (size() > position_) {
    bytes_ -= entries_.back().bytes;
    entries_.pop_back();
  }
  Json line = gestureLine(gesture);
  entries_.push_back({std::move(gesture), line.dump(-1, ' ', false, Json::error_handler_t::replace).size()});
  bytes_ += entries_.back().bytes;
  ++position_;
  forgetOldest();
  return line;
}

void History::forgetOldest() {
  while (size() > kMaxGestures || (bytes_ > kMaxBytes && size() > 1)) {
    bytes_ -= entries_.front().bytes;
    entries_.pop_front();
    --position_;
  }
}

Json History::amend(std::vector<Change> changes) {
  Json line{{"amend", changesToJson(changes)}};
  Gesture gesture{entries_.back().gesture.what, std::move(changes)};
  bytes_ -= entries_.back().bytes;
  entries_.pop_back();
  --position_;
  if (!gesture.changes.empty()) push(std::move(gesture));
  return line;
}

Json History::undo() {
  --position_;
  return {{"undo", 1}};
}

Json History::redo() {
  ++position_;
  return {{"redo", 1}};
}

Json History::clear() {
  *this = {};
  return {{"clear", true}};
}

bool History::follow(const Json& line, Json* document) {
  if (line.contains("gesture")) return followGesture(line, document);
  if (line.contains("amend")) return followAmend(line, document);
  if (line.contains("undo") || line.contains("redo")) {
    const bool forward = line.contains("redo");
    const Json& count = line[forward ? "redo" : "undo"];
    if (!count.is_number_unsigned() || count.get<std::size_t>() > kMaxGestures) return false;
    for (auto i = count.get<std::size_t>(); i > 0; --i)
      if (!followStep(forward, document)) return false;
    return true;
  }
  if (line.contains("clear")) return clear(), true;
  return line.contains("saved") || line.contains("gainstage");
}

bool History::followGesture(const Json& line, Json* document) {
  auto changes = line.contains("changes") ? changesFromJson(line["changes"]) : std::nullopt;
  if (!changes || changes->empty() || !line["gesture"].is_string()) return false;
  if (!applied(document, *changes, true)) return false;
  push({line["gesture"].get<std::string>(), std::move(*changes)});
  return true;
}

bool History::followAmend(const Json& line, Json* document) {
  auto changes = changesFromJson(line["amend"]);
  if (!changes || position_ == 0 || position_ != size()) return false;
  if (!applied(document, nextUndo()->changes, false) || !applied(document, *changes, true)) return false;
  amend(std::move(*changes));
  return true;
}

bool History::followStep(bool forward, Json* document) {
  const Gesture* gesture = forward ? nextRedo() : nextUndo();
  if (!gesture || !applied(document, gesture->changes, forward)) return false;
  forward ? redo() : undo();
  return true;
}

std::vector<Json> History::lines() const {
  std::vector<Json> lines;
  for (const Entry& entry : entries_) lines.push_back(gestureLine(entry.gesture));
  if (position_ < size()) lines.push_back({{"undo", size() - position_}});
  return lines;
}

}  // namespace gainstage::console
