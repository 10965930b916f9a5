#pragma once

#include <cmath>
#include <functional>
#include <vector>

namespace gainstage::analog {

/// A pair of equal diodes, antiparallel: Shockley's law, i(v) = 2 I_s sinh(v / (n V_T)), at 27 degrees C.
struct DiodePair {
  double saturation;  ///< I_s, A
  double emission;    ///< n

  static constexpr double kThermalVolts = 0.025865;

  double volts() const noexcept { return emission * kThermalVolts; }
  double at(double v) const noexcept { return 2.0 * saturation * std::sinh(v / volts()); }
  double slope(double v) const noexcept { return 2.0 * saturation / volts() * std::cosh(v / volts()); }
};

/// The 1N914 of the usual SPICE library, without its series resistance of 0.57 ohms.
inline constexpr DiodePair kSiliconPair{2.52e-9, 1.752};
/// A germanium signal diode of the 1N34A's kind.
inline constexpr DiodePair kGermaniumPair{2.0e-7, 1.3};

/// Where a resistance of `ohms` in series with an odd, rising law i(v) leaves its voltage: the v of
/// v + ohms i(v) = b, for any ohms of a range that a knob covers. Looked up: curves for a few resistances,
/// evenly apart in their logarithm, of cubic pieces, with steps of 4 mV to 1 V and of 1/8 V to 32 V: within a
/// microvolt for diodes. Beyond 32 V straight on.
class ClipTable {
 public:
  using Law = std::function<double(double volts)>;

  /// Allocates; 1 or 2 ms. [control]
  ClipTable(const Law& amperes, const Law& siemens, double leastOhms, double mostOhms);

  /// Between the least and the most. [audio]
  void setOhms(double ohms) noexcept;

  double at(double b) const noexcept {  // [audio]
    const Place p = placeOf(b);
    const double* const c = row_ + p.piece;
    const double* const d = c + kRow;
    // In pairs: a step waits for the one before it, through here.
    const double square = p.t * p.t;
    const double low = (c[0] + p.t * c[1]) + square * (c[2] + p.t * c[3]);
    const double high = (d[0] + p.t * d[1]) + square * (d[2] + p.t * d[3]);
    return std::copysign(low + share_ * (high - low), b);
  }

  /// Of at(), from 0 to b. [audio]
  double integralAt(double b) const noexcept {
    const Place p = placeOf(b);
    const double* const c = row_ + p.piece;
    const double* const d = c + kRow;
    const auto along = [&p](const double* k) {
      return k[4] + p.step * p.t * (k[0] + p.t * (k[1] / 2.0 + p.t * (k[2] / 3.0 + p.t * k[3] / 4.0)));
    };
    const double low = along(c), high = along(d);
    return low + share_ * (high - low);
  }

 private:
  static constexpr int kRows = 5;
  static constexpr int kFine = 256, kCoarse = 256;
  static constexpr int kPiece = 5;  // of a cubic the coefficients, and the integral up to it
  static constexpr int kRow = (kFine + kCoarse) * kPiece;
  static constexpr double kFineSteps = 256.0, kCoarseSteps = 8.0;  // per volt

  struct Place {
    int piece;
    double t, step;
  };
  static Place placeOf(double b) noexcept {
    const double size = std::abs(b);
    if (size < 1.0) {
      const double at = size * kFineSteps;
      const int i = static_cast<int>(at);
      return {i * kPiece, at - i, 1.0 / kFineSteps};
    }
    // What is not a number ends at the first piece, which exists.
    double at = size * kCoarseSteps;
    at = at < kCoarse - 1e-9 ? at : kCoarse - 1e-9;
    at = at > 0.0 ? at : 0.0;
    const int i = static_cast<int>(at);
    return {(kFine + i) * kPiece, at - i, 1.0 / kCoarseSteps};
  }

  std::vector<double> pieces_;
  double leastLog_, logStep_;
  const double* row_ = nullptr;
  double share_ = 0.0;
};

/// The mean of a ClipTable's voltage while b goes straight from its last value to the next: antiderivative
/// antialiasing of the first order (Parker, Zavalishin and Le Bivic 2016, "Reducing the aliasing of nonlinear
/// waveshaping using continuous-time convolution", DAFx, eq. 12), late by half a step.
class MeanOfClip {
 public:
  void reset() noexcept { last_ = lastIntegral_ = 0.0; }

  double operator()(const ClipTable& table, double b) noexcept {
    constexpr double kTooClose = 1e-5;  // volts: below, the quotient loses more digits than the middle misses
    const double integral = table.integralAt(b);
    const double way = b - last_;
    const double mean =
        std::abs(way) > kTooClose ? (integral - lastIntegral_) / way : table.at(0.5 * (b + last_));
    last_ = b;
    lastIntegral_ = integral;
    return mean;
  }

 private:
  double last_ = 0.0, lastIntegral_ = 0.0;
};

}  // namespace gainstage::analog
