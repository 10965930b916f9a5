#pragma once

#include <cmath>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/dynamics/dynamics_kernels.h"

namespace gainstage::dsp {

/// When a gate is open. Opens at the first magnitude at the open threshold, closes once none has reached the
/// close threshold for the whole hold time. [audio]
class GateSwitch {
 public:
  void setThresholds(float open, float close) noexcept {  // linear, close <= open
    open_ = open;
    close_ = close;
  }
  void setHold(FrameCount frames) noexcept { holdFrames_ = frames; }
  void reset() noexcept { isOpen_ = false; }
  bool isOpen() const noexcept { return isOpen_; }

  /// Whether it is open for a frame of this magnitude.
  bool next(float magnitude) noexcept {
    if (isOpen_ ? magnitude >= close_ : magnitude >= open_) {
      isOpen_ = true;
      holdLeft_ = holdFrames_;
    } else if (isOpen_ && --holdLeft_ < 0) {
      isOpen_ = false;
    }
    return isOpen_;
  }

 private:
  float open_ = 0.0f, close_ = 0.0f;
  FrameCount holdFrames_ = 0, holdLeft_ = 0;
  bool isOpen_ = false;
};

/// Noise gate with hysteresis, both channels as the louder one says. From shut to open takes exactly the
/// attack time, from open to shut exactly the release time, both along p^2 (3 - 2p) in gain: no corner, so no
/// click. Open it is bit-exact. Latency 0. 1 or 2 channels.
class Gate {
 public:
  void prepare(const StreamFormat& format) noexcept;  // [control]

  void setThreshold(Decibels open) noexcept { threshold_ = open, updateThresholds(); }  // [audio] -100..0
  /// How far under the threshold it closes, 0..40 dB. [audio]
  void setHysteresis(Decibels width) noexcept { hysteresis_ = width, updateThresholds(); }
  void setAttack(Milliseconds time) noexcept { rise_ = perFrame(time); }               // [audio] 0.02..1000
  void setHold(Milliseconds time) noexcept { switch_.setHold(format_.frames(time)); }  // [audio] 0..10000
  void setRelease(Milliseconds time) noexcept { fall_ = perFrame(time); }              // [audio] 1..10000
  /// How much softer it is when shut, 0..120 dB. [audio]
  void setRange(Decibels range) noexcept { depth_.setTarget(1.0f - (-range).linear()); }

  /// Forgets all audio, jumps to the settings, and is shut. [audio]
  void reset() noexcept;

  /// In place. [audio]
  void process(AudioView io) noexcept { process(io, io); }

  /// Opened and shut by what `key` holds instead: 1 or 2 channels, as many frames. [audio]
  void process(AudioView io, ConstAudioView key) noexcept;

 private:
  void updateThresholds() noexcept {
    switch_.setThresholds(threshold_.linear(), Decibels{threshold_.value - hysteresis_.value}.linear());
  }
  double perFrame(Milliseconds time) const noexcept { return 1.0 / format_.frames(time); }
  void processChunk(AudioView io, ConstAudioView key) noexcept;

  StreamFormat format_;
  Decibels threshold_{-60.0}, hysteresis_{6.0};
  GateSwitch switch_;
  double rise_ = 1.0, fall_ = 1.0;  // of openness, for a frame
  double openness_ = 0.0;           // 0 shut, 1 open
  LinearRamp depth_{0.999f};        // 1 - gain when shut
};

}  // namespace gainstage::dsp
