#include <algorithm>
#include <fmt/format.h>

#include "console/console.h"

/// The control thread's side of the strips' loopers.
namespace gainstage::console {

Result<void> Console::loop(const std::string& id, dsp::LoopAction action, FrameTime at) {
  const int slot = stripSlot(id);
  if (slot < 0) return Error{ErrorKind::usage, fmt::format("There is no strip \"{}\".", id)};
  StripPlace& place = strips_[slot];
  std::vector<Command> batch;
  std::unique_ptr<dsp::Looper> first;
  if (!place.looper) {
    first = std::make_unique<dsp::Looper>(format_);
    batch.push_back({.frame = kNow,
                     .kind = CommandKind::installLooper,
                     .slot = static_cast<std::uint8_t>(slot),
                     .object = first.get()});
  }
  // What it may need before the next service() has to be there before it is asked to record.
  (first ? first.get() : place.looper)->service();
  batch.push_back({.frame = at,
                   .kind = CommandKind::loop,
                   .slot = static_cast<std::uint8_t>(slot),
                   .index = static_cast<std::uint16_t>(action)});
  if (!runtime_->send(batch))
    return Error{ErrorKind::fault, "Too many changes are under way; try again in a moment."};
  if (first) place.looper = first.release();
  return {};
}

dsp::Looper* Console::looper(const std::string& id) noexcept {
  const int slot = stripSlot(id);
  return slot < 0 ? nullptr : strips_[slot].looper;
}

void Console::serviceLoopers() {
  for (StripPlace& place : strips_) {
    if (!place.looper) continue;
    place.looper->service();
    const bool ended = place.looper->reading().ranOut;
    if (ended && !place.loopEndTold) {
      const auto strip = std::ranges::find(session_.strips, place.id, &StripState::id);
      addFault(
          FaultKind::loopEnded, fmt::format("strips/{}", place.id),
          fmt::format(
              "The looper of {} ended its recording by itself: after {:g} minutes a loop is full, and an "
              "overdub needs memory for what it changes.",
              strip == session_.strips.end() ? place.id : strip->name, dsp::Looper::kLongestS / 60.0));
    }
    place.loopEndTold = ended;
  }
}

}  // namespace gainstage::console
