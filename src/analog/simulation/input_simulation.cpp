#include "analog/simulation/input_simulation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

using std::numbers::pi;
using std::numbers::sqrt2;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
// A condenser's supply charges behind the 6.81 kohm of phantom power and its own filter.
constexpr double kWakeSeconds = 0.2;

double densityOf(double dbuA) noexcept {
  return voltsFromDbu(dbuA) / std::sqrt(noiseBandwidthHz(NoiseBand::aWeighted));
}

double decayPerFrame(double seconds, double sampleRate) noexcept {
  return std::exp(-1.0 / (seconds * sampleRate));
}

Source sourceOf(const Plugged& plugged, bool phantomOn) noexcept {
  if (const auto* mic = std::get_if<MicrophonePlugged>(&plugged)) return sourceOf(mic->microphone, phantomOn);
  const auto& line = std::get<LinePlugged>(plugged);
  return {line.outputImpedanceOhm, line.noiseDbuA};
}

/// White noise at the socket of a source that has a plain resistance, V RMS: thermal, of source and input
/// side by side, and the source's own.
double socketNoiseV(const Source& source, double inputOhm, double sampleRate) noexcept {
  const double load = inputOhm / (source.impedanceOhm + inputOhm);
  const double own = source.excessNoiseDbuA ? load * densityOf(*source.excessNoiseDbuA) : 0.0;
  return noiseRms(std::hypot(thermalNoiseDensity(load * source.impedanceOhm), own), sampleRate);
}

}  // namespace

double Thump::secondsTo(double db) const noexcept { return seconds * db / 20.0 * std::numbers::ln10; }

InputSimulation::Circuit InputSimulation::circuitOf(double sampleRate, const InputDesign& design,
                                                    const AnalogInput& input) {
  Circuit circuit;
  const double ownDensity = ownNoiseDensity(input).value_or(0.0);
  circuit.pad = ratioOf(-input.padDb);
  // A pad is a divider of about the resistance that the EIN was measured with (analog/gear/input.h).
  circuit.paddedNoiseV = noiseRms(std::hypot(ownDensity, input.noiseCurrentDensity * input.einSourceOhm,
                                             input.einDbu ? thermalNoiseDensity(input.einSourceOhm) : 0.0),
                                  sampleRate);
  circuit.clipV = input.clipDbu ? sqrt2 * voltsFromDbu(*input.clipDbu + input.minGainDb) : kNoLimit;
  if (const auto* guitar = std::get_if<GuitarPlugged>(&design.plugged)) {
    circuit.preampNoiseV = noiseRms(ownDensity, sampleRate);
    const GuitarOutput output{guitar->pickup, guitar->controls, guitar->cable, input.impedanceOhm,
                              input.capacitanceF};
    circuit.loadFilter.prepare(sampleRate, [&](double hz) { return std::abs(output.response(hz)); });
    circuit.noiseFilter.prepare(sampleRate, [&](double hz) {
      const auto z = output.impedance(hz);
      return noiseRms(std::hypot(thermalNoiseDensity(z.real()), input.noiseCurrentDensity * std::abs(z)),
                      sampleRate);
    });
    return circuit;
  }
  const Source source = sourceOf(design.plugged, true);
  circuit.load = input.impedanceOhm / (source.impedanceOhm + input.impedanceOhm);
  circuit.sourceNoiseV = socketNoiseV(source, input.impedanceOhm, sampleRate);
  circuit.silentNoiseV = socketNoiseV(sourceOf(design.plugged, false), input.impedanceOhm, sampleRate);
  const double socketOhm = circuit.load * source.impedanceOhm;
  circuit.preampNoiseV = noiseRms(std::hypot(ownDensity, input.noiseCurrentDensity * socketOhm), sampleRate);
  return circuit;
}

void InputSimulation::prepare(double sampleRate, const InputDesign& design, const InputSwitches& switches) {
  plain_ = circuitOf(sampleRate, design, design.input);
  hasInstrument_ = design.instrument.has_value();
  if (hasInstrument_) instrument_ = circuitOf(sampleRate, design, *design.instrument);
  isGuitar_ = std::holds_alternative<GuitarPlugged>(design.plugged);
  needsPhantom_ = false;
  sourceMostV_ = kNoLimit;
  if (const auto* mic = std::get_if<MicrophonePlugged>(&design.plugged)) {
    const double voltsPerPascal = mic->microphone.sensitivityMvPerPa * 1e-3;
    sourceV_ = sqrt2 * voltsPerPascal * pascalFromSpl(mic->fullScaleDbSpl);
    if (mic->microphone.maxSplDb)
      sourceMostV_ = sqrt2 * voltsPerPascal * pascalFromSpl(*mic->microphone.maxSplDb);
    needsPhantom_ = mic->microphone.needsPhantom;
  } else if (const auto* guitar = std::get_if<GuitarPlugged>(&design.plugged)) {
    sourceV_ = guitar->fullScaleV;
  } else {
    sourceV_ = sqrt2 * voltsFromDbu(std::get<LinePlugged>(design.plugged).fullScaleDbu);
  }
  phantomThump_ = {0.0, decayPerFrame(design.phantomThump.seconds, sampleRate)};
  gainThump_ = {0.0, decayPerFrame(design.gainThump.seconds, sampleRate)};
  phantomThumpV_ = design.phantomThump.volts;
  gainThumpV_ = design.gainThump.volts;
  wakePerFrame_ = decayPerFrame(kWakeSeconds, sampleRate);
  hum_.clear();
  if (design.hum)
    for (int k = 0; k < GroundHum::kHarmonics; ++k) {
      const double hz = (k + 1) * design.hum->frequencyHz;
      const double db = k == 0 ? 0.0 : design.hum->harmonicsDb[static_cast<std::size_t>(k - 1)];
      if (hz < 0.5 * sampleRate)
        hum_.push_back(
            {.volts = sqrt2 * voltsFromDbu(design.hum->levelDbu + db), .turnsPerFrame = hz / sampleRate});
    }
  const std::uint64_t seed = 4 * std::uint64_t{design.seed};
  sourceNoise_ = WhiteNoise(seed);
  preampNoise_ = WhiteNoise(seed + 1);
  converter_.prepare(sampleRate, design.converter, seed + 2);
  switches_ = switches;
  gain_ = ratioOf(switches.gainDb);
  awake_ = needsPhantom_ && !switches.phantom ? 0.0 : 1.0;
}

void InputSimulation::set(const InputSwitches& switches) noexcept {
  if (switches == switches_) return;
  if (switches.phantom != switches_.phantom)
    phantomThump_.volts += switches.phantom ? phantomThumpV_ : -phantomThumpV_;
  // More gain lifts the offset, less lowers it; a relay lets it jump to either side.
  const bool isLess = switches.gainDb < switches_.gainDb;
  if (switches.gainDb != switches_.gainDb || switches.pad != switches_.pad ||
      switches.instrument != switches_.instrument)
    gainThump_.volts += isLess ? -gainThumpV_ : gainThumpV_;
  switches_ = switches;
  gain_ = ratioOf(switches.gainDb);
}

double InputSimulation::hum() noexcept {
  double sum = 0.0;
  for (Partial& partial : hum_) {
    sum += partial.volts * std::sin(2.0 * pi * partial.turn);
    partial.turn += partial.turnsPerFrame;
    partial.turn -= std::floor(partial.turn);
  }
  return sum;
}

void InputSimulation::process(std::span<float> io) noexcept {
  while (!io.empty()) {
    const auto chunk = io.first(std::min<std::size_t>(io.size(), MagnitudeFilter::kChunk));
    processChunk(chunk);
    io = io.subspan(chunk.size());
  }
}

void InputSimulation::processChunk(std::span<float> io) noexcept {
  Circuit& now = circuit();
  std::array<double, MagnitudeFilter::kChunk> volts, noise;
  const bool sleeps = needsPhantom_ && !switches_.phantom;
  for (std::size_t n = 0; n < io.size(); ++n) {
    if (needsPhantom_) awake_ = sleeps ? awake_ * wakePerFrame_ : 1.0 - (1.0 - awake_) * wakePerFrame_;
    volts[n] = std::clamp(sourceV_ * static_cast<double>(io[n]), -sourceMostV_, sourceMostV_) * awake_;
    noise[n] = sourceNoise_.next();
  }
  if (isGuitar_) {
    now.loadFilter.process(std::span(volts).first(io.size()));
    now.noiseFilter.process(std::span(noise).first(io.size()));
  } else {
    const double rms = sleeps ? now.silentNoiseV : now.sourceNoiseV;
    for (std::size_t n = 0; n < io.size(); ++n) {
      volts[n] *= now.load;
      noise[n] *= rms;
    }
  }
  const double pad = switches_.pad ? now.pad : 1.0;
  const double preampNoiseV = switches_.pad ? now.paddedNoiseV : now.preampNoiseV;
  for (std::size_t n = 0; n < io.size(); ++n) {
    const double socket = volts[n] + noise[n] + hum() + phantomThump_.next();
    const double preamp = (socket * pad + preampNoiseV * preampNoise_.next()) * gain_ + gainThump_.next();
    io[n] = converter_.next(std::clamp(preamp, -now.clipV, now.clipV));
  }
}

}  // namespace gainstage::analog
