#pragma once

#include <cstdint>

#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::dsp {

/// sin(pi/2 x) for -1..1, within 7e-9 (Hastings, "Approximations for digital computers", 1955, sheet 16).
constexpr double quarterSine(double x) noexcept {
  const double square = x * x;
  return x * (1.57079631847 +
              square * (-0.64596371106 +
                        square * (0.07968967928 + square * (-0.00467376557 + square * 0.00015148419))));
}

/// -1..1 as the phase, of which 2^64 is a turn, goes round: rising through 0 at 0, as a sine does.
constexpr double phaseTriangle(std::uint64_t phase) noexcept {
  const double quarters = 0x1p-62 * static_cast<double>(static_cast<std::int64_t>(phase));
  if (quarters > 1.0) return 2.0 - quarters;
  return quarters < -1.0 ? -2.0 - quarters : quarters;
}
constexpr double phaseSine(std::uint64_t phase) noexcept { return quarterSine(phaseTriangle(phase)); }

/// What moves a modulation effect. Its phase is a whole number of 2^-64 turns and its step another, so that
/// nothing adds up and nothing drifts: at 48 kHz a rate is met within 3e-15 Hz for ever. A new rate is
/// reached over 200 ms, the phase goes on. The same bits however the stream is split.
class Lfo {
 public:
  using Phase = std::uint64_t;  ///< 2^64 is a turn; sums wrap as turns do

  static constexpr Phase turns(double share) noexcept {  // [any thread] 0..1, 1 excluded
    return static_cast<Phase>(share * 0x1p64);
  }

  void prepare(const StreamFormat& format) noexcept {  // [control]
    sampleRate_ = format.sampleRate;
    hertz_.setLength(format.frames({200.0}));
    setRate({static_cast<double>(hertz_.target())});
    reset();
  }
  void setRate(Hertz rate) noexcept {  // [audio] above 0, below half the sample rate
    hertz_.setTarget(static_cast<float>(rate.value));
    settledStep_ = step(static_cast<float>(rate.value));
  }
  void reset() noexcept {  // [audio] phase 0, the rate last set at once
    hertz_.snapToTarget();
    phase_ = 0;
  }
  void advance() noexcept {  // [audio] by a frame
    phase_ += hertz_.isSettled() ? settledStep_ : step(hertz_.next());
  }

  /// -1..1, rising through 0 at phase 0, as a sine does. [audio]
  double triangle(Phase ahead = 0) const noexcept { return phaseTriangle(phase_ + ahead); }
  double sine(Phase ahead = 0) const noexcept { return phaseSine(phase_ + ahead); }  // [audio]

 private:
  Phase step(float hertz) const noexcept { return turns(static_cast<double>(hertz) / sampleRate_); }

  double sampleRate_ = 48000.0;
  LinearRamp hertz_{1.0f};
  Phase settledStep_ = 0;
  Phase phase_ = 0;
};

}  // namespace gainstage::dsp
