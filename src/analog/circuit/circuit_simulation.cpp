#include "analog/circuit/circuit_simulation.h"

#include <algorithm>
#include <cmath>

namespace gainstage::analog {
namespace {

/// Solves m x = b in place by elimination with pivots; both are overwritten. A handful of ports: nothing to
/// allocate.
void eliminate(Eigen::MatrixXd& m, Eigen::VectorXd& b) noexcept {
  const Eigen::Index size = b.size();
  for (Eigen::Index column = 0; column < size; ++column) {
    Eigen::Index best = column;
    for (Eigen::Index row = column + 1; row < size; ++row)
      if (std::abs(m(row, column)) > std::abs(m(best, column))) best = row;
    if (best != column) {
      for (Eigen::Index i = column; i < size; ++i) std::swap(m(column, i), m(best, i));
      std::swap(b(column), b(best));
    }
    for (Eigen::Index row = column + 1; row < size; ++row) {
      const double share = m(row, column) / m(column, column);
      for (Eigen::Index i = column; i < size; ++i) m(row, i) -= share * m(column, i);
      b(row) -= share * b(column);
    }
  }
  for (Eigen::Index row = size - 1; row >= 0; --row) {
    for (Eigen::Index i = row + 1; i < size; ++i) b(row) -= m(row, i) * b(i);
    b(row) /= m(row, row);
  }
}

}  // namespace

CircuitSimulation::CircuitSimulation(const Circuit& circuit, double sampleRate)
    : space_(circuit, sampleRate),
      state_(space_.rest.state),
      nextState_(space_.rest.state),
      inputs_(space_.b.cols()),
      offset_(space_.k.rows()),
      ports_(space_.rest.ports),
      currents_(Eigen::VectorXd::Zero(space_.k.rows())),
      error_(space_.k.rows()),
      step_(space_.k.rows()),
      slopes_(space_.k.rows(), space_.k.rows()),
      jacobian_(space_.k.rows(), space_.k.rows()) {
  inputs_.tail(space_.supplies.size()) = space_.supplies;
}

void CircuitSimulation::reset() noexcept {
  state_ = space_.rest.state;
  ports_ = space_.rest.ports;
}

void CircuitSimulation::solve() noexcept {
  // Newton from where the last frame ended: 2 or 3 steps; more only where a grid begins to conduct.
  constexpr int kMostSteps = 50;
  constexpr double kEnough = 1e-6;  // volts
  constexpr double kLongestStep = 20.0;
  for (int i = 0; i < kMostSteps; ++i) {
    portCurrents(space_.triodes, ports_, currents_, slopes_);
    error_.noalias() = ports_ - offset_;
    error_.noalias() -= space_.k * currents_;
    jacobian_.setIdentity();
    jacobian_.noalias() -= space_.k.lazyProduct(slopes_);
    step_ = error_;
    eliminate(jacobian_, step_);
    const double largest = step_.cwiseAbs().maxCoeff();
    ports_ -= step_ * std::min(1.0, kLongestStep / std::max(largest, 1e-300));
    if (largest < kEnough) break;
  }
  portCurrents(space_.triodes, ports_, currents_, slopes_);
}

void CircuitSimulation::process(std::span<double> io) noexcept {
  for (double& sample : io) {
    inputs_(0) = sample;
    if (ports_.size() > 0) {
      offset_.noalias() = space_.g * state_;
      offset_.noalias() += space_.h * inputs_;
      solve();
    }
    double out = space_.d.row(0).dot(state_) + space_.e.row(0).dot(inputs_);
    if (ports_.size() > 0) out += space_.f.row(0).dot(currents_);
    sample = out;
    nextState_.noalias() = space_.a * state_;
    nextState_.noalias() += space_.b * inputs_;
    if (ports_.size() > 0) nextState_.noalias() += space_.c * currents_;
    state_.swap(nextState_);
  }
}

}  // namespace gainstage::analog
