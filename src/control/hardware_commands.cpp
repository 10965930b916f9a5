#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "control/commands.h"
#include "formats/nearest_name.h"

/// The commands that lead to the device's own inputs.
namespace gainstage::control {
namespace {

using Words = std::span<const std::string>;

Result<console::StripState> stripNamed(const console::Session& session, const std::string& id) {
  const auto found = std::ranges::find(session.strips, id, &console::StripState::id);
  if (found != session.strips.end()) return *found;
  std::vector<std::string> ids;
  for (const console::StripState& strip : session.strips) ids.push_back(strip.id);
  const std::string near = formats::nearestName(id, ids);
  return Error{ErrorKind::usage, fmt::format("There is no strip \"{}\"{}.", id,
                                             near.empty() ? "" : fmt::format("; did you mean \"{}\"", near))};
}

Json orNull(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Json(*number) : Json(nullptr);
}

Json resultJson(const AutoGainResult& result) {
  return {{"peakDbfs", orNull(result.peakDbfs)},
          {"changeDb", orNull(result.changeDb)},
          {"gainDb", orNull(result.gainDb)},
          {"message", result.message}};
}

Json controlsJson(const devices::InputControls& has) {
  Json gain = nullptr;
  if (has.gain)
    gain = {
        {"minimumDb", has.gain->minimumDb}, {"maximumDb", has.gain->maximumDb}, {"stepDb", has.gain->stepDb}};
  return {{"gain", gain},
          {"knob", has.hasKnob},
          {"padDb", orNull(has.padDb)},
          {"instrument", has.instrument},
          {"phantom", has.phantom}};
}

Error noDevice() { return Error{ErrorKind::fault, "No device runs whose inputs could be told anything."}; }

Error usageOf(std::string_view text) { return Error{ErrorKind::usage, fmt::format("Usage: {}", text)}; }

}  // namespace

Result<Json> Commands::autoGain(Words words) {
  const bool stops = words.size() == 2 && words[1] == "stop";
  if (words.size() != 1 && !stops) return usageOf("autogain STRIP [stop]");
  const auto strip = stripNamed(engine_.session(), words[0]);
  if (!strip) return strip.error();
  if (!hardware_) return noDevice();
  if (stops) {
    hardware_->stopAutoGain(strip->id);
    return Json{{"strip", strip->id}, {"listening", false}};
  }
  if (auto started = hardware_->startAutoGain(*strip); !started) return started.error();
  return Json{{"strip", strip->id}, {"listening", true}, {"seconds", kAutoGainListensS}};
}

Result<Json> Commands::preamp(Words words) {
  if (words.size() != 1) return usageOf("preamp STRIP");
  const auto strip = stripNamed(engine_.session(), words[0]);
  if (!strip) return strip.error();
  if (!hardware_) return noDevice();
  const auto value = [&](console::StripParameter parameter) {
    return strip->values[static_cast<std::size_t>(parameter)];
  };
  const auto result = hardware_->lastAutoGain(strip->id);
  return Json{{"strip", strip->id},
              {"controls", controlsJson(hardware_->controls(*strip))},
              {"preampGainDb", value(console::StripParameter::preampGainDb)},
              {"pad", value(console::StripParameter::pad) != 0.0f},
              {"instrumentInput", value(console::StripParameter::instrumentInput) != 0.0f},
              {"phantomPower", value(console::StripParameter::phantomPower) != 0.0f},
              {"listening", hardware_->isListening(strip->id)},
              {"autoGain", result ? resultJson(*result) : Json(nullptr)}};
}

}  // namespace gainstage::control
