#pragma once

#include <optional>
#include <vector>

#include "analog/gear/converter.h"
#include "analog/gear/headphone.h"
#include "analog/gear/headphone_amplifier.h"
#include "analog/gear/level_point.h"

/// From samples to an ear: converter, volume knob, headphone amplifier, headphone. Sines of 1 kHz. [any
/// thread]
namespace gainstage::analog {

struct ListeningPath {
  Converter converter;
  double volumeDb = 0.0;  ///< of the knob, 0 or less
  HeadphoneAmplifier amplifier;
  Headphone headphone;
  double sampleRate = 48000.0;
};

/// A sine of so many dBFS, at the ear.
struct HeardLevel {
  double unloadedVolts,
      volts;  ///< the amplifier's, and across the headphone; where it clips, the largest sine
  double milliampere, milliwatts;
  std::optional<double> splDb;
  bool isClipped;        ///< by the amplifier's limits, as far as they are known
  bool isOverHeadphone;  ///< more power than the headphone stands
};
/// Nothing where the amplifier's gain is not known.
std::optional<HeardLevel> heardLevel(const ListeningPath& path, double dbfs) noexcept;

/// dBFS for an SPL; above 0 where it cannot. Nothing where gain or sensitivity are not known.
std::optional<double> dbfsForSpl(const ListeningPath& path, double splDb) noexcept;

/// Levels of the signal at "converter", "amplifier" (unloaded) and "headphone", and what they may grow to.
std::vector<LevelPoint> levelPoints(const ListeningPath& path, double dbfs);

/// What is heard when nothing plays, dB SPL A-weighted; -infinity for a part that is not known.
struct HeardNoise {
  double converterDba;  ///< the converter's, through volume and amplifier
  double amplifierDba;  ///< the amplifier's own: the volume does not lower it
  double totalDba;
  bool isComplete;
};
std::optional<HeardNoise> heardNoise(const ListeningPath& path) noexcept;

/// Signal over noise and distortion at the ear, dB, for a sine of `dbfs`: noise as above, and the amplifier's
/// distortion as its data sheet has it, the same share at every level below clipping (a bound: it mostly
/// falls with level).
std::optional<double> signalToNoiseAndDistortionDb(const ListeningPath& path, double dbfs) noexcept;

}  // namespace gainstage::analog
