#include "analog/circuit/state_space.h"

#include <Eigen/LU>
#include <numbers>

namespace gainstage::analog {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Which nodes each branch joins: +1 where it begins, -1 where it ends; a row each.
MatrixXd incidence(const std::vector<Circuit::Branch>& branches, int nodes) {
  MatrixXd rows = MatrixXd::Zero(static_cast<Index>(branches.size()), nodes);
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (branches[i].from > 0) rows(static_cast<Index>(i), branches[i].from - 1) += 1.0;
    if (branches[i].to > 0) rows(static_cast<Index>(i), branches[i].to - 1) -= 1.0;
  }
  return rows;
}

VectorXd values(const std::vector<Circuit::Branch>& branches) {
  VectorXd all(static_cast<Index>(branches.size()));
  for (std::size_t i = 0; i < branches.size(); ++i) all(static_cast<Index>(i)) = branches[i].value;
  return all;
}

std::vector<Circuit::Branch> joined(std::vector<Circuit::Branch> first,
                                    const std::vector<Circuit::Branch>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<Circuit::Branch> portsOf(const Circuit& circuit) {
  std::vector<Circuit::Branch> ports;
  for (const auto& triode : circuit.triodes()) {
    ports.push_back({triode.grid, triode.cathode, 0.0});
    ports.push_back({triode.plate, triode.cathode, 0.0});
  }
  return ports;
}

/// The circuit with given conductances in place of its energy stores: all node voltages as products of what
/// drives them.
class Nodal {
 public:
  Nodal(const Circuit& circuit, const VectorXd& storeConductances)
      : stores_(incidence(joined(circuit.allCapacitors(), circuit.inductors()), circuit.nodes())),
        sources_(incidence(joined(circuit.inputs(), circuit.supplies()), circuit.nodes())),
        ports_(incidence(portsOf(circuit), circuit.nodes())) {
    const MatrixXd resistors = incidence(circuit.resistors(), circuit.nodes());
    const Index nodes = circuit.nodes();
    const Index sources = sources_.rows();
    MatrixXd system = MatrixXd::Zero(nodes + sources, nodes + sources);
    system.topLeftCorner(nodes, nodes) =
        resistors.transpose() * values(circuit.resistors()).cwiseInverse().asDiagonal() * resistors +
        stores_.transpose() * storeConductances.asDiagonal() * stores_;
    system.topRightCorner(nodes, sources) = sources_.transpose();
    system.bottomLeftCorner(sources, nodes) = sources_;
    const MatrixXd inverse = system.partialPivLu().inverse();
    byCurrents_ = inverse.topLeftCorner(nodes, nodes);
    bySources_ = inverse.topRightCorner(nodes, sources);
  }

  /// Voltages between what the rows join, per ampere into the stores' branches, per volt of the sources, and
  /// per ampere through the ports.
  MatrixXd byStores(const MatrixXd& rows) const { return rows * byCurrents_ * stores_.transpose(); }
  MatrixXd bySources(const MatrixXd& rows) const { return rows * bySources_; }
  MatrixXd byPorts(const MatrixXd& rows) const { return -(rows * byCurrents_ * ports_.transpose()); }

  const MatrixXd& stores() const { return stores_; }
  const MatrixXd& ports() const { return ports_; }

 private:
  MatrixXd stores_, sources_, ports_, byCurrents_, bySources_;
};

/// Where v = offset + k i(v), from v = 0 in steps that no exponential can run away from.
VectorXd solvePorts(const std::vector<Triode>& triodes, const VectorXd& offset, const MatrixXd& k,
                    VectorXd volts) {
  VectorXd amperes(volts.size());
  MatrixXd byVolts(volts.size(), volts.size());
  for (int i = 0; i < 500; ++i) {
    portCurrents(triodes, volts, amperes, byVolts);
    const VectorXd error = volts - offset - k * amperes;
    const MatrixXd slope = MatrixXd::Identity(volts.size(), volts.size()) - k * byVolts;
    const VectorXd step = slope.partialPivLu().solve(error);
    const double largest = step.cwiseAbs().maxCoeff();
    constexpr double kLongestStep = 5.0;  // volts
    volts -= step * std::min(1.0, kLongestStep / std::max(largest, 1e-300));
    if (largest < 1e-12) break;
  }
  return volts;
}

/// Direct current: capacitors let none through, inductors all.
StateSpace::Rest restOf(const Circuit& circuit, const VectorXd& conductances, const VectorXd& supplies) {
  const auto capacitors = static_cast<Index>(circuit.allCapacitors().size());
  const auto inductors = static_cast<Index>(circuit.inductors().size());
  VectorXd still(capacitors + inductors);
  still.head(capacitors).setConstant(1e-15);
  still.tail(inductors).setConstant(1e9);
  const Nodal nodal(circuit, still);
  VectorXd sources = VectorXd::Zero(static_cast<Index>(circuit.inputs().size()) + supplies.size());
  sources.tail(supplies.size()) = supplies;
  std::vector<Triode> triodes;
  for (const auto& part : circuit.triodes()) triodes.push_back(part.model);

  StateSpace::Rest rest;
  rest.ports = VectorXd::Zero(nodal.ports().rows());
  VectorXd amperes = VectorXd::Zero(rest.ports.size());
  MatrixXd ignored(rest.ports.size(), rest.ports.size());
  if (!triodes.empty()) {
    rest.ports = solvePorts(triodes, nodal.bySources(nodal.ports()) * sources, nodal.byPorts(nodal.ports()),
                            rest.ports);
    portCurrents(triodes, rest.ports, amperes, ignored);
  }
  const VectorXd volts = nodal.bySources(nodal.stores()) * sources + nodal.byPorts(nodal.stores()) * amperes;
  rest.state = conductances.cwiseProduct(volts);
  rest.state.tail(inductors) += 1e9 * volts.tail(inductors);
  return rest;
}

}  // namespace

void portCurrents(const std::vector<Triode>& triodes, const VectorXd& volts, VectorXd& amperes,
                  MatrixXd& byVolts) {
  byVolts.setZero();
  for (std::size_t t = 0; t < triodes.size(); ++t) {
    const auto grid = static_cast<Index>(2 * t);
    const Index plate = grid + 1;
    const Triode::Currents at = triodes[t].at(volts(grid), volts(plate));
    amperes(grid) = at.grid;
    amperes(plate) = at.plate;
    byVolts(grid, grid) = at.gridByGrid;
    byVolts(plate, grid) = at.plateByGrid;
    byVolts(plate, plate) = at.plateByPlate;
  }
}

StateSpace::StateSpace(const Circuit& circuit, double sampleRate) {
  const auto capacitors = static_cast<Index>(circuit.allCapacitors().size());
  const auto inductors = static_cast<Index>(circuit.inductors().size());
  // The trapezoidal rule makes of a store a conductance and a source, which remembers: x' = 2 G v - x for a
  // capacitor, 2 G v + x for an inductor.
  VectorXd conductances(capacitors + inductors);
  conductances.head(capacitors) = 2.0 * sampleRate * values(circuit.allCapacitors());
  conductances.tail(inductors) = (2.0 * sampleRate * values(circuit.inductors())).cwiseInverse();
  VectorXd sign = VectorXd::Ones(capacitors + inductors);
  sign.tail(inductors).setConstant(-1.0);

  const Nodal nodal(circuit, conductances);
  const MatrixXd outputs = incidence(circuit.outputs(), circuit.nodes());
  const MatrixXd twice = 2.0 * conductances.asDiagonal() * nodal.stores();
  a = nodal.byStores(twice) * sign.asDiagonal();
  a -= MatrixXd(sign.asDiagonal());
  b = nodal.bySources(twice);
  c = nodal.byPorts(twice);
  d = nodal.byStores(outputs) * sign.asDiagonal();
  e = nodal.bySources(outputs);
  f = nodal.byPorts(outputs);
  g = nodal.byStores(nodal.ports()) * sign.asDiagonal();
  h = nodal.bySources(nodal.ports());
  k = nodal.byPorts(nodal.ports());

  supplies = values(circuit.supplies());
  for (const auto& part : circuit.triodes()) triodes.push_back(part.model);
  rest = restOf(circuit, conductances, supplies);
}

std::complex<double> StateSpace::response(double hz, double sampleRate, int signal, int output) const {
  const std::complex<double> z = std::polar(1.0, 2.0 * std::numbers::pi * hz / sampleRate);
  const Eigen::MatrixXcd resolvent =
      z * Eigen::MatrixXcd::Identity(a.rows(), a.cols()) - a.cast<std::complex<double>>();
  const Eigen::VectorXcd states = resolvent.partialPivLu().solve(b.col(signal).cast<std::complex<double>>());
  return (d.row(output).cast<std::complex<double>>() * states)(0) + e(output, signal);
}

}  // namespace gainstage::analog
