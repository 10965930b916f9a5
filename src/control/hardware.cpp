#include "control/hardware.h"

#include <algorithm>
#include <fmt/format.h>

#include "console/strip.h"

namespace gainstage::control {
namespace {

using console::StripParameter;
using console::StripState;
using devices::InputControls;
using devices::InputSettings;

// A hand needs so long for a knob; told more often, nobody would listen.
constexpr double kWarningsApartS = 10.0;

float valueOf(const StripState& strip, StripParameter parameter) {
  return strip.values[static_cast<std::size_t>(parameter)];
}

void setValue(StripState& strip, StripParameter parameter, double value) {
  strip.values[static_cast<std::size_t>(parameter)] = static_cast<float>(value);
}

InputSettings settingsOf(const StripState& strip) {
  return {.gainDb = static_cast<double>(valueOf(strip, StripParameter::preampGainDb)),
          .pad = valueOf(strip, StripParameter::pad) != 0.0f,
          .instrument = valueOf(strip, StripParameter::instrumentInput) != 0.0f,
          .phantom = valueOf(strip, StripParameter::phantomPower) != 0.0f};
}

void putSettings(StripState& strip, const InputSettings& settings) {
  setValue(strip, StripParameter::preampGainDb, settings.gainDb);
  setValue(strip, StripParameter::pad, settings.pad ? 1.0 : 0.0);
  setValue(strip, StripParameter::instrumentInput, settings.instrument ? 1.0 : 0.0);
  setValue(strip, StripParameter::phantomPower, settings.phantom ? 1.0 : 0.0);
}

/// As far as the device can have it.
InputSettings limited(InputSettings settings, const InputControls& controls) {
  settings.gainDb = controls.gain ? controls.gain->nearest(settings.gainDb) : 0.0;
  settings.pad = settings.pad && controls.padDb;
  settings.instrument = settings.instrument && controls.instrument;
  settings.phantom = settings.phantom && controls.phantom;
  return settings;
}

double totalDb(const InputSettings& settings, const InputControls& controls) {
  return settings.gainDb - (settings.pad ? controls.padDb.value_or(0.0) : 0.0);
}

double settleMs(const InputSettings& from, const InputSettings& to, const InputControls& controls) {
  double ms = 0.0;
  if (from.gainDb != to.gainDb) ms = std::max(ms, controls.gainSettles.value);
  if (from.pad != to.pad || from.instrument != to.instrument) ms = std::max(ms, controls.switchSettles.value);
  if (from.phantom != to.phantom) ms = std::max(ms, controls.phantomSettles.value);
  return ms;
}

/// What the device knows of an output, as far as a session can say it. Nobody turns its knobs.
void putGear(console::OutputState& output, const devices::OutputGear& gear) {
  const auto put = [&](console::GearFigure figure, std::optional<double> value) {
    const Parameter& allowed = console::gearFigures()[static_cast<std::size_t>(figure)];
    if (value && *value >= static_cast<double>(allowed.minimum) &&
        *value <= static_cast<double>(allowed.maximum))
      console::gearFigure(output, figure) = value;
  };
  put(console::GearFigure::sensitivityDbPerV, gear.headphoneDbPerV);
  put(console::GearFigure::impedanceOhm, gear.headphoneOhm);
  put(console::GearFigure::fullScaleDbu, gear.fullScaleDbu);
  put(console::GearFigure::outputImpedanceOhm, gear.outputImpedanceOhm);
  put(console::GearFigure::knobDb, 0.0);
}

bool shareAnInput(const std::vector<int>& a, const std::vector<int>& b) {
  return std::ranges::any_of(a, [&](int input) { return std::ranges::find(b, input) != b.end(); });
}

}  // namespace

Hardware::Hardware(devices::Device& device, Engine& engine, SessionKeeper& keeper)
    : device_(device), engine_(engine), keeper_(keeper) {}

std::vector<std::string> Hardware::adopt(devices::Device& device, console::Session& session, bool isNew) {
  std::vector<std::string> sentences;
  for (StripState& strip : session.strips) {
    if (strip.inputs.empty()) continue;
    const InputControls controls = device.inputControls(strip.inputs[0] - 1);
    const InputSettings stands = device.inputSettings(strip.inputs[0] - 1);
    if (isNew && controls.any()) putSettings(strip, stands);
    const bool isPowered =
        std::ranges::all_of(strip.inputs, [&](int input) { return device.inputSettings(input - 1).phantom; });
    if (valueOf(strip, StripParameter::phantomPower) == 0.0f || isPowered) continue;
    setValue(strip, StripParameter::phantomPower, 0.0);
    if (controls.phantom)
      sentences.push_back(
          fmt::format("{} had phantom power; no session switches it on: \"set strips/{}/phantomPower true\" "
                      "does.",
                      strip.name, strip.id));
  }
  if (!isNew) return sentences;
  const std::vector<devices::OutputGear> known = device.outputGear();
  for (console::OutputState& output : session.outputs) {
    const auto gear = std::ranges::find_if(known, [&](const devices::OutputGear& one) {
      return std::ranges::all_of(output.channels, [&](int channel) {
        return channel >= one.firstChannel && channel < one.firstChannel + one.channels;
      });
    });
    if (gear != known.end()) putGear(output, *gear);
  }
  return sentences;
}

void Hardware::begin(const console::Session& session) {
  for (const StripState& strip : session.strips) {
    Place& place = places_[strip.id];
    place.inputs = strip.inputs;
    place.applied = wanted(strip);
    if (!controls(strip).any()) continue;
    apply(strip, place);
  }
}

InputControls Hardware::controls(const StripState& strip) const {
  return strip.inputs.empty() ? InputControls{} : device_.inputControls(strip.inputs[0] - 1);
}

InputSettings Hardware::wanted(const StripState& strip) const {
  return limited(settingsOf(strip), controls(strip));
}

bool Hardware::apply(const StripState& strip, Place& place) {
  const InputSettings settings = wanted(strip);
  for (const int input : strip.inputs)
    if (device_.inputSettings(input - 1) != settings && !device_.setInput(input - 1, settings)) return false;
  place.applied = settings;
  engine_.setPreampLevel(strip.id, static_cast<float>(totalDb(settings, controls(strip))));
  return true;
}

void Hardware::hold(const console::Session& session, const std::vector<int>& inputs, bool on) {
  for (const StripState& strip : session.strips)
    if (shareAnInput(strip.inputs, inputs)) engine_.hold(strip.id, on);
  if (session.talkbackInput && shareAnInput({*session.talkbackInput}, inputs)) engine_.holdTalkback(on);
}

std::vector<std::string> Hardware::service() {
  const console::Session session = engine_.session();
  const FrameTime frame = engine_.frame();
  std::erase_if(places_, [&](const auto& entry) {
    return std::ranges::find(session.strips, entry.first, &StripState::id) == session.strips.end();
  });
  for (const StripState& strip : session.strips) {
    Place& place = placeOf(strip);
    const bool wasIdle = place.stage == Stage::idle;
    if (controls(strip).any()) follow(session, strip, place, frame);
    const double peak = static_cast<double>(engine_.takeDevicePeak(strip.id));
    // What comes in while it is switched is the switch's own.
    if (!wasIdle || place.stage != Stage::idle) {
      if (place.autoGain.isListening()) place.autoGain.startOver(frame);
    } else if (place.autoGain.isListening()) {
      listen(strip, place, peak, frame);
    } else if (valueOf(strip, StripParameter::clipGuard) != 0.0f) {
      guard(strip, place, peak, frame);
    }
  }
  return std::exchange(news_, {});
}

Hardware::Place& Hardware::placeOf(const StripState& strip) {
  Place& place = places_[strip.id];
  if (place.inputs == strip.inputs) return place;
  place = {.inputs = strip.inputs};
  if (!strip.inputs.empty()) place.applied = device_.inputSettings(strip.inputs[0] - 1);
  return place;
}

void Hardware::follow(const console::Session& session, const StripState& strip, Place& place,
                      FrameTime frame) {
  const auto framesOf = [&](double ms) {
    const devices::DeviceFormat format = engine_.format();
    // A command waits for the next callback, and the device may take two to switch.
    return static_cast<FrameTime>(ms * 1e-3 * format.sampleRate) + 3 * FrameTime{format.blockFrames};
  };
  const InputSettings next = wanted(strip);
  switch (place.stage) {
    case Stage::idle:
      if (next == place.applied) return;
      hold(session, strip.inputs, true);
      place.stage = Stage::fading;
      place.until = frame + framesOf(console::Strip::kRamp.value);
      return;
    case Stage::fading: {
      if (frame < place.until) return;
      const double ms = settleMs(place.applied, next, controls(strip));
      if (!apply(strip, place)) return;
      place.stage = Stage::settling;
      place.until = std::max(place.until, frame + framesOf(ms));
      return;
    }
    case Stage::settling:
      if (next != place.applied) {
        place.stage = Stage::fading;
        return;
      }
      if (frame < place.until) return;
      hold(session, strip.inputs, false);
      place.stage = Stage::idle;
      return;
  }
}

bool Hardware::setGain(const StripState& strip, double gainDb) {
  const console::Session before = engine_.session();
  console::Session next = before;
  const auto found = std::ranges::find(next.strips, strip.id, &StripState::id);
  if (found == next.strips.end()) return false;
  setValue(*found, StripParameter::preampGainDb, gainDb);
  if (!engine_.apply(next)) return false;
  keeper_.recordValue(fmt::format("strips/{}/preampGainDb", strip.id), before, next);
  return true;
}

Result<float> Hardware::fit(const StripState& strip, StripParameter parameter, float value) const {
  const InputControls has = controls(strip);
  const auto lacks = [&](std::string_view what) {
    return Error{ErrorKind::usage, fmt::format("Input {} of {} has no {} that can be set from here{}.",
                                               strip.inputs.empty() ? 0 : strip.inputs[0], deviceName(), what,
                                               has.hasKnob && parameter == StripParameter::preampGainDb
                                                   ? ": turn its knob (\"autogain\" says how far)"
                                                   : "")};
  };
  const bool on = value != 0.0f;
  switch (parameter) {
    case StripParameter::preampGainDb:
      if (!has.gain) return lacks("preamp gain");
      return static_cast<float>(has.gain->nearest(static_cast<double>(value)));
    case StripParameter::pad:
      if (on && !has.padDb) return lacks("pad");
      return value;
    case StripParameter::instrumentInput:
      if (on && !has.instrument) return lacks("instrument switch");
      return value;
    case StripParameter::phantomPower:
      if (on && !has.phantom) return lacks("phantom power");
      return value;
    default:
      return value;
  }
}

std::string Hardware::warningFor(const StripState& strip, StripParameter parameter, float value) const {
  return parameter == StripParameter::phantomPower && value != 0.0f ? controls(strip).phantomWarning
                                                                    : std::string();
}

bool Hardware::isListening(const std::string& strip) const {
  const auto place = places_.find(strip);
  return place != places_.end() && place->second.autoGain.isListening();
}

std::optional<AutoGainResult> Hardware::lastAutoGain(const std::string& strip) const {
  const auto place = places_.find(strip);
  return place == places_.end() ? std::nullopt : place->second.result;
}

Result<void> Hardware::startAutoGain(const StripState& strip) {
  if (strip.inputs.empty())
    return Error{ErrorKind::usage, fmt::format("{} has no input to listen to.", strip.name)};
  Place& place = placeOf(strip);
  place.result.reset();
  engine_.takeDevicePeak(strip.id);
  place.autoGain.start(engine_.frame(), sampleRate(), controls(strip).clipsDbfs);
  return {};
}

void Hardware::stopAutoGain(const std::string& strip) {
  if (const auto place = places_.find(strip); place != places_.end()) place->second.autoGain.stop();
}

void Hardware::listen(const StripState& strip, Place& place, double peak, FrameTime frame) {
  const InputControls has = controls(strip);
  switch (place.autoGain.hear(peak, frame)) {
    case AutoGain::Verdict::listening:
      return;
    case AutoGain::Verdict::clipped: {
      // How far beyond full scale nobody can tell: go down and listen again.
      const double lower =
          has.gain ? has.gain->atMost(place.applied.gainDb - AutoGain::kStepDownDb) : place.applied.gainDb;
      if (has.gain && lower < place.applied.gainDb) {
        setGain(strip, lower);
        return;
      }
      place.autoGain.stop();
      AutoGainResult result{.changeDb = -AutoGain::kStepDownDb};
      result.message =
          has.gain
              ? fmt::format("{} clips even at the least gain, {:.3g} dB: {}.", strip.name, lower,
                            has.padDb && !place.applied.pad ? "switch its pad on" : "make its source quieter")
              : fmt::format("{} clips: turn its gain down by {:g} dB or more, and try again.", strip.name,
                            AutoGain::kStepDownDb);
      news_.push_back(result.message);
      place.result = std::move(result);
      return;
    }
    case AutoGain::Verdict::silent: {
      AutoGainResult result{.peakDbfs = place.autoGain.peakDbfs()};
      const bool lacksPhantom = has.phantom && !place.applied.phantom;
      result.message = fmt::format(
          "Nothing was heard on {} in {:g} s, and its gain was left alone{}.", strip.name, kAutoGainListensS,
          lacksPhantom ? ": a condenser microphone needs phantom power, which is off" : "");
      news_.push_back(result.message);
      place.result = std::move(result);
      return;
    }
    case AutoGain::Verdict::heard:
      conclude(strip, place);
      return;
  }
}

void Hardware::conclude(const StripState& strip, Place& place) {
  const InputControls has = controls(strip);
  AutoGainResult result{.peakDbfs = place.autoGain.peakDbfs(), .changeDb = place.autoGain.missingDb()};
  if (!has.gain) {
    result.message =
        fmt::format("Peaks of {} came to {:.1f} dBFS: turn its gain {} by {:.1f} dB{}.", strip.name,
                    result.peakDbfs, result.changeDb < 0.0 ? "down" : "up", std::abs(result.changeDb),
                    has.hasKnob ? "" : ", by its knob if it has one, else by its source");
  } else {
    const double before = place.applied.gainDb;
    const double ideal = before + result.changeDb;
    const double after = has.gain->atMost(ideal);
    result.changeDb = after - before;
    result.gainDb = after;
    if (!setGain(strip, after)) {
      // Too much is under way: hear once more, and try again then.
      place.autoGain.start(engine_.frame(), sampleRate(), has.clipsDbfs);
      return;
    }
    const double peaks = result.peakDbfs + result.changeDb;
    result.message = fmt::format(
        "Peaks of {} came to {:.1f} dBFS: its preamp gain is {:.3g} dB now, and they come to {:.1f}.",
        strip.name, result.peakDbfs, after, peaks);
    if (ideal > has.gain->maximumDb) result.message += " That is all the gain there is.";
    if (ideal < has.gain->minimumDb)
      result.message += has.padDb && !place.applied.pad ? " That is the least there is: its pad would help."
                                                        : " That is the least there is.";
  }
  news_.push_back(result.message);
  place.result = std::move(result);
}

void Hardware::guard(const StripState& strip, Place& place, double peak, FrameTime frame) {
  const InputControls has = controls(strip);
  const auto takeBack = ClipGuard::takeBackDb(peak, has.clipsDbfs);
  if (!takeBack) return;
  if (has.gain) {
    const double lower = has.gain->atMost(place.applied.gainDb - *takeBack);
    if (lower < place.applied.gainDb && setGain(strip, lower)) {
      news_.push_back(fmt::format("{} came to {:.1f} dBFS: its preamp gain was taken back to {:.3g} dB.",
                                  strip.name, Decibels::fromLinear(peak).value, lower));
      engine_.note(news_.back());
      return;
    }
  }
  if (frame < place.nextWarning) return;
  place.nextWarning = frame + static_cast<FrameTime>(kWarningsApartS * sampleRate());
  news_.push_back(
      has.gain
          ? fmt::format("{} clips, and its gain is at the least there is: {}.", strip.name,
                        has.padDb && !place.applied.pad ? "switch its pad on" : "make its source quieter")
          : fmt::format("{} clips: turn its gain down by {:.0f} dB or more.", strip.name, *takeBack));
}

}  // namespace gainstage::control
