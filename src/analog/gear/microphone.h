#pragma once

#include <optional>

/// A microphone as its data sheet has it: a source of voltage. How one sounds before a cabinet is in
/// cabinet/microphone.h; here is how loud, how noisy, and whether it works at all. [any thread]
namespace gainstage::analog {

enum class MicrophonePrinciple { dynamic, ribbon, condenser };
enum class MicrophonePattern {
  omnidirectional,
  subcardioid,
  cardioid,
  supercardioid,
  hypercardioid,
  bidirectional
};

struct RecordingMicrophone {
  MicrophonePrinciple principle = MicrophonePrinciple::dynamic;
  MicrophonePattern pattern = MicrophonePattern::cardioid;
  double sensitivityMvPerPa = 1.85;    ///< open circuit at 1 kHz, above 0
  double outputImpedanceOhm = 150.0;   ///< above 0
  std::optional<double> selfNoiseDba;  ///< as a sound pressure, dB SPL A-weighted (IEC 60268-4)
  std::optional<double> maxSplDb;      ///< for the distortion that its maker names
  bool needsPhantom = false;           ///< 48 V (IEC 61938), for its electronics or its capsule
};

/// dBV for 1 Pa (94 dB SPL): 20 log10(mV/Pa / 1000) (IEC 60268-4). 1.85 mV/Pa is -54.7 dBV/Pa.
double dbvPerPaFromMvPerPa(double mvPerPa) noexcept;
double mvPerPaFromDbvPerPa(double dbvPerPa) noexcept;

/// What phantom power does to a microphone.
enum class PhantomEffect {
  none,    ///< it has what it needs, or takes no notice
  silent,  ///< it needs phantom power and has none: no signal at all
  risky  ///< a ribbon: a crossed or unbalanced cable drives current through it, which may stretch or tear it
};
PhantomEffect phantomEffect(const RecordingMicrophone& microphone, bool phantomOn) noexcept;

/// Volts that reach a microphone which draws `milliampere` from the standard's 48 V: both conductors' 6.81
/// kohm side by side are in the way, V = 48 - 3.405 kohm I (IEC 61938). At most 10 mA are to be
/// drawn.
double phantomVolts(double milliampere) noexcept;

/// Open-circuit level in dBu of a sound at the capsule, on axis; -infinity where it is silent.
double outputDbu(const RecordingMicrophone& microphone, double splDb, bool phantomOn) noexcept;

/// Its self-noise at its output, dBu A-weighted. Where the figure is missing and the microphone has no
/// electronics, the thermal noise of its output impedance, which is all that it makes; where it has, nothing
/// is known. Silent ones keep their impedance's.
std::optional<double> selfNoiseDbuA(const RecordingMicrophone& microphone, bool phantomOn) noexcept;

/// The same as a sound pressure, dB SPL A-weighted.
std::optional<double> equivalentNoiseDba(const RecordingMicrophone& microphone) noexcept;

/// Signal-to-noise at 94 dB SPL, as data sheets state it: 94 - self-noise.
std::optional<double> signalToNoiseDb(const RecordingMicrophone& microphone) noexcept;
/// Maximum SPL less self-noise.
std::optional<double> dynamicRangeDb(const RecordingMicrophone& microphone) noexcept;
/// Its output at its maximum SPL, dBu.
std::optional<double> maxOutputDbu(const RecordingMicrophone& microphone) noexcept;

/// First-order patterns: pressure's share A of A + (1 - A) cos(angle) (Eargle, The Microphone Book, 2nd
/// edition, chapter 5): 1, 0.7, 0.5, 0.37, 0.25, 0.
double pressureShare(MicrophonePattern pattern) noexcept;
/// Gain at an angle off the axis, degrees; negative where polarity turns.
double patternGain(MicrophonePattern pattern, double degrees) noexcept;
/// Share of a diffuse field's power that it takes, A^2 + (1 - A)^2 / 3 (the same chapter's REE): 1/3 for a
/// cardioid.
double randomEnergyEfficiency(MicrophonePattern pattern) noexcept;
/// How many times as far as an omnidirectional one it may stand for as much room: 1 / sqrt(efficiency).
double distanceFactor(MicrophonePattern pattern) noexcept;

}  // namespace gainstage::analog
