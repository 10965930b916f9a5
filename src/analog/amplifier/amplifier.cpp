#include "analog/amplifier/amplifier.h"

#include <cmath>
#include <numbers>

#include "analog/circuit/netlist.h"
#include "analog/circuit/taper.h"

namespace gainstage::analog {
namespace {

Netlist netlistOf(const AmplifierDesign& design) {
  return Netlist("I guitar\nI fed\n" + std::string(design.preamp) + std::string(design.inverter));
}

Circuit circuitOf(const AmplifierDesign& design, double cathodeVolts) {
  Circuit circuit = netlistOf(design).circuit;
  circuit.setPowerCathode(cathodeVolts);
  return circuit;
}

/// Every triode of the preamplifier a stage, the inverter's two one, the power tubes' grids one.
std::vector<StageCircuit::Plan> plansOf(const Circuit& circuit) {
  const auto triodes = static_cast<int>(circuit.triodes().size());
  std::vector<StageCircuit::Plan> plans;
  for (int t = 0; t + 2 < triodes; ++t) plans.push_back({{t}});
  plans.push_back({{triodes - 2, triodes - 1}});
  plans.push_back({{}, true});
  return plans;
}

double wiperPosition(Taper taper, double turn) noexcept {
  switch (taper) {
    case Taper::audio:
      return audioTaper(turn);
    case Taper::reversed:
      return 1.0 - turn;
    default:
      return turn;
  }
}

}  // namespace

Amplifier::Amplifier(const AmplifierDesign& design, double sampleRate)
    : design_(&design),
      power_(design.power, sampleRate),
      chain_(circuitOf(design, power_.restCathodeVolts()),
             plansOf(circuitOf(design, power_.restCathodeVolts())), sampleRate) {
  const Netlist netlist = netlistOf(design);
  for (const AmplifierKnob& knob : design.knobs) knobs_.push_back(netlist.knob(knob.part));
  // What is fed back comes some steps late, which the power stage's looking ahead makes up for where it is
  // slow. A pole, little below the output transformer's own, keeps the loop at peace where it is not.
  constexpr double kFeedbackPole = 30000.0;  // Hz
  fedShare_ = -std::expm1(-2.0 * std::numbers::pi * kFeedbackPole / sampleRate);
  for (std::size_t k = 0; k < design.knobs.size(); ++k) turn(k, static_cast<double>(design.knobs[k].turn));
  reset();
}

void Amplifier::turn(std::size_t knob, double turn) noexcept {
  chain_.turn(knobs_[knob], wiperPosition(design_->knobs[knob].taper, turn));
}

void Amplifier::reset() noexcept {
  chain_.reset();
  power_.reset();
  fed_ = 0.0;
}

void Amplifier::process(std::span<double> io) noexcept {
  for (double& sample : io) {
    const StageBank::Outputs grids = chain_.step(sample, fed_);
    const double volts = power_.step(grids.first, grids.second);
    fed_ += fedShare_ * (power_.ahead() * design_->power.feedbackShare - fed_);
    sample = volts;
  }
}

}  // namespace gainstage::analog
