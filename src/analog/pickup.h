#pragma once

#include "core/units.h"

namespace gainstage::analog {

/// A magnetic pickup with its cable, seen as the second-order low-pass that its coil makes with all that
/// loads it: inductance L in series, capacitance C and resistance R across. H(s) = 1 / (1 + s L/R + s^2 L C).
/// The coil's own resistance (some 6 kOhm against 2 x 10^5 of load) is left out: below 0.3 dB.
struct PickupCircuit {
  double inductanceH = 2.4;       ///< a single coil
  double capacitanceF = 620e-12;  ///< 120 pF of winding, 500 pF of cable (5 m)
  double loadOhm = 140e3;  ///< 250 kOhm volume and tone controls and 1 MOhm of amplifier, tone part open

  double resonanceHz() const noexcept;  ///< 1 / (2 pi sqrt(L C)); 4.13 kHz as it stands
  double quality() const noexcept;      ///< R sqrt(C / L); 2.25
};

/// That circuit, for audio. Latency 0.
class Pickup {
 public:
  /// The resonance is kept below 0.45 of the rate. [control]
  void prepare(double sampleRate, const PickupCircuit& circuit) noexcept;
  void reset() noexcept { first_ = second_ = 0.0f; }  // [audio]

  float next(float in) noexcept {  // [audio]
    const float out = b0_ * in + first_;
    first_ = 2.0f * b0_ * in - a1_ * out + second_;
    second_ = b0_ * in - a2_ * out;
    return out;
  }

 private:
  float b0_ = 1.0f;
  float a1_ = 0.0f;
  float a2_ = 0.0f;
  float first_ = 0.0f;
  float second_ = 0.0f;
};

}  // namespace gainstage::analog
