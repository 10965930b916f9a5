#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "analog/gear/impedance.h"
#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

constexpr int kUnknowns = 6;
using Logarithms = Eigen::Matrix<double, kUnknowns, 1>;  // of a coil's values, which are all above 0

MovingCoil coilOf(const Logarithms& log) noexcept {
  const Logarithms value = log.array().exp();
  return {value(0), value(1), value(2), value(3), value(4), value(5)};
}

Logarithms logarithmsOf(const MovingCoil& coil) noexcept {
  Logarithms value;
  value << coil.coilOhm, coil.resonanceHz, coil.resonanceOhm, coil.q, coil.inductanceH, coil.eddyOhm;
  return value.array().log();
}

Eigen::VectorXd errorsDb(std::span<const ImpedancePoint> points, const MovingCoil& coil) {
  Eigen::VectorXd errors(static_cast<Eigen::Index>(points.size()));
  for (std::size_t n = 0; n < points.size(); ++n)
    errors(static_cast<Eigen::Index>(n)) = decibelsOf(std::abs(coil.at(points[n].hz)) / points[n].ohm);
  return errors;
}

/// The peak below 1 kHz is the resonance; the least above it the coil; what is more at the top the
/// inductance.
MovingCoil startFrom(std::span<const ImpedancePoint> points) {
  const auto smaller = [](const ImpedancePoint& a, const ImpedancePoint& b) { return a.ohm < b.ohm; };
  auto below =
      std::find_if(points.begin(), points.end(), [](const ImpedancePoint& p) { return p.hz > 1000.0; });
  if (below == points.begin()) below = points.end();
  const auto peak = std::max_element(points.begin(), below, smaller);
  const auto least = std::min_element(peak, points.end(), smaller);
  const double coil = least->ohm;
  const double more =
      std::sqrt(std::max(points.back().ohm * points.back().ohm - coil * coil, 0.01 * coil * coil));
  return {coil,
          peak->hz,
          std::max(peak->ohm - coil, 0.01 * coil),
          1.0,
          more / (2.0 * std::numbers::pi * points.back().hz),
          10.0 * coil};
}

}  // namespace

MovingCoilFit fitMovingCoil(std::span<const ImpedancePoint> points) {
  Logarithms at = logarithmsOf(startFrom(points));
  Eigen::VectorXd errors = errorsDb(points, coilOf(at));
  double damping = 1e-2;
  for (int round = 0; round < 200 && damping < 1e9; ++round) {
    constexpr double kNudge = 1e-6;
    Eigen::MatrixXd slopes(errors.size(), kUnknowns);
    for (int k = 0; k < kUnknowns; ++k) {
      Logarithms nudged = at;
      nudged(k) += kNudge;
      slopes.col(k) = (errorsDb(points, coilOf(nudged)) - errors) / kNudge;
    }
    Eigen::MatrixXd normal = slopes.transpose() * slopes;
    normal.diagonal() += damping * (normal.diagonal().array() + 1e-9).matrix();
    const Logarithms step = normal.ldlt().solve(-slopes.transpose() * errors);
    // Never more than a factor of e at once: the parts that points say little about would run away.
    const Logarithms next = at + step.cwiseMax(-1.0).cwiseMin(1.0);
    const Eigen::VectorXd after = errorsDb(points, coilOf(next));
    if (after.squaredNorm() < errors.squaredNorm()) {
      at = next, errors = after, damping *= 0.3;
    } else {
      damping *= 5.0;
    }
  }
  return {coilOf(at), std::sqrt(errors.squaredNorm() / static_cast<double>(errors.size())),
          errors.cwiseAbs().maxCoeff()};
}

}  // namespace gainstage::analog
