#pragma once

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/modulation/lfo.h"

namespace gainstage::dsp {

/// A gain that swings between 1 and `depth` below it, in amplitude: along a sine, or along a square whose
/// edges are half a sine of 4 ms, or anything between: the sine's slopes, steeper, with rests between them.
/// Latency 0.
class Tremolo {
 public:
  /// [control] The second channel is `spread` of a turn ahead, 0..0.5.
  void prepare(const StreamFormat& format, double spread);

  void setRate(Hertz rate) noexcept;       // [audio] 0.05..25
  void setDepth(Decibels depth) noexcept;  // [audio] 0: as it came in
  void setShape(float shape) noexcept;     // [audio] 0: sine, 1: square
  void reset() noexcept;                   // [audio]
  void process(AudioView io) noexcept;     // [audio] in place, 1 or 2 channels

 private:
  void aimEdge() noexcept;

  Lfo lfo_;
  Lfo::Phase spread_ = 0;
  double rateHz_ = 5.0;
  float shape_ = 0.0f;
  LinearRamp floor_{1.0f};  // the least gain
  LinearRamp edge_{1.0f};   // a slope's length in half turns
};

}  // namespace gainstage::dsp
