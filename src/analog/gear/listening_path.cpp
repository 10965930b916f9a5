#include "analog/gear/listening_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analog/gear/headphone_drive.h"
#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

double unloadedDbu(const ListeningPath& path, double dbfs) noexcept {
  return dbuFromDbfs(path.converter, dbfs) + path.volumeDb + path.amplifier.gainDb.value_or(0.0);
}

/// Across the headphone, of the amplifier's unloaded voltage.
double loadingDb(const ListeningPath& path) noexcept {
  const std::complex<double> load = path.headphone.impedance.at(1000.0);
  return decibelsOf(std::abs(load / (load + path.amplifier.outputImpedanceOhm)));
}

/// Across the headphone, what the amplifier's limits alone allow; infinite where none is known.
double largestVolts(const ListeningPath& path) noexcept {
  Headphone tireless = path.headphone;
  tireless.maxPowerMw.reset();
  const auto largest = largestSound(path.amplifier, tireless);
  return largest ? largest->output.volts : std::numeric_limits<double>::infinity();
}

}  // namespace

std::optional<HeardLevel> heardLevel(const ListeningPath& path, double dbfs) noexcept {
  if (!path.amplifier.gainDb) return std::nullopt;
  const double loading = ratioOf(loadingDb(path));
  const double wanted = voltsFromDbu(unloadedDbu(path, dbfs)) * loading;
  HeardLevel level{};
  // A hair above the limit is rounding, not clipping.
  level.isClipped = wanted > largestVolts(path) * (1.0 + 1e-9);
  level.volts = level.isClipped ? largestVolts(path) : wanted;
  level.unloadedVolts = level.volts / loading;
  level.milliampere = currentMa(path.headphone, level.volts);
  level.milliwatts = powerMw(path.headphone, level.volts);
  level.splDb = splAt(path.headphone, level.volts);
  level.isOverHeadphone = path.headphone.maxPowerMw && level.milliwatts > *path.headphone.maxPowerMw;
  return level;
}

std::optional<double> dbfsForSpl(const ListeningPath& path, double splDb) noexcept {
  const auto volts = voltsForSpl(path.headphone, splDb);
  if (!volts || !path.amplifier.gainDb) return std::nullopt;
  return dbuFromVolts(*volts) - loadingDb(path) - unloadedDbu(path, 0.0);
}

std::vector<LevelPoint> levelPoints(const ListeningPath& path, double dbfs) {
  const double unloaded = unloadedDbu(path, dbfs);
  const double largest = largestVolts(path);
  LevelPoint amplifier{"amplifier", unloaded, {}}, headphone{"headphone", unloaded + loadingDb(path), {}};
  if (std::isfinite(largest)) {
    amplifier.largestDbu = dbuFromVolts(largest) - loadingDb(path);
    headphone.largestDbu = dbuFromVolts(largest);
  }
  if (const auto stands = maxVolts(path.headphone))
    headphone.largestDbu = dbuFromVolts(std::min(largest, *stands));
  return {
      {"converter", dbuFromDbfs(path.converter, dbfs), path.converter.fullScaleDbu}, amplifier, headphone};
}

std::optional<HeardNoise> heardNoise(const ListeningPath& path) noexcept {
  if (!path.headphone.sensitivityDbPerV) return std::nullopt;
  const auto heard = [&](double unloaded) {
    return *splAt(path.headphone, voltsFromDbu(unloaded + loadingDb(path)));
  };
  HeardNoise noise{kNone, kNone, kNone, false};
  if (path.amplifier.gainDb)
    noise.converterDba =
        heard(unloadedDbu(path, converterNoiseDbfs(path.converter, NoiseBand::aWeighted, path.sampleRate)));
  if (path.amplifier.noiseDbuA) noise.amplifierDba = heard(*path.amplifier.noiseDbuA);
  noise.totalDba = powerSumDb({noise.converterDba, noise.amplifierDba});
  noise.isComplete = path.amplifier.gainDb && path.amplifier.noiseDbuA && path.converter.dynamicRangeDba;
  return noise;
}

std::optional<double> signalToNoiseAndDistortionDb(const ListeningPath& path, double dbfs) noexcept {
  const auto level = heardLevel(path, dbfs);
  const auto noise = heardNoise(path);
  if (!level || !noise) return std::nullopt;
  const double distortion =
      path.amplifier.distortionDb ? *level->splDb + *path.amplifier.distortionDb : kNone;
  return *level->splDb - powerSumDb({noise->totalDba, distortion});
}

}  // namespace gainstage::analog
