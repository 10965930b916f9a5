#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::dsp {

/// The root below 1 of the pole whose low-pass has the gain `g` at `w`, 0..pi. [any thread]
inline double poleForGain(double g, double w) noexcept {
  const double a = 1.0 - g * g, b = 1.0 - g * g * std::cos(w);
  return (b - std::sqrt(b * b - a * a)) / a;
}

/// What is lost in a loop: a gain for its length and a low-pass that loses as much again at the damping's
/// frequency (Jot & Chaigne, AES 90, 1991, eq. 6).
class LoopDamping {
 public:
  void prepare(const StreamFormat& format) noexcept {  // [control]
    sampleRate_ = format.sampleRate;
    for (LinearRamp* ramp : {&gain_, &pole_}) ramp->setLength(format.frames({50.0}));
  }
  void set(double loopSeconds, double decaySeconds, double dampingHz) noexcept {  // [audio]
    const double w = 2.0 * std::numbers::pi * std::min(dampingHz / sampleRate_, 0.45);
    const double loss = std::pow(10.0, -3.0 * loopSeconds / decaySeconds), pole = poleForGain(loss, w);
    pole_.setTarget(static_cast<float>(pole));
    // The decay set is that at 1 kHz, or well below a damping that reaches there.
    const double at = std::min(2.0 * std::numbers::pi * 1000.0 / sampleRate_, w / 3.0);
    const double level = (1.0 - pole) / std::sqrt(1.0 - 2.0 * pole * std::cos(at) + pole * pole);
    gain_.setTarget(static_cast<float>(std::min(loss / level, 0.9999)));
  }
  void reset() noexcept {  // [audio]
    for (LinearRamp* ramp : {&gain_, &pole_}) ramp->snapToTarget();
    state_ = 0.0f;
  }
  float process(float in) noexcept {  // [audio]
    const float pole = pole_.next();
    state_ = pole * state_ + (1.0f - pole) * in;
    return gain_.next() * state_;
  }

 private:
  double sampleRate_ = 48000.0;
  LinearRamp gain_{0.0f}, pole_{0.0f};
  float state_ = 0.0f;
};

}  // namespace gainstage::dsp
