#pragma once

#include <Eigen/Core>
#include <memory>
#include <span>

#include "analog/circuit/state_space.h"

namespace gainstage::analog {

/// A circuit, running: one signal in, one out, any number of nonlinear ports, solved to a microvolt for every
/// frame by Newton's method. The yardstick for quicker models of a single circuit, and quick enough for small
/// ones.
class CircuitSimulation {
 public:
  /// Allocates; begins at rest. [control]
  CircuitSimulation(const Circuit& circuit, double sampleRate);

  void reset() noexcept;  ///< [audio]

  /// In place, volts in and volts out, any number of frames. [audio]
  void process(std::span<double> io) noexcept;

 private:
  void solve() noexcept;

  StateSpace space_;
  Eigen::VectorXd state_, nextState_, inputs_;
  Eigen::VectorXd offset_, ports_, currents_, error_, step_;
  Eigen::MatrixXd slopes_, jacobian_;
};

}  // namespace gainstage::analog
