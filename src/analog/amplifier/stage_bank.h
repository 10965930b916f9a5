#pragma once

#include <span>
#include <vector>

#include "analog/amplifier/stage_circuit.h"

namespace gainstage::analog {

/// Up to eight stages of an amplifier, each a lane of the same vectors. What a stage gives reaches the next
/// one a step later, so that all of them can be worked out at once; at 8 times 48 kHz six stages are 13 us
/// late together, less than a frame.
class StageBank {
 public:
  static constexpr int kMostStages = 8;
  static constexpr int kMostModes = StageCircuit::kMostModes;

  /// `curves` stays where it is for as long as this. [control]
  StageBank(const Curves& curves, int stages);

  /// What a stage does in a step. [any thread]
  void setStep(int stage, const StageCircuit& circuit) noexcept;
  /// Nothing is left of what was: setRest of every stage comes next. [any thread]
  void clear() noexcept;
  void setRest(int stage, const StageCircuit::Rest& rest) noexcept;
  /// Gives a stage its circuit as it has become, its state carried over. [any thread]
  void change(int stage, const StageCircuit& circuit) noexcept;

  /// One step. `input`: the first stage's, its mean over the step. `feedback`: what `feedbackStage`
  /// gets at its second input. Returns the last stage's two outputs. [audio]
  struct Outputs {
    double first, second;
  };
  Outputs step(double input, double feedback) noexcept;
  void setFeedbackStage(int stage) noexcept { lanes_.feedbackStage = stage; }

  int feedbackStage() const noexcept { return lanes_.feedbackStage; }

  /// Everything that a step reads and writes, a row of doubles per number and a lane per stage.
  struct Lanes {
    using Row = double[kMostStages];

    // The modes' own: see StageCircuit::Step.
    alignas(64) Row a[kMostModes], c[kMostModes], b0[kMostModes], b1[kMostModes], b0Rise[kMostModes],
        b1Rise[kMostModes], d0[kMostModes], d1[kMostModes], d0Rise[kMostModes], d1Rise[kMostModes];
    // From a step's beginning, inputs and currents straight to what the curves see at its end, and to what
    // goes out: nothing there waits for the modes to be worked out.
    alignas(64) Row m0[kMostModes], m1[kMostModes], p0[kMostModes], p1[kMostModes];
    alignas(64) Row mu[4], muRise[4], mi[4], miRise[4], pu[4], puRise[4], pi[4], piRise[4], mc[2], pc[2];
    alignas(64) Row curveOffset[2], curvePerVolt[2], curveStep[2], curveLast[2];
    const double* rows[2][kMostStages];
    alignas(64) Row x[kMostModes];
    alignas(64) Row volts[2], drift[2], lastDrift[2], integral[2], value[2], input[2];
    alignas(64) double current[2][2 * kMostStages];  // read one lane back, too
    alignas(64) Row hearsNext;                       // 1: the second input is the next stage's second current
    alignas(64) Row foresight;
    alignas(64) Row heard;  // of that, the step before
    // What came out last, the lane after next to it: output of stage k at [k + 1], so that it is read as the
    // input of k + 1 at [k + 1].
    alignas(64) double out[2][2 * kMostStages];
    alignas(64) Row nextOut[2];
    int modes = 0, stages = 0, feedbackStage = -1;
  };

 private:
  void setCurves(int stage, const std::array<int, 2>& curves) noexcept;

  const Curves* curves_;
  std::array<std::array<int, 2>, kMostStages> curveOf_{};
  Lanes lanes_{};
};

}  // namespace gainstage::analog
