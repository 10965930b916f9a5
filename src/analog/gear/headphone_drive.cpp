#include "analog/gear/headphone_drive.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

/// Of the unloaded voltage, the share across the load.
double dividerDb(const Impedance& load, double outputOhm, double hz) noexcept {
  const std::complex<double> z = load.at(hz);
  return decibelsOf(std::abs(z / (z + outputOhm)));
}

}  // namespace

std::optional<LargestSound> largestSound(const HeadphoneAmplifier& amplifier,
                                         const Headphone& headphone) noexcept {
  constexpr double kNoLimit = std::numeric_limits<double>::infinity();
  const double load = headphone.impedance.magnitudeAt(1000.0);
  const double divider = ratioOf(dividerDb(headphone.impedance, amplifier.outputImpedanceOhm, 1000.0));
  const double byVoltage = amplifier.maxVolts ? *amplifier.maxVolts * divider : kNoLimit;
  const double byCurrent = amplifier.maxCurrentMa ? *amplifier.maxCurrentMa * 1e-3 * load : kNoLimit;
  const double byPower = maxVolts(headphone).value_or(kNoLimit);

  LargestSound sound;
  LargestOutput& out = sound.output;
  out.volts = std::min({byVoltage, byCurrent, byPower});
  if (std::isinf(out.volts)) return std::nullopt;
  out.limit = out.volts == byPower     ? OutputLimit::headphonePower
              : out.volts == byCurrent ? OutputLimit::current
                                       : OutputLimit::voltage;
  out.milliampere = currentMa(headphone, out.volts);
  out.milliwatts = powerMw(headphone, out.volts);
  out.isUpperBound = !amplifier.maxVolts || !amplifier.maxCurrentMa;
  sound.splDb = splAt(headphone, out.volts);
  if (sound.splDb) sound.peakSplDb = *sound.splDb + kSineCrestDb;
  return sound;
}

std::optional<double> unloadedVoltsForSpl(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                          double splDb) noexcept {
  const auto volts = voltsForSpl(headphone, splDb);
  if (!volts) return std::nullopt;
  return *volts * ratioOf(-dividerDb(headphone.impedance, amplifier.outputImpedanceOhm, 1000.0));
}

std::optional<double> inputDbuForSpl(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                     double splDb) noexcept {
  const auto volts = unloadedVoltsForSpl(amplifier, headphone, splDb);
  if (!volts || !amplifier.gainDb) return std::nullopt;
  return dbuFromVolts(*volts) - *amplifier.gainDb;
}

std::optional<double> gainForSplDb(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                   double sourceDbu, double splDb) noexcept {
  const auto volts = unloadedVoltsForSpl(amplifier, headphone, splDb);
  if (!volts) return std::nullopt;
  return dbuFromVolts(*volts) - sourceDbu;
}

double dampingFactor(const Impedance& load, double outputOhm, double hz) noexcept {
  return load.magnitudeAt(hz) / outputOhm;
}

double responseChangeDb(const Impedance& load, double outputOhm, double hz) noexcept {
  return dividerDb(load, outputOhm, hz) - dividerDb(load, outputOhm, 1000.0);
}

ResponseChange responseChange(const Impedance& load, double outputOhm) noexcept {
  ResponseChange change{0.0, 1000.0, 0.0, 1000.0};
  for (int n = 0; n <= 480; ++n) {
    const double hz = 20.0 * std::pow(10.0, 3.0 * n / 480.0);
    const double db = responseChangeDb(load, outputOhm, hz);
    if (db > change.largestDb) change.largestDb = db, change.largestHz = hz;
    if (db < change.leastDb) change.leastDb = db, change.leastHz = hz;
  }
  return change;
}

double groundCrosstalkDb(const HeadphoneAmplifier& amplifier, const Impedance& load, double hz) noexcept {
  return decibelsOf(amplifier.groundOhm /
                    std::abs(amplifier.groundOhm + amplifier.outputImpedanceOhm + load.at(hz)));
}

std::optional<double> hissDba(const HeadphoneAmplifier& amplifier, const Headphone& headphone) noexcept {
  if (!amplifier.noiseDbuA) return std::nullopt;
  return splAt(headphone, voltsFromDbu(*amplifier.noiseDbuA +
                                       dividerDb(headphone.impedance, amplifier.outputImpedanceOhm, 1000.0)));
}

std::optional<double> signalToHissDb(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                     double splDb) noexcept {
  const auto hiss = hissDba(amplifier, headphone);
  if (!hiss) return std::nullopt;
  return splDb - *hiss;
}

}  // namespace gainstage::analog
