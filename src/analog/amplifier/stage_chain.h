#pragma once

#include <array>
#include <vector>

#include "analog/amplifier/stage_bank.h"

namespace gainstage::analog {

/// An amplifier's circuit, running as a chain of stages: volts in, volts out, a step at a time.
class StageChain {
 public:
  /// Plans in the order in which the signal meets them; the last one is of the circuit's power grids, or
  /// empty: then the chain ends at the circuit's first output. [control]
  StageChain(const Circuit& circuit, const std::vector<StageCircuit::Plan>& plans, double stepsPerSecond);

  /// A knob is somewhere else from now on. [audio] The next step takes some microseconds more for each stage
  /// that holds it, however many knobs were turned.
  void turn(Circuit::Knob knob, double position) noexcept;
  /// To where nothing moves, knobs as they are. [audio]
  void reset() noexcept;

  /// How late it is, in steps.
  double latencySteps() const noexcept;

  /// The mean of the input over a step, and of what is fed back to the feedback stage's second input. [audio]
  StageBank::Outputs step(double input, double feedback) noexcept {
    if (stale_ != 0) catchUp();
    const double sharpened = former_[0] + bend_ * (2.0 * former_[0] - input - former_[1]);
    former_ = {input, former_[0]};
    return bank_.step(sharpened, feedback);
  }

 private:
  void catchUp() noexcept;

  Circuit circuit_;
  double secondsPerStep_;
  std::vector<StageCircuit> stages_;
  StageBank bank_;
  double bend_;                     // what means over two steps take from the top
  std::array<double, 2> former_{};  // inputs
  unsigned stale_ = 0;              // bit k: stage k's equations are of knobs that were turned since
};

/// The curves of all tubes that stages are made of. [any thread]
const Curves& tubeCurves();
StageCircuit::CurveSet tubeCurveSet();

}  // namespace gainstage::analog
