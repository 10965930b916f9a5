#pragma once

#include <array>
#include <span>
#include <vector>

namespace gainstage::analog {

/// The wah of one inductor, as in the Vox V847 and the Dunlop GCB-95 (Holters and Zölzer 2011, "Physical
/// modelling of a wah-wah effect pedal as a case study for application of the nodal DK method to circuits
/// with variable parts", DAFx): a transistor amplifies what a resonant circuit of 500 mH and 10 nF lets
/// through; a second one drives the far end of the 10 nF with as much of the output as the pedal's 100k give
/// it, which makes the capacitor seem larger and the resonance lower. Small signals: the transistors are
/// linear, at the currents where they rest. Parts as in tests/analog/netlists/pedal-wah.cir. The trapezoidal
/// rule at 65 places of the pedal; in between the matrices are joined by lines. Volts at a rate of 170 kHz or
/// more: at that the resonance is 0.1 % flat, and 20 kHz within 0.3 dB.
class Wah {
 public:
  struct Knobs {
    double pedal = 0.5;  ///< 0 heel down (low) to 1 toe down (high)
  };

  explicit Wah(double sampleRate);              // [control]
  void setKnobs(const Knobs& knobs) noexcept;   // [audio]
  void reset() noexcept { state_.fill(0.0); }   // [audio] to rest
  void process(std::span<double> io) noexcept;  // [audio] in place

 private:
  static constexpr int kStates = 6, kPlaces = 65;

  /// x' = a x + b u, y = c x + d u; a by columns.
  struct Equations {
    std::array<std::array<double, kStates>, kStates> a;
    std::array<double, kStates> b, c;
    double d;
  };

  std::vector<Equations> places_;
  Equations now_{};
  std::array<double, kStates> state_{};
};

}  // namespace gainstage::analog
