#include "analog/amplifier/stage_circuit.h"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

namespace gainstage::analog {
namespace {

using Eigen::Index;

/// Of the conductance at rest of a plate before: near cutoff, where the next grid draws most, it has less.
constexpr double kShare = 0.5;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// What a mode `x` = rate * step keeps, times its rate, of what comes in during a step: of a mean, and of a
/// rise from -1/2 to 1/2.
struct Weights {
  double mean, rise;
};

Weights weightsOf(double x) noexcept {
  const double gone = -std::expm1(-x);
  if (x < 1e-3) return {gone, x * x / 12.0 * (1.0 - x / 2.0)};
  return {gone, 1.0 - gone / x - gone / 2.0};
}

/// A mode's mean over a step is (what comes in - its change / step) / rate, exactly; where it is slow that
/// would be a small difference of large numbers, and half of its two ends is as good: x^2 / 12.
constexpr double kFast = 0.1;  // rate * step

}  // namespace

StageCircuit::StageCircuit(const Circuit& circuit, const Plan& plan, const Plan* next, const CurveSet& curves,
                           const std::vector<TubeAtRest>& rest)
    : places_(static_cast<std::size_t>(circuit.nodes()) + 1, -1),
      known_(places_.size(), kUnknown),
      inputOf_(places_.size(), -1),
      isInverter_(plan.triodes.size() == 2) {
  known_[0] = 0.0;
  for (const auto& supply : circuit.supplies()) known_[static_cast<std::size_t>(supply.from)] = supply.value;
  for (std::size_t i = 0; i < circuit.inputs().size(); ++i) {
    const auto node = static_cast<std::size_t>(circuit.inputs()[i].from);
    known_[node] = 0.0;
    inputOf_[node] = static_cast<int>(i);
  }
  for (const int t : plan.triodes) {
    const auto& tube = circuit.triodes()[static_cast<std::size_t>(t)];
    for (const int node : {tube.grid, tube.plate, tube.cathode}) reach(circuit, node);
  }
  if (plan.powerGrids)
    for (const auto& power : circuit.powerGrids()) reach(circuit, power.grid);
  if (plan.triodes.empty() && !plan.powerGrids) reach(circuit, circuit.outputs().front().from);

  capacitances_ = Matrix::Zero(unknown_, unknown_);
  inputCurrents_ = Matrix::Zero(unknown_, 2);
  portCurrents_ = Matrix::Zero(unknown_, 2);
  controls_ = Matrix::Zero(2, unknown_);
  outputs_ = Matrix::Zero(2, unknown_);
  curves_ = {curves.cathode, plan.triodes.size() == 2 ? curves.cathode : curves.grid};
  if (plan.powerGrids) curves_ = {curves.powerGrid, curves.powerGrid};
  addParts(circuit, plan, next, rest);
  addOutputs(circuit, plan, next, rest);

  // The capacitances' own directions. What stores less than a millionth of a picofarad stores nothing.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> own{Eigen::MatrixXd(capacitances_)};
  constexpr double kNothing = 1e-18;  // farads
  Index none = 0;
  while (none < own.eigenvalues().size() && own.eigenvalues()(none) < kNothing) ++none;
  const Index stores = own.eigenvalues().size() - none;
  const Eigen::VectorXd roots = own.eigenvalues().tail(stores).cwiseSqrt();
  storing_ = own.eigenvectors().rightCols(stores) * roots.cwiseInverse().asDiagonal();
  free_ = own.eigenvectors().leftCols(none);
  modes_ = Matrix::Identity(stores, stores);
}

void StageCircuit::reach(const Circuit& circuit, int node) {
  const auto at = static_cast<std::size_t>(node);
  if (!std::isnan(known_[at]) || places_[at] >= 0) return;
  places_[at] = unknown_++;
  for (const auto* parts : {&circuit.resistors(), &circuit.capacitors()})
    for (const auto& part : *parts) {
      if (part.from == node) reach(circuit, part.to);
      if (part.to == node) reach(circuit, part.from);
    }
}

void StageCircuit::addParts(const Circuit& circuit, const Plan& plan, const Plan* next,
                            const std::vector<TubeAtRest>& rest) {
  const auto isHere = [&](int node) { return placeOf(node) >= 0; };
  const auto capacitor = [&](int a, int b, double farads) {
    for (const auto& [node, other] : {std::pair{a, b}, std::pair{b, a}}) {
      if (!isHere(node)) continue;
      capacitances_(placeOf(node), placeOf(node)) += farads;
      if (isHere(other)) capacitances_(placeOf(node), placeOf(other)) -= farads;
    }
  };
  const auto conductance = [&](int a, int b, std::optional<std::size_t> resistor, double siemens) {
    if (!isHere(a) && !isHere(b)) return;
    const auto at = [](int node) { return static_cast<std::size_t>(node); };
    conductances_.push_back({placeOf(a), placeOf(b), known_[at(a)], known_[at(b)], inputOf_[at(a)],
                             inputOf_[at(b)], resistor, siemens});
  };
  const auto inject = [&](Matrix& columns, int column, int node, double share) {
    if (isHere(node)) columns(placeOf(node), column) += share;
  };
  for (const auto& part : circuit.capacitors()) capacitor(part.from, part.to, part.value);
  for (std::size_t i = 0; i < circuit.resistors().size(); ++i)
    conductance(circuit.resistors()[i].from, circuit.resistors()[i].to, i, 0.0);

  int upstream = 0;
  for (std::size_t t = 0; t < circuit.triodes().size(); ++t) {
    const auto& tube = circuit.triodes()[t];
    const auto& c = tube.capacitances;
    const auto own = std::ranges::find(plan.triodes, static_cast<int>(t));
    if (own != plan.triodes.end()) {
      const auto port = static_cast<int>(own - plan.triodes.begin());
      capacitor(tube.grid, tube.cathode, c.gridCathode);
      capacitor(tube.grid, tube.plate, c.gridPlate);
      capacitor(tube.plate, tube.cathode, c.plateCathode);
      inject(portCurrents_, port, tube.plate, -1.0);
      inject(portCurrents_, port, tube.cathode, 1.0);
      const double perMu = 1.0 / tube.model.amplification;
      setRow(controls_, port, tube.grid, 1.0, controlConstants_);
      setRow(controls_, port, tube.plate, perMu, controlConstants_);
      setRow(controls_, port, tube.cathode, -1.0 - perMu, controlConstants_);
      if (plan.triodes.size() == 1) {
        inject(portCurrents_, 1, tube.grid, -1.0);
        inject(portCurrents_, 1, tube.plate, 1.0);
        setRow(controls_, 1, tube.grid, 1.0, controlConstants_);
        setRow(controls_, 1, tube.cathode, -1.0, controlConstants_);
      }
      continue;
    }
    const TubeAtRest& at = rest[t];
    if (isHere(tube.plate) && !isHere(tube.grid)) {
      // The one before: its current comes in, and what its own resistance takes of a different voltage.
      conductance(tube.plate, Circuit::kGround, std::nullopt, kShare * at.plateConductance);
      capacitor(tube.plate, Circuit::kGround, c.gridPlate + c.plateCathode);
      inject(inputCurrents_, upstream++, tube.plate, 1.0);
    } else if (isHere(tube.cathode) && !isHere(tube.grid) &&
               !std::isnan(known_[static_cast<std::size_t>(tube.plate)])) {
      conductance(tube.cathode, Circuit::kGround, std::nullopt, at.transconductance + at.plateConductance);
      inject(inputCurrents_, upstream++, tube.cathode, 1.0);
    } else if (isHere(tube.grid)) {
      const double cathodeShare = std::isnan(known_[static_cast<std::size_t>(tube.plate)]) ? 1.0 : 0.05;
      capacitor(tube.grid, Circuit::kGround, c.gridPlate * (1.0 + at.gain) + c.gridCathode * cathodeShare);
      if (plan.triodes.size() == 1 && next && next->triodes.size() == 1) {
        inject(inputCurrents_, 1, tube.grid, -1.0);
        hearsNext_ = true;
        const auto& driver = circuit.triodes()[static_cast<std::size_t>(plan.triodes[0])];
        constexpr double kBypass = 0.1e-6;  // farads
        nextIsQuick_ =
            driver.plate == tube.grid && std::ranges::any_of(circuit.capacitors(), [&](const auto& part) {
              return (part.from == driver.cathode || part.to == driver.cathode) && part.value > kBypass;
            });
      }
    }
  }
  if (plan.powerGrids)
    for (std::size_t i = 0; i < circuit.powerGrids().size(); ++i) {
      const auto& power = circuit.powerGrids()[i];
      const auto port = static_cast<int>(i);
      inject(portCurrents_, port, power.grid, -1.0);
      setRow(controls_, port, power.grid, 1.0, controlConstants_);
      controlConstants_[i] -= power.cathodeVolts;
    }
}

void StageCircuit::addOutputs(const Circuit& circuit, const Plan& plan, const Plan* next,
                              const std::vector<TubeAtRest>& rest) {
  if (plan.powerGrids) {
    for (std::size_t i = 0; i < circuit.powerGrids().size(); ++i)
      setRow(outputs_, static_cast<int>(i), circuit.powerGrids()[i].grid, 1.0, outputConstants_);
    return;
  }
  if (plan.triodes.empty()) {
    setRow(outputs_, 0, circuit.outputs().front().from, 1.0, outputConstants_);
    return;
  }
  if (!next) return;
  for (std::size_t i = 0; i < plan.triodes.size(); ++i) {
    const auto& tube = circuit.triodes()[static_cast<std::size_t>(plan.triodes[i])];
    const TubeAtRest& at = rest[static_cast<std::size_t>(plan.triodes[i])];
    const int row = static_cast<int>(i);
    if (placeOf(tube.plate) >= 0) {
      outputCurrents_[i][i] = -1.0;
      if (plan.triodes.size() == 1) outputCurrents_[0][1] = 1.0;
      setRow(outputs_, row, tube.plate, kShare * at.plateConductance, outputConstants_);
    } else {
      outputCurrents_[i][i] = 1.0;
      setRow(outputs_, row, tube.cathode, at.transconductance + at.plateConductance, outputConstants_);
    }
  }
}

void StageCircuit::setRow(Matrix& rows, int row, int node, double weight, std::array<double, 2>& constant) {
  if (placeOf(node) >= 0)
    rows(row, placeOf(node)) += weight;
  else
    constant[static_cast<std::size_t>(row)] += weight * known_[static_cast<std::size_t>(node)];
}

bool StageCircuit::holds(const Circuit& circuit, Circuit::Knob knob) const noexcept {
  return std::ranges::any_of(conductances_, [&](const Conductance& part) {
    return part.resistor && circuit.hangsOn(*part.resistor, knob);
  });
}

void StageCircuit::update(const Circuit& circuit, double secondsPerStep) noexcept {
  formerModes_ = modes_;
  formerByInput_ = byInput_;
  formerByPort_ = byPort_;
  formerByConstant_ = byConstant_;
  formerRates_ = rates_;

  Matrix siemens = Matrix::Zero(unknown_, unknown_);
  Matrix inputs = inputCurrents_;
  Vector constant = Vector::Zero(unknown_);
  for (const Conductance& part : conductances_) {
    const double g = part.resistor ? 1.0 / circuit.resistors()[*part.resistor].value : part.siemens;
    const auto end = [&](int here, int there, double thereVolts, int thereInput) {
      if (here < 0) return;
      siemens(here, here) += g;
      if (there >= 0)
        siemens(here, there) -= g;
      else if (thereInput >= 0)
        inputs(here, thereInput) += g;
      else
        constant(here) += g * thereVolts;
    };
    end(part.a, part.b, part.bVolts, part.bInput);
    end(part.b, part.a, part.aVolts, part.aInput);
  }

  // Directions without capacitance follow at once.
  const Matrix across = siemens * storing_;
  Matrix whole = storing_;                           // all voltages per storing coordinate
  Matrix atOnce = Matrix::Zero(unknown_, unknown_);  // all voltages per ampere
  if (free_.cols() > 0) {
    const Matrix inner = free_.transpose() * siemens * free_;
    const Matrix inverse = inner.partialPivLu().inverse();
    atOnce = free_ * inverse * free_.transpose();
    whole -= atOnce * across;
  }
  const Matrix relaxing = storing_.transpose() * siemens * whole;
  const Eigen::SelfAdjointEigenSolver<Matrix> own{Matrix(0.5 * (relaxing + relaxing.transpose()))};
  modes_ = own.eigenvectors();
  rates_ = own.eigenvalues().cwiseMax(1e-3);
  const Matrix volts = whole * modes_;  // unknown x modes; its transpose takes currents to modes
  byInput_ = volts.transpose() * inputs;
  byPort_ = volts.transpose() * portCurrents_;
  byConstant_ = volts.transpose() * constant;
  controlsByMode_ = controls_ * volts;
  outputsByMode_ = outputs_ * volts;

  const auto count = static_cast<int>(rates_.size());
  if (keptModes_ < 0) {
    constexpr double kOver = 6.0;   // e^-6: over within a step
    constexpr double kSlow = 0.05;  // of a step: how much their causes rise within it does not matter
    keptModes_ = 0;
    while (keptModes_ < std::min(count, kMostModes) && rates_(keptModes_) * secondsPerStep < kOver)
      ++keptModes_;
    while (slowModes_ < keptModes_ && rates_(slowModes_) * secondsPerStep < kSlow) ++slowModes_;
  }
  const Matrix controlsAtOnce = controls_ * atOnce, outputsAtOnce = outputs_ * atOnce;
  direct_.mu = controlsAtOnce * inputs;
  direct_.mi = controlsAtOnce * portCurrents_;
  direct_.mc = controlsAtOnce * constant;
  direct_.pu = outputsAtOnce * inputs;
  direct_.pi = outputsAtOnce * portCurrents_;
  direct_.pc = outputsAtOnce * constant;
  for (std::size_t r = 0; r < 2; ++r) {
    const auto row = static_cast<Index>(r);
    direct_.mc(row) += controlConstants_[r];
    direct_.pc(row) += outputConstants_[r];
    for (std::size_t c = 0; c < 2; ++c) direct_.pi(row, static_cast<Index>(c)) += outputCurrents_[r][c];
  }
  fillStep(secondsPerStep);
}

void StageCircuit::fillStep(double secondsPerStep) noexcept {
  step_.modes = keptModes_;
  Direct all = direct_;
  // What follows at once is, at the step's end, where its causes are: half their rise above their means.
  Eigen::Matrix2d miRise = 0.5 * direct_.mi, muRise = 0.5 * direct_.mu;
  for (Index j = keptModes_; j < rates_.size(); ++j) {
    const double share = 1.0 / rates_(j);
    all.mu += share * controlsByMode_.col(j) * byInput_.row(j);
    const double rise = share * weightsOf(rates_(j) * secondsPerStep).rise;
    all.mi += share * controlsByMode_.col(j) * byPort_.row(j);
    miRise += rise * controlsByMode_.col(j) * byPort_.row(j);
    muRise += rise * controlsByMode_.col(j) * byInput_.row(j);
    all.mc += share * controlsByMode_.col(j) * byConstant_(j);
  }
  for (Index j = 0; j < rates_.size(); ++j) {
    if (j < keptModes_ && rates_(j) * secondsPerStep <= kFast) continue;
    const double share = 1.0 / rates_(j);
    all.pu += share * outputsByMode_.col(j) * byInput_.row(j);
    all.pi += share * outputsByMode_.col(j) * byPort_.row(j);
    all.pc += share * outputsByMode_.col(j) * byConstant_(j);
  }
  for (std::size_t r = 0; r < 2; ++r) {
    const auto row = static_cast<Index>(r);
    for (std::size_t c = 0; c < 2; ++c) {
      const auto column = static_cast<Index>(c);
      step_.mu[r][c] = all.mu(row, column);
      step_.mi[r][c] = all.mi(row, column);
      step_.miRise[r][c] = miRise(row, column);
      step_.muRise[r][c] = muRise(row, column);
      step_.pu[r][c] = all.pu(row, column);
      step_.pi[r][c] = all.pi(row, column);
    }
    step_.mc[r] = all.mc(row);
    step_.pc[r] = all.pc(row);
  }
  for (int m = 0; m < keptModes_; ++m) {
    const auto at = static_cast<std::size_t>(m);
    const double rate = rates_(m);
    const Weights weights = weightsOf(rate * secondsPerStep);
    const bool isFast = rate * secondsPerStep > kFast;
    const double weight = weights.mean / rate, rise = weights.rise / rate;
    step_.a[at] = std::exp(-rate * secondsPerStep);
    step_.c[at] = weight * byConstant_(m);
    for (std::size_t k = 0; k < 2; ++k) {
      const auto column = static_cast<Index>(k);
      step_.b[k][at] = weight * byInput_(m, column);
      step_.d[k][at] = weight * byPort_(m, column);
      step_.bRise[k][at] = rise * byInput_(m, column);
      step_.dRise[k][at] = rise * byPort_(m, column);
      step_.m[k][at] = controlsByMode_(column, m);
      const double out = outputsByMode_(column, m);
      step_.pEnd[k][at] = isFast ? -out / (rate * secondsPerStep) : 0.5 * out;
      step_.pBegin[k][at] = isFast ? out / (rate * secondsPerStep) : 0.5 * out;
    }
  }
}

void StageCircuit::carryOver(std::array<double, kMostModes>& modes, const std::array<double, 2>& inputs,
                             const std::array<double, 2>& currents) const noexcept {
  const Eigen::Vector2d u(inputs[0], inputs[1]), i(currents[0], currents[1]);
  Vector former(formerRates_.size());
  for (Index j = 0; j < former.size(); ++j)
    former(j) = j < keptModes_
                    ? modes[static_cast<std::size_t>(j)]
                    : (formerByInput_.row(j).dot(u) + formerByPort_.row(j).dot(i) + formerByConstant_(j)) /
                          formerRates_(j);
  const Vector stored = formerModes_ * former;
  const Vector now = modes_.transpose() * stored;
  for (int j = 0; j < keptModes_; ++j) modes[static_cast<std::size_t>(j)] = now(j);
}

StageCircuit::Rest StageCircuit::rest(const Curves& curves,
                                      const std::array<double, 2>& inputs) const noexcept {
  const Eigen::Vector2d u(inputs[0], inputs[1]);
  const Vector still = (byInput_ * u + byConstant_).cwiseQuotient(rates_);
  const Matrix moved = rates_.cwiseInverse().asDiagonal() * byPort_;
  const Eigen::Vector2d offset = controlsByMode_ * still + direct_.mu * u + direct_.mc;
  const Eigen::Matrix2d perAmpere = controlsByMode_ * moved + direct_.mi;
  Eigen::Vector2d volts = Eigen::Vector2d::Zero(), amperes;
  constexpr int kMostSteps = 200;
  constexpr double kLongestStep = 2.0;  // volts: no exponential can run away
  for (int n = 0; n < kMostSteps; ++n) {
    Eigen::Matrix2d slope = Eigen::Matrix2d::Identity();
    for (int k = 0; k < 2; ++k) {
      const Curves::At at = curves.at(curves_[static_cast<std::size_t>(k)], volts(k));
      amperes(k) = at.value;
      slope.col(k) -= perAmpere.col(k) * at.slope;
    }
    const Eigen::Vector2d error = volts - offset - perAmpere * amperes;
    const Eigen::Vector2d step = slope.inverse() * error;
    const double largest = step.cwiseAbs().maxCoeff();
    volts -= step * std::min(1.0, kLongestStep / std::max(largest, 1e-300));
    if (largest < 1e-12) break;
  }
  const Vector all = still + moved * amperes;
  const Eigen::Vector2d out = outputsByMode_ * all + direct_.pu * u + direct_.pi * amperes + direct_.pc;
  Rest found;
  found.inputs = inputs;
  for (int j = 0; j < keptModes_; ++j) found.modes[static_cast<std::size_t>(j)] = all(j);
  for (std::size_t k = 0; k < 2; ++k) {
    found.volts[k] = volts(static_cast<Index>(k));
    found.currents[k] = amperes(static_cast<Index>(k));
    found.outputs[k] = out(static_cast<Index>(k));
  }
  return found;
}

}  // namespace gainstage::analog
