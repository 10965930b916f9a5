#pragma once

#include <complex>
#include <optional>
#include <span>
#include <vector>

/// What a headphone or a loudspeaker is for what drives it: an impedance. [any thread, but that curves
/// allocate when they are made]
namespace gainstage::analog {

struct ImpedancePoint {
  double hz, ohm;  ///< magnitude; both above 0
};

/// A moving coil in a magnet (Small, "Direct-radiator loudspeaker system analysis", JAES 20(5), 1972): the
/// coil's resistance, its inductance (with eddy currents across it, where it has any), and the moving mass as
/// a parallel resonant circuit,
///   Z(s) = Re + Rm (s / Q w0) / (s^2 / w0^2 + s / Q w0 + 1) + s L || Reddy.
struct MovingCoil {
  double coilOhm = 32.0;
  double resonanceHz = 100.0;
  double resonanceOhm = 0.0;  ///< that the resonance adds at its peak
  double q = 1.0;             ///< of that circuit, by itself (the mechanical one)
  double inductanceH = 0.0;
  double eddyOhm = 0.0;  ///< across the inductance; 0: none

  std::complex<double> at(double hz) const noexcept;
};

/// The phase that belongs to a measured magnitude, for the impedance of a passive part has no other: it is
/// minimum-phase (Bode, Network Analysis and Feedback Amplifier Design, 1945, chapter 14). Outside the
/// points, the magnitude is held.
class ImpedanceCurve {
 public:
  /// Two points or more, in rising order of frequency, finite and above 0.
  static bool accepts(std::span<const ImpedancePoint> points) noexcept;
  /// Of points that it accepts. [control]
  explicit ImpedanceCurve(std::vector<ImpedancePoint> points);
  std::complex<double> at(double hz) const noexcept;
  std::span<const ImpedancePoint> points() const noexcept { return points_; }

 private:
  std::vector<ImpedancePoint> points_;
  std::vector<double> phases_;  // rad, at the points
};

/// One of the three, the best that is known: a measured curve, a model, or a number on the box.
struct Impedance {
  double nominalOhm = 32.0;
  std::optional<MovingCoil> model;
  std::optional<ImpedanceCurve> curve;

  std::complex<double> at(double hz) const noexcept;
  double magnitudeAt(double hz) const noexcept { return std::abs(at(hz)); }
  bool isKnownOverFrequency() const noexcept { return curve || model; }
};

/// The least and largest magnitude from 20 Hz to 20 kHz.
struct ImpedanceRange {
  double leastOhm, largestOhm;
};
ImpedanceRange impedanceRange(const Impedance& impedance) noexcept;

/// A moving coil that follows measured points, and how far off it is.
struct MovingCoilFit {
  MovingCoil coil;
  double rmsErrorDb, worstErrorDb;  ///< of the magnitude, at the points
};
/// Least squares of the magnitudes in dB (Levenberg, Q. Appl. Math. 2, 1944; Marquardt, J. SIAM 11, 1963),
/// from a start read off the points. Six or more. [control]
MovingCoilFit fitMovingCoil(std::span<const ImpedancePoint> points);

}  // namespace gainstage::analog
