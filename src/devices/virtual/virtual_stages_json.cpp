#include "devices/virtual/virtual_stages_json.h"

#include <array>
#include <fmt/format.h>

#include "analog/circuit/taper.h"
#include "devices/virtual/json_numbers.h"

namespace gainstage::devices {
namespace {

using formats::Json;
using formats::ObjectReader;

// Generous: from a paper clip to a power station, so that only what cannot be is refused.
constexpr double kLeastOhm = 0.01, kMostOhm = 1e9;
constexpr double kLeastDb = -200.0;
constexpr std::size_t kMostStages = 32, kMostSurges = 10000, kMostCurvePoints = 10000;
constexpr int kMostFrames = std::numeric_limits<int>::max();

constexpr std::array<std::string_view, 3> kPrinciples{"dynamic", "ribbon", "condenser"};
constexpr std::array<std::string_view, 3> kInputKinds{"microphone", "instrument", "line"};
constexpr std::array<std::string_view, 2> kBands{"flat", "A"};
constexpr std::array<std::string_view, 2> kGainBy{"console", "knob"};

void readMicrophone(ObjectReader& reader, analog::MicrophonePlugged& plugged) {
  analog::RecordingMicrophone& mic = plugged.microphone;
  if (const auto word = reader.word("principle", kPrinciples))
    mic.principle = static_cast<analog::MicrophonePrinciple>(*word);
  readInto(reader, "sensitivityMvPerPa", "mV/Pa", 0.001, 1000.0, mic.sensitivityMvPerPa);
  readInto(reader, "outputImpedanceOhm", "Ohm", kLeastOhm, 1e6, mic.outputImpedanceOhm);
  readInto(reader, "selfNoiseDba", "dB SPL A-weighted", -30.0, 100.0, mic.selfNoiseDba);
  readInto(reader, "maxSplDb", "dB SPL", 60.0, 200.0, mic.maxSplDb);
  reader.boolean("needsPhantom", mic.needsPhantom);
  readInto(reader, "fullScaleDbSpl", "dB SPL", 0.0, 200.0, plugged.fullScaleDbSpl);
}

void readPickup(ObjectReader& reader, analog::GuitarPlugged& plugged) {
  readInto(reader, "inductanceH", "H", 1e-4, 100.0, plugged.pickup.inductanceH);
  readInto(reader, "resistanceOhm", "Ohm", 1.0, 1e6, plugged.pickup.resistanceOhm);
  readInto(reader, "capacitancePf", "pF", 1.0, 1e5, plugged.pickup.capacitanceF, 1e-12);
  readInto(reader, "eddyOhm", "Ohm", 0.0, kMostOhm, plugged.pickup.eddyOhm);
  readInto(reader, "volumeOhm", "Ohm", 0.0, 1e8, plugged.controls.volumeOhm);
  readInto(reader, "toneOhm", "Ohm", 0.0, 1e8, plugged.controls.toneOhm);
  readInto(reader, "toneNf", "nF", 0.01, 1e4, plugged.controls.toneF, 1e-9);
  double volume = 1.0, tone = 1.0;
  readInto(reader, "volume", "", 0.0, 1.0, volume);
  readInto(reader, "tone", "", 0.0, 1.0, tone);
  plugged.controls.volumeShare = analog::audioTaper(volume);
  plugged.controls.toneShare = analog::audioTaper(tone);
  readInto(reader, "cableM", "m", 0.0, 1000.0, plugged.cable.metres);
  readInto(reader, "cablePfPerM", "pF/m", 0.0, 10000.0, plugged.cable.faradPerMetre, 1e-12);
  readInto(reader, "fullScaleV", "V", 1e-6, 100.0, plugged.fullScaleV);
}

void readLine(ObjectReader& reader, analog::LinePlugged& plugged) {
  readInto(reader, "outputImpedanceOhm", "Ohm", kLeastOhm, 1e6, plugged.outputImpedanceOhm);
  readInto(reader, "fullScaleDbu", "dBu", -100.0, 60.0, plugged.fullScaleDbu);
  readInto(reader, "noiseDbuA", "dBu A-weighted", kLeastDb, 0.0, plugged.noiseDbuA);
}

void readConverter(ObjectReader& reader, analog::Converter& converter) {
  readInto(reader, "fullScaleDbu", "dBu", -60.0, 60.0, converter.fullScaleDbu);
  readInto(reader, "dynamicRangeDba", "dB A-weighted", 20.0, 200.0, converter.dynamicRangeDba);
  readInto(reader, "bits", 8, 32, converter.bits);
  reader.boolean("dither", converter.dithered);
  readInto(reader, "filterDelayFrames", "frames", 0.0, 4096.0, converter.filterDelayFrames);
  readInto(reader, "jitterPs", "ps", 0.0, 1e6, converter.jitterSeconds, 1e-12);
}

/// What the instrument switch changes, too.
void readLoad(ObjectReader& reader, analog::AnalogInput& input) {
  readInto(reader, "impedanceOhm", "Ohm", 1.0, kMostOhm, input.impedanceOhm);
  readInto(reader, "capacitancePf", "pF", 0.0, 1e6, input.capacitanceF, 1e-12);
  readInto(reader, "clipDbu", "dBu", -60.0, 60.0, input.clipDbu);
  readInto(reader, "einDbu", "dBu", kLeastDb, 0.0, input.einDbu);
  readInto(reader, "einSourceOhm", "Ohm", 0.0, 1e6, input.einSourceOhm);
  if (const auto band = reader.word("einWeighting", kBands))
    input.einBand = static_cast<analog::NoiseBand>(*band);
  readInto(reader, "noiseCurrentPa", "pA per root Hz", 0.0, 1e6, input.noiseCurrentDensity, 1e-12);
  if (input.einDbu && !analog::isEinPossible(*input.einDbu, input.einBand, input.einSourceOhm))
    reader.problems().add(
        reader.pathOf("einDbu"),
        fmt::format("is below the thermal noise of its {:g} Ohm, {:.1f} dBu {}: no preamp can do that",
                    input.einSourceOhm, analog::thermalNoiseDbu(input.einSourceOhm, input.einBand),
                    input.einBand == analog::NoiseBand::flat ? "flat" : "A-weighted"));
}

void readThump(ObjectReader& reader, std::string_view volts, std::string_view ms, analog::Thump& thump) {
  readInto(reader, volts, "V", 0.0, 48.0, thump.volts);
  readInto(reader, ms, "ms", 0.01, 10000.0, thump.seconds, 1e-3);
}

void readCircuit(ObjectReader& reader, InputStage& stage) {
  analog::InputDesign& design = stage.design;
  analog::AnalogInput& input = design.input;
  if (const auto kind = reader.word("kind", kInputKinds)) input.kind = static_cast<analog::InputKind>(*kind);
  readLoad(reader, input);
  readInto(reader, "minGainDb", "dB", -60.0, 100.0, input.minGainDb);
  readInto(reader, "maxGainDb", "dB", -60.0, 100.0, input.maxGainDb);
  readInto(reader, "gainStepDb", "dB", 0.0, 60.0, input.gainStepDb);
  if (input.maxGainDb < input.minGainDb)
    reader.problems().add(reader.pathOf("maxGainDb"), fmt::format("is {:g}, below minGainDb, which is {:g}",
                                                                  input.maxGainDb, input.minGainDb));
  if (const auto by = reader.word("gainBy", kGainBy)) stage.hasKnob = *by == 1;
  readInto(reader, "padDb", "dB", 0.0, 100.0, input.padDb);
  reader.boolean("hasPhantom", input.hasPhantom);
  readThump(reader, "phantomThumpV", "phantomThumpMs", design.phantomThump);
  readThump(reader, "gainThumpV", "gainThumpMs", design.gainThump);
  analog::AnalogInput instrument = input;
  instrument.kind = analog::InputKind::instrument;
  instrument.impedanceOhm = 1e6;
  if (readPart(reader, "instrument", [&](ObjectReader& inner) { readLoad(inner, instrument); }))
    design.instrument = instrument;
}

void readStands(ObjectReader& reader, InputStage& stage) {
  const analog::AnalogInput& input = stage.design.input;
  readInto(reader, "gainDb", "dB", input.minGainDb, std::max(input.minGainDb, input.maxGainDb),
           stage.stands.gainDb);
  const auto readSwitch = [&](std::string_view key, bool has, std::string_view what, bool& on) {
    reader.boolean(key, on);
    if (on && !has)
      reader.problems().add(reader.pathOf(key), fmt::format("is true, but the circuit has no {}", what));
  };
  readSwitch("pad", input.padDb > 0.0, "padDb", stage.stands.pad);
  readSwitch("instrument", stage.design.instrument.has_value(), "instrument", stage.stands.instrument);
  readSwitch("phantom", input.hasPhantom, "hasPhantom", stage.stands.phantom);
}

analog::ImpedanceCurve readCurve(const std::vector<const Json*>& points, const ObjectReader& reader) {
  std::vector<analog::ImpedancePoint> curve;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Json& point = *points[i];
    const bool isPair = point.is_array() && point.size() == 2 && point[0].is_number() && point[1].is_number();
    const double hz = isPair ? point[0].get<double>() : 0.0, ohm = isPair ? point[1].get<double>() : 0.0;
    if (hz > 0.0 && ohm > 0.0 && hz < 1e6 && ohm < kMostOhm && (curve.empty() || hz > curve.back().hz)) {
      curve.push_back({hz, ohm});
      continue;
    }
    reader.problems().add(
        fmt::format("{}[{}]", reader.pathOf("curve"), i),
        fmt::format("should be a pair of Hz and Ohm, both above 0 and each of a higher "
                    "frequency than the one before, but is {}",
                    isPair ? fmt::format("[{:g}, {:g}]", hz, ohm) : formats::describe(point)));
    curve.assign({{20.0, 32.0}, {20000.0, 32.0}});
    break;
  }
  return analog::ImpedanceCurve(std::move(curve));
}

void readHeadphone(ObjectReader& reader, analog::Headphone& headphone) {
  analog::Impedance& impedance = headphone.impedance;
  readInto(reader, "nominalOhm", "Ohm", 0.1, 1e6, impedance.nominalOhm);
  if (reader.find("curve"))
    if (const auto points = reader.list("curve", kMostCurvePoints, 2); points.size() >= 2)
      impedance.curve = readCurve(points, reader);
  analog::MovingCoil coil{.coilOhm = impedance.nominalOhm};
  if (readPart(reader, "coil", [&](ObjectReader& inner) {
        readInto(inner, "coilOhm", "Ohm", 0.1, 1e6, coil.coilOhm);
        readInto(inner, "resonanceHz", "Hz", 1.0, 20000.0, coil.resonanceHz);
        readInto(inner, "resonanceOhm", "Ohm", 0.0, 1e6, coil.resonanceOhm);
        readInto(inner, "q", "", 0.01, 100.0, coil.q);
        readInto(inner, "inductanceMh", "mH", 0.0, 1e4, coil.inductanceH, 1e-3);
        readInto(inner, "eddyOhm", "Ohm", 0.0, 1e6, coil.eddyOhm);
      }))
    impedance.model = coil;
  std::optional<double> perMw;
  readInto(reader, "sensitivityDbPerV", "dB SPL at 1 V", 40.0, 180.0, headphone.sensitivityDbPerV);
  readInto(reader, "sensitivityDbPerMw", "dB SPL at 1 mW", 40.0, 180.0, perMw);
  if (perMw && headphone.sensitivityDbPerV)
    reader.problems().add(reader.pathOf("sensitivityDbPerMw"), "is one of two sensitivities: leave one out");
  if (perMw) headphone.sensitivityDbPerV = analog::dbPerVFromDbPerMw(*perMw, impedance.nominalOhm);
  readInto(reader, "maxPowerMw", "mW", 0.0, 1e6, headphone.maxPowerMw);
}

void readAmplifier(ObjectReader& reader, analog::HeadphoneAmplifier& amplifier) {
  readInto(reader, "gainDb", "dB", -100.0, 100.0, amplifier.gainDb);
  readInto(reader, "outputImpedanceOhm", "Ohm", 0.0, 1e5, amplifier.outputImpedanceOhm);
  readInto(reader, "maxV", "V RMS", 0.001, 1000.0, amplifier.maxVolts);
  readInto(reader, "maxCurrentMa", "mA RMS", 0.01, 1e5, amplifier.maxCurrentMa);
  readInto(reader, "noiseDbuA", "dBu A-weighted", kLeastDb, 0.0, amplifier.noiseDbuA);
  readInto(reader, "groundOhm", "Ohm", 0.0, 1000.0, amplifier.groundOhm);
}

}  // namespace

std::optional<InputStage> readInputStage(ObjectReader& input, std::string_view source) {
  InputStage stage;
  analog::MicrophonePlugged microphone;
  analog::GuitarPlugged guitar;
  analog::LinePlugged line;
  const bool hasMicrophone =
      readPart(input, "microphone", [&](ObjectReader& reader) { readMicrophone(reader, microphone); });
  const bool hasPickup = readPart(input, "pickup", [&](ObjectReader& reader) { readPickup(reader, guitar); });
  const bool hasLine = readPart(input, "line", [&](ObjectReader& reader) { readLine(reader, line); });
  const int plugged = (hasMicrophone ? 1 : 0) + (hasPickup ? 1 : 0) + (hasLine ? 1 : 0);
  if (plugged > 1)
    input.problems().add(input.path(), "has more than one of microphone, pickup and line plugged in");
  if (hasMicrophone || (plugged == 0 && source == "voice"))
    stage.design.plugged = microphone;
  else if (hasPickup || (plugged == 0 && source == "guitar"))
    stage.design.plugged = guitar;
  else
    stage.design.plugged = line;
  const bool hasCircuit =
      readPart(input, "circuit", [&](ObjectReader& reader) { readCircuit(reader, stage); });
  stage.stands.gainDb = stage.design.input.minGainDb;
  const bool stands = readPart(input, "stands", [&](ObjectReader& reader) { readStands(reader, stage); });
  const bool hasConverter = readPart(
      input, "converter", [&](ObjectReader& reader) { readConverter(reader, stage.design.converter); });
  if (plugged == 0 && !hasCircuit && !stands && !hasConverter) return std::nullopt;
  return stage;
}

std::vector<OutputStage> readOutputStages(ObjectReader& device, int outputs) {
  std::vector<OutputStage> stages;
  std::vector<bool> taken(static_cast<std::size_t>(outputs) + 1);
  if (!device.find("phones")) return stages;
  forEach(device, "phones", kMostStages, [&](ObjectReader& reader) {
    OutputStage stage;
    stage.design.seed = static_cast<std::uint32_t>(stages.size()) + 1;
    reader.require("channels");
    std::vector<int> channels;
    const auto entries = reader.list("channels", 2, 1);
    for (const Json* entry : entries)
      if (const auto channel =
              formats::readWhole(*entry, 1, outputs, reader.pathOf("channels"), reader.problems()))
        channels.push_back(*channel);
    if (channels.size() == 2 && channels[1] != channels[0] + 1)
      reader.problems().add(reader.pathOf("channels"),
                            "should be two that stand side by side, such as [1, 2]");
    for (const int channel : channels) {
      if (taken[static_cast<std::size_t>(channel)])
        reader.problems().add(reader.pathOf("channels"),
                              fmt::format("has {}, which has phones already", channel));
      taken[static_cast<std::size_t>(channel)] = true;
    }
    if (!channels.empty()) stage.firstChannel = channels[0];
    stage.channels = static_cast<int>(channels.size());
    readPart(reader, "converter", [&](ObjectReader& inner) { readConverter(inner, stage.design.converter); });
    readPart(reader, "amplifier", [&](ObjectReader& inner) { readAmplifier(inner, stage.design.amplifier); });
    readPart(reader, "headphone", [&](ObjectReader& inner) { readHeadphone(inner, stage.design.headphone); });
    reader.finish();
    stages.push_back(std::move(stage));
  });
  return stages;
}

void readHum(ObjectReader& faults, std::vector<std::optional<InputStage>>& stages) {
  readPart(faults, "hum", [&](ObjectReader& reader) {
    analog::GroundHum hum;
    readInto(reader, "frequencyHz", "Hz", 1.0, 1000.0, hum.frequencyHz);
    readInto(reader, "levelDbu", "dBu", kLeastDb, 20.0, hum.levelDbu);
    std::vector<std::size_t> inputs;
    if (reader.find("inputs")) {
      for (const Json* entry : reader.list("inputs", stages.size(), 1))
        if (const auto input = formats::readWhole(*entry, 1, static_cast<int>(stages.size()),
                                                  reader.pathOf("inputs"), reader.problems()))
          inputs.push_back(static_cast<std::size_t>(*input - 1));
    } else {
      for (std::size_t i = 0; i < stages.size(); ++i)
        if (stages[i]) inputs.push_back(i);
      if (inputs.empty())
        reader.problems().add(reader.path(), "needs an input with a circuit: an ideal one has no ground");
    }
    for (const std::size_t input : inputs) {
      if (stages[input])
        stages[input]->design.hum = hum;
      else
        reader.problems().add(
            reader.pathOf("inputs"),
            fmt::format("has {}, which has no circuit: an ideal input has no ground", input + 1));
    }
  });
}

std::vector<Surge> readSurges(ObjectReader& faults, int inputs) {
  std::vector<Surge> surges;
  if (!faults.find("clipping")) return surges;
  forEach(faults, "clipping", kMostSurges, [&](ObjectReader& reader) {
    Surge surge;
    requireInto(reader, "input", 1, std::max(inputs, 1), surge.input);
    requireInto(reader, "atFrame", 0, kMostFrames, surge.atFrame);
    requireInto(reader, "frames", 1, kMostFrames, surge.frames);
    readInto(reader, "byDb", "dB", 0.0, 120.0, surge.byDb);
    reader.finish();
    surges.push_back(surge);
  });
  return surges;
}

}  // namespace gainstage::devices
