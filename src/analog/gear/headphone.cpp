#include "analog/gear/headphone.h"

#include <cmath>

#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

/// Siemens that take power at 1 kHz.
double conductance(const Headphone& headphone) noexcept {
  return (1.0 / headphone.impedance.at(1000.0)).real();
}

}  // namespace

double dbPerVFromDbPerMw(double dbPerMw, double ohm) noexcept {
  return dbPerMw + 10.0 * std::log10(1000.0 / ohm);
}

double dbPerMwFromDbPerV(double dbPerV, double ohm) noexcept {
  return dbPerV - 10.0 * std::log10(1000.0 / ohm);
}

double dbPerVFromMvFor94Db(double millivolts) noexcept { return 94.0 - decibelsOf(millivolts * 1e-3); }

std::optional<double> splAt(const Headphone& headphone, double volts) noexcept {
  if (!headphone.sensitivityDbPerV) return std::nullopt;
  return *headphone.sensitivityDbPerV + decibelsOf(volts);
}

std::optional<double> voltsForSpl(const Headphone& headphone, double splDb) noexcept {
  if (!headphone.sensitivityDbPerV) return std::nullopt;
  return ratioOf(splDb - *headphone.sensitivityDbPerV);
}

double powerMw(const Headphone& headphone, double volts) noexcept {
  return 1e3 * volts * volts * conductance(headphone);
}

double currentMa(const Headphone& headphone, double volts) noexcept {
  return 1e3 * volts / headphone.impedance.magnitudeAt(1000.0);
}

std::optional<double> maxVolts(const Headphone& headphone) noexcept {
  if (!headphone.maxPowerMw) return std::nullopt;
  return std::sqrt(*headphone.maxPowerMw * 1e-3 / conductance(headphone));
}

}  // namespace gainstage::analog
