#pragma once

#include <algorithm>

#include "core/ramp.h"
#include "dsp/pitch/splice_source.h"

namespace gainstage::dsp {

/// One voice of another pitch, in time: reads its source at another speed, and where it comes too near to now
/// or too far from it, jumps to where the sound goes on alike, crossfaded. The pitch is exact, since it is a
/// speed; what suffers are chords whose notes have no common period within the jump. A note's attack is
/// never cut or repeated: it comes out latencyFrames() after it went in, within 2 ms.
class PitchVoice {
 public:
  static constexpr double kMostSemitones = 24.0;

  /// [control] Latency 8..50 ms. The mean delay of what is not an attack lies within it, or 0.3 of it less.
  void prepare(const StreamFormat& format, Milliseconds latency);
  void reset() noexcept;  // [audio]

  /// What its source must hold and find. [any thread]
  static FrameCount longestDelayFrames(const StreamFormat& format, Milliseconds latency);
  static FrameCount longestSplice(const StreamFormat& format, Milliseconds latency);
  FrameCount latencyFrames() const noexcept { return latency_; }  // [any thread]

  /// -24..24, there in 20 ms. [audio]
  void setSemitones(float semitones) noexcept { semitones_.setTarget(semitones); }
  void snap() noexcept { semitones_.snapToTarget(); }  // [audio]

  /// The voice's next frame, after its source's. [audio]
  void next(const SpliceSource& source, float& left, float* right) noexcept;
  /// The same without the sound: for a voice that is silent. [audio]
  void skip(const SpliceSource& source) noexcept {
    follow(source);
    if (fade_ < 1.0f) fade_ = std::min(fade_ + fadeStep_, 1.0f);
  }

 private:
  void follow(const SpliceSource& source) noexcept;
  void jump(double delay, float likeness) noexcept;
  double nearest() const noexcept;

  FrameCount latency_ = 0;
  double rate_ = 48000.0;
  LinearRamp semitones_{0.0f};
  float heardSemitones_ = 0.0f;
  double speed_ = 1.0;
  double fadeFrames_ = 1.0;  // at this speed
  double delay_ = 0.0, oldDelay_ = 0.0;
  float fade_ = 1.0f, fadeStep_ = 0.0f;  // 1: only the new one is heard
  float likeness_ = 1.0f;
  bool onsetWaits_ = false;
};

}  // namespace gainstage::dsp
