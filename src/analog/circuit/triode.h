#pragma once

#include <cmath>

namespace gainstage::analog {

/// A triode's currents, after Dempwolf and Zölzer 2011, "A physically-motivated triode model for circuit
/// simulations" (DAFx), equations 5, 6 and 9: smooth everywhere, with the current that a grid takes once it
/// is above its cathode. Defaults: the 12AX7 that they measured and call RSD-1.
struct Triode {
  double perveance = 2.242e-3;      ///< G, A / V^gamma
  double amplification = 103.2;     ///< mu
  double exponent = 1.26;           ///< gamma
  double sharpness = 3.40;          ///< C, 1/V: how abruptly the current begins
  double gridPerveance = 6.177e-4;  ///< G_g
  double gridExponent = 1.314;      ///< xi
  double gridSharpness = 9.901;     ///< C_g
  double gridLeakage = 8.025e-8;    ///< I_g0, A

  /// Into the plate and into the grid, in amperes, and how they change with the voltages.
  struct Currents {
    double plate, grid;
    double plateByGrid, plateByPlate;  ///< siemens
    double gridByGrid;
  };

  /// Of the voltages grid to cathode and plate to cathode.
  Currents at(double gridVolts, double plateVolts) const noexcept {
    const Slope cathode = soft(plateVolts / amplification + gridVolts, perveance, exponent, sharpness);
    const Slope grid = soft(gridVolts, gridPerveance, gridExponent, gridSharpness);
    return {.plate = cathode.value - grid.value - gridLeakage,
            .grid = grid.value + gridLeakage,
            .plateByGrid = cathode.slope - grid.slope,
            .plateByPlate = cathode.slope / amplification,
            .gridByGrid = grid.slope};
  }

 private:
  struct Slope {
    double value, slope;
  };

  /// gain (ln(1 + e^(sharpness v)) / sharpness)^power and its derivative.
  static Slope soft(double volts, double gain, double power, double sharpness) noexcept {
    const double x = sharpness * volts;
    const double away = std::exp(-std::abs(x));
    const double base = (std::fmax(x, 0.0) + std::log1p(away)) / sharpness;
    const double sigmoid = x >= 0.0 ? 1.0 / (1.0 + away) : away / (1.0 + away);
    const double value = gain * std::pow(base, power);
    return {value, base > 0.0 ? value * power / base * sigmoid : 0.0};
  }
};

}  // namespace gainstage::analog
