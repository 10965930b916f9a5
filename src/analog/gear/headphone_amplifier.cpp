#include "analog/gear/headphone_amplifier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {

double loadedVolts(const HeadphoneAmplifier& amplifier, double unloadedVolts, double loadOhm) noexcept {
  return unloadedVolts * loadOhm / (loadOhm + amplifier.outputImpedanceOhm);
}

std::optional<LargestOutput> largestOutput(const HeadphoneAmplifier& amplifier, double loadOhm) noexcept {
  if (!amplifier.maxVolts && !amplifier.maxCurrentMa) return std::nullopt;
  constexpr double kNoLimit = std::numeric_limits<double>::infinity();
  const double byVoltage =
      amplifier.maxVolts ? loadedVolts(amplifier, *amplifier.maxVolts, loadOhm) : kNoLimit;
  const double byCurrent = amplifier.maxCurrentMa ? *amplifier.maxCurrentMa * 1e-3 * loadOhm : kNoLimit;
  LargestOutput out;
  out.volts = std::min(byVoltage, byCurrent);
  out.limit = byVoltage <= byCurrent ? OutputLimit::voltage : OutputLimit::current;
  out.milliampere = 1e3 * out.volts / loadOhm;
  out.milliwatts = milliwatts(out.volts, loadOhm);
  out.isUpperBound = !amplifier.maxVolts || !amplifier.maxCurrentMa;
  return out;
}

OutputLimits limitsFromRatings(std::span<const RatedPower> ratings, double outputImpedanceOhm) noexcept {
  const auto volts = [&](const RatedPower& rating) {
    return voltsFromMilliwatts(rating.milliwatts, rating.loadOhm) * (rating.loadOhm + outputImpedanceOhm) /
           rating.loadOhm;
  };
  const auto current = [](const RatedPower& rating) {
    return 1e3 * voltsFromMilliwatts(rating.milliwatts, rating.loadOhm) / rating.loadOhm;
  };
  OutputLimits limits{0.0, 0.0, false, false};
  for (const RatedPower& rating : ratings) {
    limits.volts = std::max(limits.volts, volts(rating));
    limits.milliampere = std::max(limits.milliampere, current(rating));
  }
  constexpr double kSame = 0.95, kOtherLoad = 1.3;
  for (const RatedPower& a : ratings) {
    for (const RatedPower& b : ratings) {
      if (b.loadOhm < kOtherLoad * a.loadOhm) continue;
      limits.isVoltageSeen |= std::min(volts(a), volts(b)) > kSame * limits.volts;
      limits.isCurrentSeen |= std::min(current(a), current(b)) > kSame * limits.milliampere;
    }
  }
  return limits;
}

double mostOutputImpedanceOhm(const RatedPower& smallerLoad, const RatedPower& largerLoad) noexcept {
  const double less = voltsFromMilliwatts(smallerLoad.milliwatts, smallerLoad.loadOhm);
  const double more = voltsFromMilliwatts(largerLoad.milliwatts, largerLoad.loadOhm);
  if (more <= less) return 0.0;
  const double currents = less / smallerLoad.loadOhm - more / largerLoad.loadOhm;
  return currents > 0.0 ? (more - less) / currents : std::numeric_limits<double>::infinity();
}

double idealEfficiency(AmplifierClass workingClass, double swing) noexcept {
  switch (workingClass) {
    case AmplifierClass::a:
      return swing * swing / 2.0;
    case AmplifierClass::ab:
    case AmplifierClass::b:
      return std::numbers::pi / 4.0 * swing;
    case AmplifierClass::d:
      return 1.0;
  }
  return 1.0;
}

double classALimitMa(double standingMa) noexcept { return 2.0 * standingMa; }

}  // namespace gainstage::analog
