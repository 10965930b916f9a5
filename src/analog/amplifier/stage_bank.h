#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analog/amplifier/stage_circuit.h"

namespace gainstage::analog {

/// Up to eight stages of an amplifier, each a lane of the same vectors. What a stage gives reaches the next
/// one a step later, most of it as a mean over two steps, so that all of them can be worked out at once; at 8
/// times 48 kHz six stages are 21 us late together, a frame.
class StageBank {
 public:
  static constexpr int kMostStages = 8;
  // Slow ones and fast ones have places of their own, of which a stage may leave some empty.
  static constexpr int kMostModes = StageCircuit::kMostModes + 4;

  /// `curves` stays where it is for as long as this. [control]
  StageBank(const Curves& curves, std::span<const StageCircuit> stages);

  /// Nothing is left of what was: setRest of every stage comes next. [any thread]
  void clear() noexcept;
  void setRest(int stage, const StageCircuit::Rest& rest) noexcept;
  /// Gives a stage its circuit as it has become, its state carried over. [any thread]
  void change(int stage, const StageCircuit& circuit) noexcept;

  /// One step. `input`: the first stage's, its mean over the step. `feedback`: what the stage that is fed
  /// gets at its second input. Returns the last stage's two outputs. [audio]
  struct Outputs {
    double first, second;
  };
  Outputs step(double input, double feedback) noexcept;
  /// Once every stage's rest is set.
  void stand() noexcept { lanes_.stand(); }
  void setFed(int stage) noexcept { lanes_.isFed[stage] = 1.0; }  // [control]
  bool isFed(int stage) const noexcept { return lanes_.isFed[stage] > 0.0; }

  /// Everything that a step reads and writes, a row per number and a lane per stage. The curves are solved
  /// for in single precision: volts and currents are there what they are more than at rest, so that silence
  /// is exact, and what is rounded is 1 nV at a grid.
  struct Lanes {
    using Row = double[kMostStages];
    using Narrow = float[kMostStages];

    // The modes' own: see StageCircuit::Step.
    alignas(64) Row a[kMostModes], c[kMostModes], b0[kMostModes], b1[kMostModes], b0Rise[kMostModes],
        b1Rise[kMostModes], d0[kMostModes], d1[kMostModes], d0Rise[kMostModes], d1Rise[kMostModes];
    // From a step's beginning, inputs and currents straight to what the curves see at its end, and to what
    // goes out: nothing there waits for the modes to be worked out.
    alignas(64) Row m0[kMostModes], m1[kMostModes], p0[kMostModes], p1[kMostModes];
    alignas(64) Row mu[4], muRise[4], pu[4], puRise[4], pi[4], piRise[4], mc[2], pc[2];
    alignas(64) Narrow mi[4], miRise[4];
    // Where the curves rest: intervals from there, and how far into the first one.
    alignas(64) Narrow curvePart[2], curvePerVolt[2], curveStep[2], curveFirst[2], curveLast[2], resting[2];
    alignas(64) std::int32_t curveRow[2][kMostStages];
    alignas(64) Row restCurrent[2];
    const float* rows = nullptr;

    alignas(64) Row x[kMostModes];
    alignas(64) Narrow volts[2], drift[2], lastDrift[2], integral[2], value[2], slope[2];
    alignas(64) Row input[2];
    alignas(64) double current[2][2 * kMostStages];  // read one lane back, too
    alignas(64) Row hearsNext;                       // 1: the second input is the next stage's second current
    alignas(64) Row isFed;                           // 1: it is what is fed back
    alignas(64) Row foresight, formerShare;
    alignas(64) Row heard;  // of the next stage's current, the step before
    alignas(64) Row out[2], lastOut[2];
    int slowModes = 0, fastModes = 0, stages = 0;

    void step(double first, double feedback) noexcept;
    void stand() noexcept;  ///< Looks up the curves where volts are.
  };

 private:
  std::size_t placeOf(std::size_t stage, std::size_t mode) const noexcept {
    return mode < slowModes_[stage] ? mode
                                    : static_cast<std::size_t>(lanes_.slowModes) + mode - slowModes_[stage];
  }
  void setStep(int stage, const StageCircuit& circuit) noexcept;
  void setCurve(std::size_t stage, std::size_t port, double volts) noexcept;
  void setConstants(std::size_t stage) noexcept;

  const Curves* curves_;
  /// A stage's constants, and where its curves are counted from.
  struct Stage {
    std::array<int, 2> curves{};
    std::array<double, 2> controls{}, volts{};
    std::array<std::array<double, 2>, 2> perAmpere{};
  };
  std::array<Stage, kMostStages> stages_{};
  std::array<std::size_t, kMostStages> modes_{}, slowModes_{};
  Lanes lanes_{};
};

}  // namespace gainstage::analog
