#include "analog/amplifier/stage_chain.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "analog/circuit/state_space.h"

namespace gainstage::analog {
namespace {

using Eigen::Index;

/// The size of the impedance that each node sees at a frequency, tubes taken out, sources standing still.
std::vector<double> impedances(const Circuit& circuit, double hz) {
  const Index nodes = circuit.nodes();
  Eigen::MatrixXcd admittance = Eigen::MatrixXcd::Zero(nodes, nodes);
  const auto add = [&](int a, int b, std::complex<double> y) {
    if (a > 0) admittance(a - 1, a - 1) += y;
    if (b > 0) admittance(b - 1, b - 1) += y;
    if (a > 0 && b > 0) {
      admittance(a - 1, b - 1) -= y;
      admittance(b - 1, a - 1) -= y;
    }
  };
  constexpr double kShort = 1e9;  // siemens
  for (const auto& part : circuit.resistors()) add(part.from, part.to, 1.0 / part.value);
  for (const auto& part : circuit.allCapacitors())
    add(part.from, part.to, {0.0, 2.0 * std::numbers::pi * hz * part.value});
  for (const auto* sources : {&circuit.inputs(), &circuit.supplies()})
    for (const auto& source : *sources) add(source.from, Circuit::kGround, kShort);
  const Eigen::MatrixXcd impedance = admittance.partialPivLu().inverse();
  std::vector<double> sizes(static_cast<std::size_t>(nodes) + 1, 0.0);
  for (Index n = 0; n < nodes; ++n) sizes[static_cast<std::size_t>(n) + 1] = std::abs(impedance(n, n));
  return sizes;
}

std::vector<StageCircuit::TubeAtRest> tubesAtRest(const Circuit& circuit) {
  constexpr double kMiddle = 1000.0;
  const std::vector<double> sizes = impedances(circuit, kMiddle);
  const StateSpace space(circuit, 48000.0);
  std::vector<StageCircuit::TubeAtRest> all;
  for (std::size_t t = 0; t < circuit.triodes().size(); ++t) {
    const auto& tube = circuit.triodes()[t];
    const auto port = static_cast<Index>(2 * t);
    const Triode::Currents at = tube.model.at(space.rest.ports(port), space.rest.ports(port + 1));
    const double below = sizes[static_cast<std::size_t>(tube.cathode)];
    const double above = sizes[static_cast<std::size_t>(tube.plate)];
    // A cathode that moves along takes back part of what the tube does.
    const double share = 1.0 / (1.0 + (at.plateByGrid + at.plateByPlate) * below);
    const bool follows = above < 1.0;  // ohm: the plate is at its supply
    const double conductance = at.plateByPlate * (follows ? 1.0 : share);
    const double transconductance = at.plateByGrid * (follows ? 1.0 : share);
    all.push_back({conductance, transconductance, transconductance * above / (1.0 + conductance * above)});
  }
  return all;
}

Curves makeCurves() {
  const Triode triode;
  Curves curves;
  // The cathode's current is a function of grid + plate / mu, the grid's of the grid: what Triode::at gives
  // with the plate at its cathode, the other current taken out.
  curves.add(
      [&](double volts) {
        const Triode::Currents at = triode.at(volts, 0.0);
        return Curves::At{0.0, at.plate + at.grid, at.plateByGrid + at.gridByGrid};
      },
      {-8.0, 6.0, 14 * 32});
  const auto grid = [&](double volts) {
    const Triode::Currents at = triode.at(volts, 0.0);
    return Curves::At{0.0, at.grid, at.gridByGrid};
  };
  curves.add(grid, {-4.0, 4.0, 8 * 64});
  // A power tube's grid: its cathode is larger; about a kilohm once it conducts (Koren 1996, RGI).
  constexpr double kLarger = 2.0;
  curves.add(
      [&](double volts) {
        const Curves::At at = grid(volts);
        return Curves::At{0.0, kLarger * (at.value - triode.gridLeakage), kLarger * at.slope};
      },
      {-4.0, 20.0, 24 * 64});
  return curves;
}

std::vector<StageCircuit> stagesOf(const Circuit& circuit, const std::vector<StageCircuit::Plan>& plans,
                                   double secondsPerStep) {
  const std::vector<StageCircuit::TubeAtRest> rest = tubesAtRest(circuit);
  std::vector<StageCircuit> stages;
  stages.reserve(plans.size());
  for (std::size_t k = 0; k < plans.size(); ++k) {
    const StageCircuit::Plan* next = k + 1 < plans.size() ? &plans[k + 1] : nullptr;
    stages.emplace_back(circuit, plans[k], next, tubeCurveSet(), rest).update(circuit, secondsPerStep);
  }
  return stages;
}

}  // namespace

const Curves& tubeCurves() {
  static const Curves curves = makeCurves();
  return curves;
}

StageCircuit::CurveSet tubeCurveSet() { return {0, 1, 2}; }

StageChain::StageChain(const Circuit& circuit, const std::vector<StageCircuit::Plan>& plans,
                       double stepsPerSecond)
    : circuit_(circuit),
      secondsPerStep_(1.0 / stepsPerSecond),
      stages_(stagesOf(circuit, plans, secondsPerStep_)),
      bank_(tubeCurves(), stages_),
      // A mean over two steps is cos(w / 2), or 1 - w^2 / 8; that square is given back before the first
      // stage.
      bend_(static_cast<double>(std::ranges::count_if(stages_, &StageCircuit::isMeanOfTwo)) / 8.0) {
  for (std::size_t k = 0; k < plans.size(); ++k)
    if (plans[k].triodes.size() == 2 && circuit_.inputs().size() > 1) bank_.setFed(static_cast<int>(k));
  reset();
}

double StageChain::latencySteps() const noexcept {
  constexpr double kSharpening = 1.0, kStage = 1.0, kMeanOfTwo = 0.5;
  return kSharpening + kStage * static_cast<double>(stages_.size()) +
         kMeanOfTwo * static_cast<double>(std::ranges::count_if(stages_, &StageCircuit::isMeanOfTwo));
}

void StageChain::turn(Circuit::Knob knob, double position) noexcept {
  circuit_.turn(knob, position);
  for (std::size_t k = 0; k < stages_.size(); ++k)
    if (stages_[k].holds(circuit_, knob)) stale_ |= 1u << k;
}

void StageChain::catchUp() noexcept {
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    if (((stale_ >> k) & 1u) == 0) continue;
    stages_[k].update(circuit_, secondsPerStep_);
    bank_.change(static_cast<int>(k), stages_[k]);
  }
  stale_ = 0;
}

void StageChain::reset() noexcept {
  catchUp();
  former_ = {};
  bank_.clear();
  // What a grid takes from the stage before it is not known until it was worked out: rounds of it, until it
  // stays.
  std::array<double, StageBank::kMostStages + 1> gridCurrents{};
  constexpr int kMostRounds = 100;
  constexpr double kEnough = 1e-13;  // amperes
  double moved = 1.0;
  for (int round = 0; round < kMostRounds && moved > kEnough; ++round) {
    moved = 0.0;
    std::array<double, 2> inputs{};
    for (std::size_t k = 0; k < stages_.size(); ++k) {
      if (bank_.isFed(static_cast<int>(k))) inputs[1] = 0.0;
      if (stages_[k].hearsNext()) inputs[1] = gridCurrents[k + 1];
      const StageCircuit::Rest rest = stages_[k].rest(tubeCurves(), inputs);
      bank_.setRest(static_cast<int>(k), rest);
      inputs = rest.outputs;
      moved = std::max(moved, std::abs(rest.currents[1] - gridCurrents[k]));
      gridCurrents[k] = rest.currents[1];
    }
  }
  bank_.stand();
}

}  // namespace gainstage::analog
