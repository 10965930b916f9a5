#pragma once

#include <cmath>

#include "core/stream_format.h"
#include "dsp/modulation/lfo.h"

namespace gainstage::dsp {

/// Something heavy that turns: its speed nears a new one as e^-t. There, its phase does not drift (see Lfo).
/// The same bits however the stream is split.
class Rotor {
 public:
  void prepare(const StreamFormat& format) noexcept {  // [control]
    sampleRate_ = format.sampleRate;
    reset();
  }
  void setSpeed(Hertz speed) noexcept { target_ = speed.value; }  // [audio] 0: it comes to rest
  void setRise(double seconds) noexcept {                         // [audio] until 90 % of a change is done
    share_ = 1.0 - std::exp(-std::log(10.0) / (seconds * sampleRate_));
  }
  void reset() noexcept {  // [audio] phase 0, the speed last set at once
    speed_ = target_;
    phase_ = 0;
  }
  void advance() noexcept {  // [audio] by a frame
    const double left = target_ - speed_;
    speed_ = std::abs(left) < 1e-6 ? target_ : speed_ + share_ * left;
    phase_ += Lfo::turns(speed_ / sampleRate_);
  }

  /// 1 towards phase 0, -1 away from it. [audio]
  double cosine(Lfo::Phase ahead) const noexcept { return phaseSine(phase_ + ahead + Lfo::turns(0.25)); }

 private:
  double sampleRate_ = 48000.0;
  double target_ = 1.0, speed_ = 1.0;  // Hz
  double share_ = 1.0;                 // of the way that is gone in a frame
  Lfo::Phase phase_ = 0;
};

}  // namespace gainstage::dsp
