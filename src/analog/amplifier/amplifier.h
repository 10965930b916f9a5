#pragma once

#include <span>
#include <vector>

#include "analog/amplifier/design.h"
#include "analog/amplifier/stage_chain.h"

namespace gainstage::analog {

/// An amplifier from its input jack to its loudspeaker's terminals, run at the rate it is given: some times
/// that of the sound, since it makes harmonics.
class Amplifier {
 public:
  /// Allocates, and finds where everything rests. [control]
  Amplifier(const AmplifierDesign& design, double sampleRate);

  /// A knob of the design's list, 0 to 1: see StageChain::turn. [audio]
  void turn(std::size_t knob, double turn) noexcept;

  /// At rest, knobs as they are. [audio]
  void reset() noexcept;

  /// In place: volts at the input jack (of a source of 10 kohm) in, the loudspeaker's volts out. Each stage
  /// is a frame of this rate late. [audio]
  void process(std::span<double> io) noexcept;

 private:
  const AmplifierDesign* design_;
  std::vector<Circuit::Knob> knobs_;
  PowerStage power_;
  StageChain chain_;
  double fed_ = 0.0, fedShare_;
};

}  // namespace gainstage::analog
