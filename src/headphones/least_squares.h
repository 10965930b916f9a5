#pragma once

#include <Eigen/Dense>
#include <functional>

namespace gainstage::headphones {

/// Fills what is left to explain (rows) and how it changes with each parameter (rows x parameters).
using ResidualsOf = std::function<void(const Eigen::VectorXd& parameters, Eigen::VectorXd& residuals,
                                       Eigen::MatrixXd& slopes)>;

struct LeastSquaresOptions {
  int steps = 60;
  double enough = 1e-7;  ///< relative gain of a step below which the search ends
  double longest = 0.5;  ///< of a parameter in a step
};

/// Moves the parameters to where the sum of squares is least nearby, and returns that sum: Levenberg 1944 and
/// Marquardt 1963, the damping raised and lowered by tens. [control]
double leastSquares(Eigen::VectorXd& parameters, Eigen::Index rows, const ResidualsOf& residualsOf,
                    const LeastSquaresOptions& options = {});

}  // namespace gainstage::headphones
