#pragma once

#include <optional>

#include "analog/gear/headphone_amplifier.h"
#include "analog/gear/impedance.h"

/// Loudspeakers to listen on, as data sheets have them: how a guitar cabinet's cones sound is in
/// cabinet/loudspeaker.h. [any thread]
namespace gainstage::analog {

/// With an amplifier of its own.
struct PoweredLoudspeaker {
  std::optional<double> splAtZeroDbu;  ///< dB SPL at 1 m for 0 dBu at its input, its level control up
  std::optional<double> maxSplDb;      ///< at 1 m
  double inputOhm = 10e3;
};

/// SPL at a distance in the open (air.h), held at its maximum. Below 0 dBu by as much, less by as much.
std::optional<double> splAt(const PoweredLoudspeaker& speaker, double inputDbu, double metres) noexcept;
/// Level at its input for an SPL at a distance; nothing where it cannot, or is not known.
std::optional<double> inputDbuForSpl(const PoweredLoudspeaker& speaker, double splDb, double metres) noexcept;

/// Without one. Its impedance may fall to 80 % of the nominal (IEC 60268-5, 16.1).
struct PassiveLoudspeaker {
  Impedance impedance{8.0, {}, {}};
  std::optional<double> sensitivityDbPer283V;  ///< dB SPL at 1 m for 2.83 V, which is 1 W in 8 ohm
};

/// dB for 2.83 V of one that is stated for 1 W: 10 log10(8 / ohm) more.
double dbPer283VFromDbPerW(double dbPerW, double ohm) noexcept;

/// What a passive loudspeaker does on an output made for headphones.
struct SpeakerOnHeadphoneOutput {
  LargestOutput output;         ///< at its least impedance, as far as the output's figures are known
  std::optional<double> splDb;  ///< at the distance
  double leastOhm;              ///< 80 % of nominal, or of its curve
  double dampingFactor;         ///< at its least impedance
  double responseSpreadDb;      ///< by the output's impedance; 0 where the loudspeaker's is but a number
  std::optional<double>
      overcurrent;  ///< current that the largest voltage would drive, over what the output can
};
/// Nothing where the output has no limits known.
std::optional<SpeakerOnHeadphoneOutput> onHeadphoneOutput(const PassiveLoudspeaker& speaker,
                                                          const HeadphoneAmplifier& output,
                                                          double metres) noexcept;

}  // namespace gainstage::analog
