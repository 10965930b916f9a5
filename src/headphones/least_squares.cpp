#include "headphones/least_squares.h"

#include <algorithm>
#include <cmath>

namespace gainstage::headphones {

double leastSquares(Eigen::VectorXd& parameters, Eigen::Index rows, const ResidualsOf& residualsOf,
                    const LeastSquaresOptions& options) {
  constexpr double kMostDamping = 1e9, kLeastDamping = 1e-9;
  const Eigen::Index count = parameters.size();
  Eigen::VectorXd residuals(rows), tried(rows);
  Eigen::MatrixXd slopes(rows, count), triedSlopes(rows, count);
  residualsOf(parameters, residuals, slopes);
  double sum = residuals.squaredNorm(), damping = 1e-3;
  for (int step = 0; step < options.steps && damping < kMostDamping;) {
    const Eigen::MatrixXd curvature = slopes.transpose() * slopes;
    const Eigen::VectorXd pull = slopes.transpose() * residuals;
    const double floor = 1e-9 * std::max(curvature.diagonal().maxCoeff(), 1e-30);
    double next = sum;
    for (; step < options.steps && damping < kMostDamping; ++step, damping *= 10.0) {
      Eigen::MatrixXd damped = curvature;
      damped.diagonal() += damping * curvature.diagonal().cwiseMax(floor);
      Eigen::VectorXd move = -damped.ldlt().solve(pull);
      if (!move.allFinite()) continue;
      move = move.cwiseMin(options.longest).cwiseMax(-options.longest);
      const Eigen::VectorXd there = parameters + move;
      residualsOf(there, tried, triedSlopes);
      next = tried.squaredNorm();
      if (!(next < sum)) continue;
      parameters = there;
      residuals.swap(tried);
      slopes.swap(triedSlopes);
      damping = std::max(0.1 * damping, kLeastDamping);
      ++step;
      break;
    }
    if (!(next < sum)) break;
    const double gained = sum - next;
    sum = next;
    if (gained < options.enough * sum) break;
  }
  return sum;
}

}  // namespace gainstage::headphones
