#include "console/console.h"

/// The control thread's side of what a device's own inputs do to strips.
namespace gainstage::console {

void Console::setPreampLevel(const std::string& id, float db) {
  const int slot = stripSlot(id);
  if (slot < 0) return;
  const Command command{
      .kind = CommandKind::setPreampLevel, .slot = static_cast<std::uint8_t>(slot), .value = db};
  runtime_->send(std::span(&command, 1));
}

void Console::hold(const std::string& id, bool on) {
  const int slot = stripSlot(id);
  if (slot < 0) return;
  const Command command{
      .kind = CommandKind::holdStrip, .slot = static_cast<std::uint8_t>(slot), .value = on ? 1.0f : 0.0f};
  runtime_->send(std::span(&command, 1));
}

void Console::holdTalkback(bool on) {
  const Command command{.kind = CommandKind::holdTalkback, .value = on ? 1.0f : 0.0f};
  runtime_->send(std::span(&command, 1));
}

float Console::takeDevicePeak(const std::string& id) noexcept {
  const int slot = stripSlot(id);
  return slot < 0 ? 0.0f : strips_[slot].strip->takeDevicePeak();
}

}  // namespace gainstage::console
