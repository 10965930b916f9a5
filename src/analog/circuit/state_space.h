#pragma once

#include <Eigen/Core>
#include <complex>
#include <vector>

#include "analog/circuit/circuit.h"

namespace gainstage::analog {

/// A circuit's equations at a sample rate: the nodal DK method of Yeh, Abel and Smith 2010 ("Automated
/// physical modeling of nonlinear audio circuits for real-time audio effects, part I", IEEE TASL 18), in the
/// form of Holters and Zölzer 2011
/// ("Physical modelling of a wah-wah effect pedal as a case study for application of the nodal DK method to
/// circuits with variable parts", DAFx). Energy stores are integrated by the trapezoidal rule. For inputs u
/// (signals, then supplies), states x, and voltages v and currents i of the nonlinear parts' ports:
///
///     v  = G x + H u + K i(v)
///     y  = D x + E u + F i
///     x' = A x + B u + C i
///
/// A triode has two ports, grid to cathode and plate to cathode, in this order. All of it [control].
struct StateSpace {
  StateSpace(const Circuit& circuit, double sampleRate);

  Eigen::MatrixXd a, b, c, d, e, f, g, h, k;
  Eigen::VectorXd supplies;  ///< the inputs that stay
  std::vector<Triode> triodes;

  int signals() const { return static_cast<int>(b.cols() - supplies.size()); }
  int outputs() const { return static_cast<int>(d.rows()); }

  /// From a signal to an output at a frequency in Hz, without the nonlinear parts.
  std::complex<double> response(double hz, double sampleRate, int signal = 0, int output = 0) const;

  /// The state in which nothing moves while all signals are 0, and the ports' voltages there.
  struct Rest {
    Eigen::VectorXd state, ports;
  };
  Rest rest;
};

/// Currents of all ports at their voltages, and the matrix of their derivatives where one is wanted.
void portCurrents(const std::vector<Triode>& triodes, const Eigen::VectorXd& volts, Eigen::VectorXd& amperes,
                  Eigen::MatrixXd& byVolts);

}  // namespace gainstage::analog
