#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/delay/delay_line.h"

namespace gainstage::dsp {

/// Repeats, each softer and duller than the one before. Side by side every channel has its own; in ping-pong
/// the mean of what comes in goes to the left, and every repeat changes sides. A new time fades from the old
/// tap to the new one over 50 ms, the last one asked for meanwhile next. Latency 0.
class Echo {
 public:
  enum class Layout { sideBySide, pingPong };

  /// [control] `channels` 1 or 2 come in; `longest` bounds the time.
  void prepare(const StreamFormat& format, int channels, Layout layout, Milliseconds longest);

  void setTime(Milliseconds time) noexcept;  // [audio] up to `longest`, to the nearest frame, at least 1
  void setFeedback(float share) noexcept;    // [audio] 0..0.99 of each repeat goes into the next
  void setMix(float share) noexcept;         // [audio] 0: as it came in, 1: repeats only
  void setDamping(Hertz cutoff) noexcept;    // [audio] each repeat passes a 6 dB per octave low-pass more
  void reset() noexcept;                     // [audio]
  void process(AudioView io) noexcept;       // [audio] in place; 2 channels in ping-pong

  /// Frames until the repeats have fallen by this much. [audio]
  FrameTime framesToFallBy(Decibels fall) const noexcept;

 private:
  float tap(const DelayLine& line, float fade) const noexcept;
  void startFade() noexcept;

  StreamFormat format_;
  int channels_ = 1;
  Layout layout_ = Layout::sideBySide;
  std::array<DelayLine, 2> lines_;
  std::array<float, 2> dull_{};  // state of each line's low-pass
  FrameCount wantedFrames_ = 1, nowFrames_ = 1, nextFrames_ = 1;
  LinearRamp fade_{1.0f};  // from the tap at nowFrames_ (0) to that at nextFrames_ (1)
  LinearRamp feedback_{0.0f}, mix_{0.0f};
  LinearRamp brightness_{1.0f};  // share of the way that the low-pass goes in a frame
};

}  // namespace gainstage::dsp
