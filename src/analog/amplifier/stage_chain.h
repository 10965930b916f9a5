#pragma once

#include <memory>

#include "analog/amplifier/stage_bank.h"

namespace gainstage::analog {

/// An amplifier's circuit, running as a chain of stages: volts in, volts out, a step at a time.
class StageChain {
 public:
  /// Triodes in the order in which the signal meets them; two that follow one another in `pairs` share their
  /// cathode. Ends at the circuit's power grids, or, where there are none, at its first output. [control]
  StageChain(const Circuit& circuit, const std::vector<StageCircuit::Plan>& plans, double stepsPerSecond);

  /// A knob is somewhere else from now on: heard with the next step. [audio] Some microseconds a stage.
  void turn(Circuit::Knob knob, double position) noexcept;
  /// To where nothing moves, knobs as they are. [audio]
  void reset() noexcept;

  /// The mean of the input over a step, and of what is fed back to the feedback stage's second input. [audio]
  StageBank::Outputs step(double input, double feedback) noexcept { return bank_.step(input, feedback); }

  std::vector<int> modes() const {
    std::vector<int> m;
    for (auto& s : stages_) m.push_back(s.step().modes);
    return m;
  }
  int stages() const noexcept { return static_cast<int>(stages_.size()); }

 private:
  Circuit circuit_;
  double secondsPerStep_;
  std::vector<StageCircuit> stages_;
  StageBank bank_;
};

/// The curves of all tubes that stages are made of. [any thread]
const Curves& tubeCurves();
StageCircuit::CurveSet tubeCurveSet();

}  // namespace gainstage::analog
