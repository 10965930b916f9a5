#include "control/engine.h"

/// What a device's own inputs do to the strips behind them.
namespace gainstage::control {

void Engine::setPreampLevel(const std::string& strip, float db) {
  const std::lock_guard lock(control_);
  preampDb_[strip] = db;
  if (prepared_) console_.setPreampLevel(strip, db);
}

void Engine::hold(const std::string& strip, bool on) {
  const std::lock_guard lock(control_);
  if (prepared_) console_.hold(strip, on);
}

void Engine::holdTalkback(bool on) {
  const std::lock_guard lock(control_);
  if (prepared_) console_.holdTalkback(on);
}

float Engine::takeDevicePeak(const std::string& strip) {
  const std::lock_guard lock(control_);
  return prepared_ ? console_.takeDevicePeak(strip) : 0.0f;
}

devices::DeviceFormat Engine::format() const {
  const std::lock_guard lock(control_);
  return format_;
}

void Engine::note(const std::string& sentence) {
  const std::lock_guard lock(control_);
  remember(sentence, notes_);
}

}  // namespace gainstage::control
