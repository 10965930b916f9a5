#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analog/amplifier/power_stage.h"

namespace gainstage::analog {

/// How a knob's track is made: where its wiper is at a turn from 0 to 1.
enum class Taper : std::uint8_t {
  linear,
  audio,     ///< 10 % at the middle
  reversed,  ///< the other way round: 1 - turn, for what a knob switches off
};

/// A knob of a front panel and what it turns in the circuit.
struct AmplifierKnob {
  std::string_view id;    ///< "treble"
  std::string_view name;  ///< "Treble"
  std::string_view part;  ///< the netlist's knob
  Taper taper = Taper::linear;
  float turn = 0.5f;  ///< where it stands at first
};

/// An amplifier by its circuit. The preamplifier's netlist begins at the node `guitar` and ends at the phase
/// inverter's grid, `out`; the inverter's goes on from there to the power tubes' grids, fed back to from the
/// node `fed`.
struct AmplifierDesign {
  std::string_view id, name;
  std::string_view preamp, inverter;
  std::span<const AmplifierKnob> knobs;
  PowerSection power;
  double ratedWatts;  ///< of its power tubes and transformer
  /// The loudspeaker's peak volts that become full scale. Above what it reaches undistorted, so that nothing
  /// clips that the amplifier does not clip.
  double fullScaleVolts;
};

/// In the order in which a list shows them. [any thread]
std::span<const AmplifierDesign* const> amplifierDesigns() noexcept;
extern const AmplifierDesign kAmericanClean, kTweed, kBritishCrunch, kTopBoost, kModernHighGain,
    kBassAmplifier;

}  // namespace gainstage::analog
