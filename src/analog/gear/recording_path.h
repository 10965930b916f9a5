#pragma once

#include <optional>
#include <vector>

#include "analog/gear/converter.h"
#include "analog/gear/input.h"
#include "analog/gear/level_point.h"
#include "analog/gear/microphone.h"
#include "analog/gear/passive_pickup.h"

/// From a source through a preamplifier into a converter: levels, noise, headroom, gain to ask for. [any
/// thread]
namespace gainstage::analog {

/// What is plugged in: a voltage behind an impedance.
struct Source {
  double impedanceOhm = 150.0;
  /// Noise beyond its impedance's thermal noise, open circuit, dBu A-weighted; absent where there is none.
  std::optional<double> excessNoiseDbuA;
};

/// A microphone as a source. Its noise is split into its impedance's, which every source has, and the rest.
/// Where its noise is not known, there is no excess; ask equivalentNoiseDba for whether it is.
Source sourceOf(const RecordingMicrophone& microphone, bool phantomOn) noexcept;

struct RecordingPath {
  Source source;
  AnalogInput input;
  Converter converter;
  double gainDb = 0.0;
  bool padOn = false;
  double sampleRate = 48000.0;
};

/// The largest sine at the socket that neither clips the preamplifier nor exceeds full scale, dBu.
double largestInputDbu(const RecordingPath& path) noexcept;
/// The source's open-circuit level that does so: more by what the input's impedance takes.
double largestSourceDbu(const RecordingPath& path) noexcept;

/// In the signal's order, for a source of `sourceDbu` open circuit.
std::vector<LevelPoint> levelPoints(const RecordingPath& path, double sourceDbu);

/// dBFS that a source of `sourceDbu`, open circuit, gives.
double recordedDbfs(const RecordingPath& path, double sourceDbu) noexcept;

/// Where the noise of a recording comes from, dBFS, as the band counts it; -infinity: none.
struct RecordedNoise {
  double thermalDbfs;    ///< of the source's impedance beside the input's
  double sourceDbfs;     ///< the source's own beyond that
  double preampDbfs;     ///< the preamplifier's, without the source's thermal noise; -infinity if not known
  double converterDbfs;  ///< the converter's and its rounding
  double totalDbfs;
  bool isComplete;  ///< both preamplifier's and converter's figures are known; else it is at least this
};
RecordedNoise recordedNoise(const RecordingPath& path, NoiseBand band) noexcept;

/// The same with a guitar for a source: its impedance changes over frequency, and its noise with it. The
/// path's source is not looked at, nor its pad.
RecordedNoise recordedNoise(const GuitarOutput& guitar, const RecordingPath& path, NoiseBand band);

/// Signal over all noise, dB.
double signalToNoiseDb(const RecordingPath& path, double sourceDbu, NoiseBand band) noexcept;

/// What gain makes a source's peaks land at a level.
struct GainAdvice {
  double gainDb;       ///< that the input can do, at most what is wanted
  double wantedDb;     ///< without its limits
  double shortfallDb;  ///< gain that is missing: 0, or how far below the target the peaks stay
  double excessDb;     ///< gain that cannot be taken away: 0, or how far above the target they stay
  bool padOn;          ///< to be used: the least gain is too much and there is a pad
};
/// `sourcePeakDbu`: open circuit, as the RMS of a sine with the same peak. -12 dBFS leaves room for what was
/// not played while it was set.
GainAdvice gainFor(const RecordingPath& path, double sourcePeakDbu, double targetDbfs = -12.0) noexcept;

}  // namespace gainstage::analog
