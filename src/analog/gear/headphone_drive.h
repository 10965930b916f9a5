#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analog/gear/headphone.h"
#include "analog/gear/headphone_amplifier.h"

/// A headphone on an output: how loud, how clean, how changed. [any thread]
namespace gainstage::analog {

/// The largest sine of 1 kHz that amplifier and headphone stand, and how loud it is.
struct LargestSound {
  LargestOutput output;
  std::optional<double> splDb;      ///< of that sine, as a meter reads it (RMS)
  std::optional<double> peakSplDb;  ///< at its peaks, 3.01 dB more: what music with the same peaks reaches
};
std::optional<LargestSound> largestSound(const HeadphoneAmplifier& amplifier,
                                         const Headphone& headphone) noexcept;

/// Unloaded volts that the amplifier must give for an SPL at 1 kHz, and the level at its input at full
/// volume.
std::optional<double> unloadedVoltsForSpl(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                          double splDb) noexcept;
std::optional<double> inputDbuForSpl(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                     double splDb) noexcept;
/// Gain that brings a source of `sourceDbu` at its largest to an SPL.
std::optional<double> gainForSplDb(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                   double sourceDbu, double splDb) noexcept;

/// Load's impedance over the output's, at a frequency; infinite for 0 ohm.
double dampingFactor(const Impedance& load, double outputOhm, double hz = 1000.0) noexcept;

/// What an output impedance makes of the response at `hz`, against 0 ohm and 1 kHz, dB:
/// |Z(f) / (Z(f) + R)| / |Z(1k) / (Z(1k) + R)|.
double responseChangeDb(const Impedance& load, double outputOhm, double hz) noexcept;

struct ResponseChange {
  double largestDb, largestHz;  ///< the most that is added
  double leastDb, leastHz;      ///< the most that is taken, negative
  double spreadDb() const noexcept { return largestDb - leastDb; }
};
/// Its extremes from 20 Hz to 20 kHz, 48 frequencies an octave. All 0 for an impedance of which but a number
/// is known: ask isKnownOverFrequency.
ResponseChange responseChange(const Impedance& load, double outputOhm) noexcept;

/// What comes through to the other channel of one driven channel, dB below it (negative), for a return of
/// `groundOhm` that both share: 20 log10(Rg / |Rg + Ro + Z|), in opposite polarity, from Kirchhoff's laws.
/// -infinity without one.
double groundCrosstalkDb(const HeadphoneAmplifier& amplifier, const Impedance& load,
                         double hz = 1000.0) noexcept;

/// The amplifier's own noise at the ear, dB SPL A-weighted: 0 to 10 is about the threshold in a quiet room.
std::optional<double> hissDba(const HeadphoneAmplifier& amplifier, const Headphone& headphone) noexcept;
/// An SPL above that.
std::optional<double> signalToHissDb(const HeadphoneAmplifier& amplifier, const Headphone& headphone,
                                     double splDb) noexcept;

}  // namespace gainstage::analog
