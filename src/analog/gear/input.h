#pragma once

#include <optional>

#include "analog/gear/noise.h"

/// An analogue input: preamplifier, pad, impedance, phantom power. [any thread]
namespace gainstage::analog {

enum class InputKind { microphone, instrument, line };

struct AnalogInput {
  InputKind kind = InputKind::microphone;
  double impedanceOhm =
      3000.0;                 ///< what it loads a source with: 1.5-10 kohm mic, 1 Mohm instrument, 10-60 line
  double capacitanceF = 0.0;  ///< beside it; matters to pickups
  double minGainDb = 0.0;     ///< in volts at the converter per volt at the socket, pad off
  double maxGainDb = 60.0;
  double gainStepDb = 0.0;        ///< 0: a knob without steps
  std::optional<double> clipDbu;  ///< the largest sine at the socket at `minGainDb`, pad off
  std::optional<double> einDbu;   ///< equivalent input noise at `maxGainDb`, as `einBand` counts it
  NoiseBand einBand = NoiseBand::aWeighted;
  double einSourceOhm = 150.0;       ///< what it was measured with (AES17, IEC 60268-3)
  double noiseCurrentDensity = 0.0;  ///< A per root hertz; 0 for FETs, 1e-12 for a bipolar pair
  double padDb = 0.0;                ///< attenuation of the pad when it is on, 0 or more
  bool hasPhantom = false;
};

/// The gain that a preamplifier can do nearest to `wantedDb` without exceeding it: within its range, on a
/// step.
double settableGainDb(const AnalogInput& input, double wantedDb) noexcept;

/// Level at the socket at which the preamplifier clips: its clipping level at the least gain less what gain
/// adds, plus the pad.
std::optional<double> clipDbu(const AnalogInput& input, double gainDb, bool padOn) noexcept;

/// The preamplifier's own noise voltage, V per root hertz at its input: what of the EIN is neither the
/// thermal noise of the source that it was measured with nor current noise in it, e^2 = EIN^2/B - 4kTR -
/// (iR)^2 (Motchenbacher and Connelly, Low-Noise Electronic System Design, chapter 2). Nothing where no
/// EIN is known; 0 where the EIN is below what its source alone makes, which no preamplifier can
/// (isEinPossible).
std::optional<double> ownNoiseDensity(const AnalogInput& input) noexcept;

/// Whether an EIN is above its source's thermal noise: -132.9 dBu A-weighted, -130.5 flat, for 150 ohm.
bool isEinPossible(double einDbu, NoiseBand band, double sourceOhm) noexcept;

/// Noise at the socket of the preamplifier and a source of `sourceOhm`, its thermal noise included, dBu: the
/// EIN that another source gives. A pad, when on, is a divider that shows the preamplifier a resistance of
/// its own instead of the source: it is taken to be `einSourceOhm`, as pads are built, so that the EIN itself
/// is what it raises by its attenuation.
std::optional<double> inputNoiseDbu(const AnalogInput& input, double sourceOhm, NoiseBand band,
                                    bool padOn = false) noexcept;

/// EIN above the source's thermal noise: the noise figure, dB.
std::optional<double> noiseFigureDb(const AnalogInput& input, double sourceOhm) noexcept;

}  // namespace gainstage::analog
