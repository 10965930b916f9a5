#pragma once

#include <span>

#include "core/units.h"

namespace gainstage::analog {

/// A resonance of the cone: a bell in the response, as the cookbook's analogue prototype has it.
struct ConeMode {
  double frequencyHz, gainDb, q;
};

/// One cone of a cabinet. [any thread]
struct Loudspeaker {
  double radiusM;           ///< of the cone with half its surround
  double resonanceHz;       ///< in free air
  double q;                 ///< in all, driven by a valve amplifier's output impedance
  double complianceLitres;  ///< of the suspension, as a volume of air (Vas)
  std::span<const ConeMode> modes;
  double rollOffHz;  ///< above which voice coil and cone give way, 36 dB an octave
  double rollOffQ;   ///< of the pair of poles that rings there
};

/// Magnitude of a cone's acceleration over that well above its resonance: a second-order high-pass whose
/// resonance and Q a closed box of `boxLitres` a cone raises by sqrt(1 + Vas / box) (Small, "Closed-box
/// loudspeaker systems, part I", JAES 20(10), 1972; an open back has a box without end: 0), its cone's modes
/// and roll-off.
double coneMagnitude(const Loudspeaker& speaker, double boxLitres, Hertz frequency) noexcept;

/// Radius in metres of the part of the cone that still moves as one: whole while k a is below 2, then
/// shrinking with the wavelength, as the cone breaks up from its rim inwards (Frankort, "Vibration patterns
/// and radiation behavior of loudspeaker cones", JAES 26(9), 1978).
double movingRadius(const Loudspeaker& speaker, double waveNumber) noexcept;

}  // namespace gainstage::analog
