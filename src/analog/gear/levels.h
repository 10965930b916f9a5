#pragma once

#include <cmath>
#include <initializer_list>
#include <numbers>

/// Levels as data sheets write them. All voltages are RMS of a sine unless said otherwise. [any thread]
namespace gainstage::analog {

/// 0 dBu: the voltage of 1 mW in 600 ohm, sqrt(0.6) V (ITU-R BS.645).
inline constexpr double kZeroDbuVolts = 0.7745966692414834;
/// 0 dB SPL (IEC 60027-3; ISO 1683).
inline constexpr double kReferencePascal = 20e-6;
/// 1 Pa: 20 log10(1 / 20e-6).
inline constexpr double kOnePascalSpl = 93.97940008672037;
/// A sine's peak above its RMS.
inline constexpr double kSineCrestDb = 3.010299956639812;

inline double decibelsOf(double ratio) noexcept { return 20.0 * std::log10(ratio); }  ///< of voltages
inline double ratioOf(double db) noexcept { return std::pow(10.0, db / 20.0); }

inline double dbuFromVolts(double volts) noexcept { return decibelsOf(volts / kZeroDbuVolts); }
inline double voltsFromDbu(double dbu) noexcept { return kZeroDbuVolts * ratioOf(dbu); }
inline double dbvFromVolts(double volts) noexcept { return decibelsOf(volts); }
inline double voltsFromDbv(double dbv) noexcept { return ratioOf(dbv); }
inline double dbuFromDbv(double dbv) noexcept { return dbv - decibelsOf(kZeroDbuVolts); }  ///< 2.218 dB more
inline double dbvFromDbu(double dbu) noexcept { return dbu + decibelsOf(kZeroDbuVolts); }

inline double splFromPascal(double pascal) noexcept { return decibelsOf(pascal / kReferencePascal); }
inline double pascalFromSpl(double splDb) noexcept { return kReferencePascal * ratioOf(splDb); }

inline double milliwatts(double volts, double ohm) noexcept { return 1e3 * volts * volts / ohm; }
inline double voltsFromMilliwatts(double mw, double ohm) noexcept { return std::sqrt(1e-3 * mw * ohm); }

/// Of sounds or noises that know nothing of each other: their powers add. Silence is -infinity.
inline double powerSumDb(std::initializer_list<double> levelsDb) noexcept {
  double power = 0.0;
  for (const double level : levelsDb) power += std::pow(10.0, level / 10.0);
  return 10.0 * std::log10(power);
}

/// What is left of `totalDb` without `partDb`; -infinity where the part is all of it, or more.
inline double powerDifferenceDb(double totalDb, double partDb) noexcept {
  const double power = std::pow(10.0, totalDb / 10.0) - std::pow(10.0, partDb / 10.0);
  return 10.0 * std::log10(power > 0.0 ? power : 0.0);
}

/// Distortion and noise, as data sheets write them: 0.003 % is -90.5 dB.
inline double dbFromPercent(double percent) noexcept { return decibelsOf(percent / 100.0); }
inline double percentFromDb(double db) noexcept { return 100.0 * ratioOf(db); }

/// Loss of a source's voltage in its own impedance, dB, negative: 20 log10(Zin / (Zin + Zsource)).
inline double bridgingLossDb(double sourceOhm, double inputOhm) noexcept {
  return -decibelsOf(1.0 + sourceOhm / inputOhm);
}

}  // namespace gainstage::analog
