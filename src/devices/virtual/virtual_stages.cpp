#include "devices/virtual/virtual_stages.h"

#include <algorithm>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::devices {
namespace {

constexpr double kInaudibleDbfs = -90.0;
// Five time constants of a condenser's supply: 0.06 dB of its level are missing.
constexpr Milliseconds kMicrophoneWakes{1000.0};

/// `gainDb`: from where it thumps to the converter.
Milliseconds settles(const analog::Thump& thump, double gainDb, const analog::Converter& converter) {
  if (thump.volts <= 0.0) return {};
  const double fullScaleV = std::numbers::sqrt2 * analog::voltsFromDbu(converter.fullScaleDbu);
  const double db = analog::decibelsOf(thump.volts / fullScaleV) + gainDb - kInaudibleDbfs;
  return {1e3 * thump.secondsTo(std::max(db, 0.0))};
}

}  // namespace

InputControls controlsOf(const InputStage& stage) {
  const analog::InputDesign& design = stage.design;
  const analog::AnalogInput& input = design.input;
  InputControls controls;
  if (!stage.hasKnob && input.maxGainDb > input.minGainDb)
    controls.gain = GainRange{input.minGainDb, input.maxGainDb, input.gainStepDb};
  controls.hasKnob = stage.hasKnob;
  if (input.padDb > 0.0) controls.padDb = input.padDb;
  controls.instrument = design.instrument.has_value();
  controls.phantom = input.hasPhantom;
  if (input.clipDbu)
    controls.clipsDbfs =
        std::min(analog::dbfsFromDbu(design.converter, *input.clipDbu + input.minGainDb), 0.0);
  controls.gainSettles = controls.switchSettles = settles(design.gainThump, 0.0, design.converter);
  controls.phantomSettles = settles(design.phantomThump, input.maxGainDb, design.converter);
  const auto* mic = std::get_if<analog::MicrophonePlugged>(&design.plugged);
  if (mic && analog::phantomEffect(mic->microphone, true) == analog::PhantomEffect::risky)
    controls.phantomWarning =
        "A ribbon microphone is plugged in: phantom power over a crossed or worn cable may tear its ribbon.";
  if (mic && mic->microphone.needsPhantom)
    controls.phantomSettles.value = std::max(controls.phantomSettles.value, kMicrophoneWakes.value);
  return controls;
}

OutputGear gearOf(const OutputStage& stage) {
  const analog::OutputDesign& design = stage.design;
  return {.firstChannel = stage.firstChannel,
          .channels = stage.channels,
          .fullScaleDbu = design.converter.fullScaleDbu + design.amplifier.gainDb.value_or(0.0),
          .outputImpedanceOhm = design.amplifier.outputImpedanceOhm,
          .headphoneOhm = design.headphone.impedance.magnitudeAt(1000.0),
          .headphoneDbPerV = design.headphone.sensitivityDbPerV};
}

InputSettings limitedTo(const InputStage& stage, InputSettings settings) {
  const InputControls controls = controlsOf(stage);
  settings.gainDb = controls.gain ? controls.gain->nearest(settings.gainDb) : stage.stands.gainDb;
  settings.pad = settings.pad && controls.padDb;
  settings.instrument = settings.instrument && controls.instrument;
  settings.phantom = settings.phantom && controls.phantom;
  return settings;
}

}  // namespace gainstage::devices
