#pragma once

#include <array>

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

  void reset() noexcept;  // [audio] to rest

  /// One step, from the means over it of the two grids' volts. Returns the loudspeaker's. [audio]
  double step(double firstGrid, double secondGrid) noexcept;

  /// What the loudspeaker's volts will be kAhead steps on if the plates' current stays as it is: for a loop
  /// that is late by as many. [audio]
  double ahead() const noexcept { return ahead_; }
  static constexpr int kAhead = 3;

  double restCathodeVolts() const noexcept { return restCathode_; }  ///< [any thread]
  /// Of all plates, at rest, in amperes. [any thread]
  double restAmperes() const noexcept { return restAmperes_; }

 private:
  static constexpr int kStates = 6;

  struct Mean {
    double value, slope;
  };
  Mean kneeMean(double begin, double beginIntegral, double end) const noexcept;
  double currentOf(double grid, std::array<double, 2>& former) noexcept;
  void findRest();

  PowerSection section_;
  double seconds_;
  Curves curves_;
  int drive_, knee_;
  double screenScale_;

  // The load as the secondary sees it: x1 = e x0 + g i; e by columns.
  std::array<std::array<double, kStates>, kStates> e_{};
  std::array<double, kStates> g_{}, x_{};

  std::array<double, kStates> aheadRow_{};
  double aheadGain_ = 0.0, ahead_ = 0.0;

  struct Each {
    double plate, screen, cathode;
  };
  Each perOhm_{}, perFarad_{};  // siemens; seconds of a step per farad
  double perScreenVolt_ = 0.0, perScreen_ = 0.0;

  double restCathode_ = 0.0, restAmperes_ = 0.0, openVolts_ = 0.0, openScreen_ = 0.0;
  double plate_ = 0.0, screen_ = 0.0, cathode_ = 0.0, drift_ = 0.0;
  std::array<std::array<double, 2>, 2> former_{};  // of each side: grid over screen, and the curve's integral
};

}  // namespace gainstage::analog
