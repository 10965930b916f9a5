#include "analog/gear/recording_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

double padDb(const RecordingPath& path) noexcept { return path.padOn ? path.input.padDb : 0.0; }

double loadingDb(const RecordingPath& path) noexcept {
  return bridgingLossDb(path.source.impedanceOhm, path.input.impedanceOhm);
}

/// From a level at the socket to dBFS.
double toDbfs(const RecordingPath& path, double inputDbu) noexcept {
  return dbfsFromDbu(path.converter, inputDbu - padDb(path) + path.gainDb);
}

/// Behind a pad, which attenuates none of it: the preamplifier's own noise and the pad's.
double paddedNoiseDensity(const AnalogInput& input) noexcept {
  return voltsFromDbu(*input.einDbu) / std::sqrt(noiseBandwidthHz(input.einBand));
}

/// Source's and input's resistances side by side: what thermal noise at the socket comes from.
double socketOhm(const RecordingPath& path) noexcept {
  const double source = path.source.impedanceOhm, input = path.input.impedanceOhm;
  return source * input / (source + input);
}

}  // namespace

Source sourceOf(const RecordingMicrophone& microphone, bool phantomOn) noexcept {
  Source source{microphone.outputImpedanceOhm, std::nullopt};
  const auto noise = selfNoiseDbuA(microphone, phantomOn);
  const double thermal = thermalNoiseDbu(microphone.outputImpedanceOhm, NoiseBand::aWeighted);
  if (noise && *noise > thermal) source.excessNoiseDbuA = powerDifferenceDb(*noise, thermal);
  return source;
}

double largestInputDbu(const RecordingPath& path) noexcept {
  const double converter = path.converter.fullScaleDbu - path.gainDb + padDb(path);
  const auto preamp = clipDbu(path.input, path.gainDb, path.padOn);
  return preamp ? std::min(converter, *preamp) : converter;
}

double largestSourceDbu(const RecordingPath& path) noexcept {
  return largestInputDbu(path) - loadingDb(path);
}

std::vector<LevelPoint> levelPoints(const RecordingPath& path, double sourceDbu) {
  const double input = sourceDbu + loadingDb(path);
  const double padded = input - padDb(path);
  const double largest = largestInputDbu(path);
  std::optional<double> preampInput;
  if (const auto clips = clipDbu(path.input, path.gainDb, path.padOn)) preampInput = *clips - padDb(path);
  return {{"source", sourceDbu, largestSourceDbu(path)},
          {"input", input, largest},
          {"after pad", padded, preampInput},
          {"converter", padded + path.gainDb, path.converter.fullScaleDbu}};
}

double recordedDbfs(const RecordingPath& path, double sourceDbu) noexcept {
  return toDbfs(path, sourceDbu + loadingDb(path));
}

RecordedNoise recordedNoise(const RecordingPath& path, NoiseBand band) noexcept {
  RecordedNoise noise{};
  noise.thermalDbfs = toDbfs(path, thermalNoiseDbu(socketOhm(path), band));
  noise.sourceDbfs = kNone;
  if (path.source.excessNoiseDbuA)
    noise.sourceDbfs = toDbfs(
        path, convertNoiseDb(*path.source.excessNoiseDbuA, NoiseBand::aWeighted, band) + loadingDb(path));
  noise.preampDbfs = kNone;
  if (const auto own = ownNoiseDensity(path.input)) {
    const double density = path.padOn ? paddedNoiseDensity(path.input)
                                      : std::hypot(*own, path.input.noiseCurrentDensity * socketOhm(path));
    noise.preampDbfs =
        dbfsFromDbu(path.converter, dbuFromVolts(density * std::sqrt(noiseBandwidthHz(band))) + path.gainDb);
  }
  noise.converterDbfs = converterNoiseDbfs(path.converter, band, path.sampleRate);
  noise.totalDbfs = powerSumDb({noise.thermalDbfs, noise.sourceDbfs, noise.preampDbfs, noise.converterDbfs});
  noise.isComplete = path.input.einDbu && path.converter.dynamicRangeDba;
  return noise;
}

RecordedNoise recordedNoise(const GuitarOutput& guitar, const RecordingPath& path, NoiseBand band) {
  AnalogInput silent = path.input;
  silent.noiseCurrentDensity = 0.0;
  silent.einDbu = kNone;  // of its own: nothing
  const auto at = [&](double inputDbu) { return dbfsFromDbu(path.converter, inputDbu + path.gainDb); };
  RecordedNoise noise{};
  const double thermal = *inputNoiseDbu(guitar, silent, band);
  noise.thermalDbfs = at(thermal);
  noise.sourceDbfs = noise.preampDbfs = kNone;
  if (const auto all = inputNoiseDbu(guitar, path.input, band))
    noise.preampDbfs = at(powerDifferenceDb(*all, thermal));
  noise.converterDbfs = converterNoiseDbfs(path.converter, band, path.sampleRate);
  noise.totalDbfs = powerSumDb({noise.thermalDbfs, noise.preampDbfs, noise.converterDbfs});
  noise.isComplete = path.input.einDbu && path.converter.dynamicRangeDba;
  return noise;
}

double signalToNoiseDb(const RecordingPath& path, double sourceDbu, NoiseBand band) noexcept {
  return recordedDbfs(path, sourceDbu) - recordedNoise(path, band).totalDbfs;
}

GainAdvice gainFor(const RecordingPath& path, double sourcePeakDbu, double targetDbfs) noexcept {
  const double atInput = sourcePeakDbu + loadingDb(path);
  GainAdvice advice{};
  advice.wantedDb = dbuFromDbfs(path.converter, targetDbfs) - atInput;
  advice.padOn = advice.wantedDb < path.input.minGainDb && path.input.padDb > 0.0;
  if (advice.padOn) advice.wantedDb += path.input.padDb;
  advice.gainDb = settableGainDb(path.input, advice.wantedDb);
  advice.shortfallDb = std::max(advice.wantedDb - path.input.maxGainDb, 0.0);
  advice.excessDb = std::max(path.input.minGainDb - advice.wantedDb, 0.0);
  return advice;
}

}  // namespace gainstage::analog
