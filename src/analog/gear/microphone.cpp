#include "analog/gear/microphone.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "analog/gear/levels.h"
#include "analog/gear/noise.h"

namespace gainstage::analog {

double dbvPerPaFromMvPerPa(double mvPerPa) noexcept { return dbvFromVolts(mvPerPa * 1e-3); }

double mvPerPaFromDbvPerPa(double dbvPerPa) noexcept { return 1e3 * voltsFromDbv(dbvPerPa); }

PhantomEffect phantomEffect(const RecordingMicrophone& microphone, bool phantomOn) noexcept {
  if (microphone.needsPhantom) return phantomOn ? PhantomEffect::none : PhantomEffect::silent;
  if (phantomOn && microphone.principle == MicrophonePrinciple::ribbon) return PhantomEffect::risky;
  return PhantomEffect::none;
}

double phantomVolts(double milliampere) noexcept { return 48.0 - 6.81 / 2.0 * milliampere; }

double outputDbu(const RecordingMicrophone& microphone, double splDb, bool phantomOn) noexcept {
  if (phantomEffect(microphone, phantomOn) == PhantomEffect::silent)
    return -std::numeric_limits<double>::infinity();
  return dbuFromVolts(microphone.sensitivityMvPerPa * 1e-3 * pascalFromSpl(splDb));
}

std::optional<double> selfNoiseDbuA(const RecordingMicrophone& microphone, bool phantomOn) noexcept {
  const double thermal = thermalNoiseDbu(microphone.outputImpedanceOhm, NoiseBand::aWeighted);
  if (phantomEffect(microphone, phantomOn) == PhantomEffect::silent) return thermal;
  if (microphone.selfNoiseDba) return outputDbu(microphone, *microphone.selfNoiseDba, phantomOn);
  if (microphone.needsPhantom || microphone.principle == MicrophonePrinciple::condenser) return std::nullopt;
  return thermal;
}

std::optional<double> equivalentNoiseDba(const RecordingMicrophone& microphone) noexcept {
  if (microphone.selfNoiseDba) return microphone.selfNoiseDba;
  const auto noise = selfNoiseDbuA(microphone, true);
  if (!noise) return std::nullopt;
  return *noise - outputDbu(microphone, 0.0, true);
}

std::optional<double> signalToNoiseDb(const RecordingMicrophone& microphone) noexcept {
  const auto noise = equivalentNoiseDba(microphone);
  if (!noise) return std::nullopt;
  return kOnePascalSpl - *noise;
}

std::optional<double> dynamicRangeDb(const RecordingMicrophone& microphone) noexcept {
  const auto noise = equivalentNoiseDba(microphone);
  if (!noise || !microphone.maxSplDb) return std::nullopt;
  return *microphone.maxSplDb - *noise;
}

std::optional<double> maxOutputDbu(const RecordingMicrophone& microphone) noexcept {
  if (!microphone.maxSplDb) return std::nullopt;
  return outputDbu(microphone, *microphone.maxSplDb, true);
}

double pressureShare(MicrophonePattern pattern) noexcept {
  constexpr std::array kShares = {1.0, 0.7, 0.5, 0.37, 0.25, 0.0};
  return kShares[static_cast<std::size_t>(pattern)];
}

double patternGain(MicrophonePattern pattern, double degrees) noexcept {
  const double share = pressureShare(pattern);
  return share + (1.0 - share) * std::cos(degrees * std::numbers::pi / 180.0);
}

double randomEnergyEfficiency(MicrophonePattern pattern) noexcept {
  const double share = pressureShare(pattern);
  return share * share + (1.0 - share) * (1.0 - share) / 3.0;
}

double distanceFactor(MicrophonePattern pattern) noexcept {
  return 1.0 / std::sqrt(randomEnergyEfficiency(pattern));
}

}  // namespace gainstage::analog
