#pragma once

#include <cstddef>

#include "analog/amplifier/curve.h"

namespace gainstage::analog {

/// A power tube's currents after Koren 1996, "Improved vacuum tube models for SPICE simulations" (Glass Audio
/// 8/5):
///     E = Vg2 / kp ln(1 + exp(kp (1 / mu + Vg1 / Vg2)))      Ip = 2 E^ex / kg1 atan(Vp / kvb)
struct Pentode {
  double mu, ex, kg1, kp, kvb;
};

/// What stands between a phase inverter and the loudspeaker, by its parts.
struct PowerSection {
  Pentode tube;
  int tubes;           ///< all of them, half on each side
  double gridVolts;    ///< of a fixed bias; 0 where the cathodes' resistor makes it
  double cathodeOhms;  ///< common to all, 0: to ground
  double cathodeFarads;
  double plateVolts, screenVolts;   ///< at rest
  double supplyOhms, supplyFarads;  ///< of rectifier and reservoir: what sags
  double screenOhms, screenFarads;  ///< between the reservoir and the screens' node
  double otherAmperes;              ///< at rest, of all that hangs on the supply besides the plates
  double turns;                     ///< primary, plate to plate, to secondary
  double primaryHenries, leakageHenries, primaryOhms, secondaryOhms;
  // The loudspeaker: its coil, and its cone's resonance as a parallel circuit.
  double coilOhms, coilHenries, coilLossOhms, resonanceHz, resonanceQ, resonanceOhms;
  double feedbackShare;  ///< of the loudspeaker's voltage at the tap that feeds back
};

/// A push-pull pair of pentodes (or pairs of them) with their supply, output transformer and loudspeaker:
/// volts on two grids in, the loudspeaker's volts out.
class PowerStage {
 public:
  /// [control]
  PowerStage(const PowerSection& section, double stepsPerSecond);
  PowerStage(const PowerStage&) = delete;  // a step reads its own curves' rows
  PowerStage& operator=(const PowerStage&) = delete;

  void reset() noexcept;  // [audio] to rest

  /// One step, from the means over it of the two grids' volts. Returns the loudspeaker's. [audio]
  double step(double firstGrid, double secondGrid) noexcept;

  /// What the loudspeaker's volts will be kAhead steps on if the plates' current stays as it is: for a loop
  /// that is late by as many. [audio]
  double ahead() const noexcept { return state_.ahead; }
  static constexpr int kAhead = 3;

  double restCathodeVolts() const noexcept { return restCathode_; }  ///< [any thread]
  /// Of all plates, at rest, in amperes. [any thread]
  double restAmperes() const noexcept { return state_.restAmperes; }

  /// A curve's rows, and where both sides left it.
  struct Sides {
    const double* rows = nullptr;
    double perVolt = 0.0, offset = 0.0, step = 0.0, last = 0.0, shortest = 0.0;
    alignas(16) double at[2], integral[2], value[2];
  };
  struct Each {
    double plate = 0.0, screen = 0.0, cathode = 0.0;
  };

  /// Everything that a step reads and writes.
  struct State {
    static constexpr std::size_t kStates = 6, kPadded = 8;

    // The load as the secondary sees it: x1 = e x0 + g i; e by columns; open: e x0.
    alignas(64) double e[kStates][kPadded], g[kPadded], x[kPadded], open[kPadded], aheadRow[kPadded],
        speakerRow[kPadded];
    Sides drive, knee;
    Each perOhm, perFarad;  // siemens; seconds of a step per farad
    double aheadGain, halfTurns, ex, fullScale, perScreenVolt, openVolts, openScreen, otherAmperes,
        restAmperes;
    double plate, screen, cathode, drift, ahead;
    double scale, perScreen;  // of the screen's volts a step ago
  };

 private:
  void findRest();

  PowerSection section_;
  Curves curves_;
  int drive_, knee_;
  double restCathode_ = 0.0;
  State state_{};
};

}  // namespace gainstage::analog
