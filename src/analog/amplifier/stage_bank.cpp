#include "analog/amplifier/stage_bank.h"

#include <algorithm>
#include <cmath>

namespace gainstage::analog {
namespace {

/// How many steps on the next grid's current is thought to go on as it does. Two are missing; where it turns
/// sharply, so many overshoot. Chosen by the harmonics of six preamplifiers (docs/amplifiers.md).
constexpr double kForesight = 1.5;

}  // namespace

StageBank::StageBank(const Curves& curves, std::span<const StageCircuit> stages) : curves_(&curves) {
  lanes_.rows = curves.quickRows();
  lanes_.stages = static_cast<int>(stages.size());
  for (std::size_t k = 0; k < stages.size(); ++k) {
    modes_[k] = static_cast<std::size_t>(stages[k].step().modes);
    slowModes_[k] = static_cast<std::size_t>(stages[k].slowModes());
    lanes_.slowModes = std::max(lanes_.slowModes, static_cast<int>(slowModes_[k]));
    lanes_.fastModes = std::max(lanes_.fastModes, static_cast<int>(modes_[k] - slowModes_[k]));
  }
  lanes_.fastModes += (lanes_.slowModes + lanes_.fastModes) % 2;
  for (std::size_t k = 0; k < kMostStages; ++k)
    for (std::size_t port = 0; port < 2; ++port) setCurve(k, port, 0.0);
  for (std::size_t k = 0; k < stages.size(); ++k) setStep(static_cast<int>(k), stages[k]);
}

void StageBank::setCurve(std::size_t stage, std::size_t port, double volts) noexcept {
  const Curves::QuickPlace& place = curves_->quickPlace(stages_[stage].curves[port]);
  const double position =
      std::clamp((volts - place.first) * place.perVolt, 0.0, static_cast<double>(place.lastInterval));
  const auto interval = static_cast<std::int32_t>(position);
  const auto part = static_cast<float>((volts - place.first) * place.perVolt - interval);
  lanes_.curvePart[port][stage] = part;
  lanes_.curvePerVolt[port][stage] = static_cast<float>(place.perVolt);
  lanes_.curveStep[port][stage] = static_cast<float>(place.step);
  lanes_.curveFirst[port][stage] = static_cast<float>(-interval);
  lanes_.curveLast[port][stage] = static_cast<float>(place.lastInterval - interval);
  lanes_.curveRow[port][stage] = place.firstRow + interval;
  const float* row = lanes_.rows + static_cast<std::ptrdiff_t>(place.firstRow + interval) * Curves::kQuickRow;
  lanes_.resting[port][stage] = row[1] + part * (row[2] + part * row[3]);
  stages_[stage].volts[port] = volts;
}

void StageBank::setConstants(std::size_t stage) noexcept {
  const Stage& s = stages_[stage];
  for (std::size_t r = 0; r < 2; ++r)
    lanes_.mc[r][stage] = s.controls[r] - s.volts[r] + s.perAmpere[r][0] * lanes_.restCurrent[0][stage] +
                          s.perAmpere[r][1] * lanes_.restCurrent[1][stage];
}

void StageBank::setStep(int stage, const StageCircuit& circuit) noexcept {
  const StageCircuit::Step& step = circuit.step();
  const auto k = static_cast<std::size_t>(stage);
  stages_[k].curves = circuit.curves();
  lanes_.hearsNext[k] = circuit.hearsNext() ? 1.0 : 0.0;
  lanes_.formerShare[k] = circuit.isMeanOfTwo() ? 0.5 : 0.0;
  lanes_.foresight[k] = circuit.isNextQuick() ? 0.0 : kForesight;
  for (std::size_t j = 0; j < modes_[k]; ++j) {
    const std::size_t to = placeOf(k, j);
    lanes_.a[to][k] = step.a[j];
    lanes_.c[to][k] = step.c[j];
    lanes_.b0[to][k] = step.b[0][j];
    lanes_.b1[to][k] = step.b[1][j];
    lanes_.b0Rise[to][k] = step.bRise[0][j];
    lanes_.b1Rise[to][k] = step.bRise[1][j];
    lanes_.d0[to][k] = step.d[0][j];
    lanes_.d1[to][k] = step.d[1][j];
    lanes_.d0Rise[to][k] = step.dRise[0][j];
    lanes_.d1Rise[to][k] = step.dRise[1][j];
    // From a step's beginning straight to what is seen at its end.
    lanes_.m0[to][k] = step.m[0][j] * step.a[j];
    lanes_.m1[to][k] = step.m[1][j] * step.a[j];
    lanes_.p0[to][k] = step.pBegin[0][j] + step.pEnd[0][j] * step.a[j];
    lanes_.p1[to][k] = step.pBegin[1][j] + step.pEnd[1][j] * step.a[j];
  }
  const auto through = [&](const auto& rows, const auto& columns, std::size_t r, std::size_t c,
                           double direct) {
    for (std::size_t j = 0; j < modes_[k]; ++j) direct += rows[r][j] * columns[c][j];
    return direct;
  };
  for (std::size_t r = 0; r < 2; ++r) {
    for (std::size_t c = 0; c < 2; ++c) {
      lanes_.mu[2 * r + c][k] = through(step.m, step.b, r, c, step.mu[r][c]);
      lanes_.muRise[2 * r + c][k] = through(step.m, step.bRise, r, c, step.muRise[r][c]);
      stages_[k].perAmpere[r][c] = through(step.m, step.d, r, c, step.mi[r][c]);
      lanes_.mi[2 * r + c][k] = static_cast<float>(stages_[k].perAmpere[r][c]);
      lanes_.miRise[2 * r + c][k] = static_cast<float>(through(step.m, step.dRise, r, c, step.miRise[r][c]));
      lanes_.pu[2 * r + c][k] = through(step.pEnd, step.b, r, c, step.pu[r][c]);
      lanes_.puRise[2 * r + c][k] = through(step.pEnd, step.bRise, r, c, 0.0);
      lanes_.pi[2 * r + c][k] = through(step.pEnd, step.d, r, c, step.pi[r][c]);
      lanes_.piRise[2 * r + c][k] = through(step.pEnd, step.dRise, r, c, 0.0);
    }
    double controls = step.mc[r], outputs = step.pc[r];
    for (std::size_t j = 0; j < modes_[k]; ++j) {
      controls += step.m[r][j] * step.c[j];
      outputs += step.pEnd[r][j] * step.c[j];
    }
    stages_[k].controls[r] = controls;
    lanes_.pc[r][k] = outputs;
  }
  setConstants(k);
}

void StageBank::clear() noexcept {
  // Lanes without a stage, too: what is not a number in one of them would keep the others iterating.
  const auto clearRows = [](auto& rows) {
    for (auto& row : rows) std::ranges::fill(row, 0);
  };
  clearRows(lanes_.x);
  for (auto* rows : {&lanes_.volts, &lanes_.drift, &lanes_.lastDrift}) clearRows(*rows);
  for (auto* rows : {&lanes_.input, &lanes_.out, &lanes_.lastOut}) clearRows(*rows);
  clearRows(lanes_.current);
  std::ranges::fill(lanes_.heard, 0.0);
}

void StageBank::setRest(int stage, const StageCircuit::Rest& rest) noexcept {
  const auto k = static_cast<std::size_t>(stage);
  for (std::size_t j = 0; j < modes_[k]; ++j) lanes_.x[placeOf(k, j)][k] = rest.modes[j];
  for (std::size_t r = 0; r < 2; ++r) {
    setCurve(k, r, rest.volts[r]);
    lanes_.volts[r][k] = lanes_.drift[r][k] = lanes_.lastDrift[r][k] = 0.0f;
    lanes_.restCurrent[r][k] = lanes_.current[r][k] = rest.currents[r];
    lanes_.out[r][k] = lanes_.lastOut[r][k] = rest.outputs[r];
    lanes_.input[r][k] = rest.inputs[r];
    if (r == 1 && k > 0) lanes_.heard[k - 1] = rest.currents[r];
  }
  setConstants(k);
}

void StageBank::change(int stage, const StageCircuit& circuit) noexcept {
  const auto k = static_cast<std::size_t>(stage);
  std::array<double, StageCircuit::kMostModes> modes{};
  for (std::size_t j = 0; j < modes_[k]; ++j) modes[j] = lanes_.x[placeOf(k, j)][k];
  circuit.carryOver(modes, {lanes_.input[0][k], lanes_.input[1][k]},
                    {lanes_.current[0][k], lanes_.current[1][k]});
  for (std::size_t j = 0; j < modes_[k]; ++j) lanes_.x[placeOf(k, j)][k] = modes[j];
  setStep(stage, circuit);
}

StageBank::Outputs StageBank::step(double input, double feedback) noexcept {
  lanes_.step(input, feedback);
  const int last = lanes_.stages - 1;
  return {lanes_.out[0][last], lanes_.out[1][last]};
}

}  // namespace gainstage::analog
