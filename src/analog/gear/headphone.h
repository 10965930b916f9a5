#pragma once

#include <optional>

#include "analog/gear/impedance.h"

/// A headphone: an impedance and a sensitivity. [any thread]
namespace gainstage::analog {

struct Headphone {
  Impedance impedance;
  std::optional<double> sensitivityDbPerV;  ///< dB SPL at 1 kHz for 1 V RMS across it
  std::optional<double> maxPowerMw;         ///< what it stands, 0 and more
};

/// dB SPL for 1 V of one that is stated for 1 mW into `ohm`: 1 V makes 1000 / ohm mW of it, so 10 log10(1000
/// / ohm) more (IEC 60268-7 states both). 96 dB/mW at 32 ohm is 110.9 dB/V.
double dbPerVFromDbPerMw(double dbPerMw, double ohm) noexcept;
double dbPerMwFromDbPerV(double dbPerV, double ohm) noexcept;
/// Of one that is stated as the millivolts which make 94 dB SPL.
double dbPerVFromMvFor94Db(double millivolts) noexcept;

/// SPL of `volts` across it, as a sine of 1 kHz.
std::optional<double> splAt(const Headphone& headphone, double volts) noexcept;
/// Volts across it for an SPL.
std::optional<double> voltsForSpl(const Headphone& headphone, double splDb) noexcept;
/// Power and current that `volts` at 1 kHz put into it: V^2 Re(1/Z), V / |Z|.
double powerMw(const Headphone& headphone, double volts) noexcept;
double currentMa(const Headphone& headphone, double volts) noexcept;
/// Volts that its power limit allows at 1 kHz.
std::optional<double> maxVolts(const Headphone& headphone) noexcept;

}  // namespace gainstage::analog
