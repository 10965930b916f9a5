#pragma once

#include <memory>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::dsp {

/// Repeats, each softer and duller than the one before. Side by side every channel has its own; in ping-pong
/// the mean of what comes in goes to the left, and every repeat changes sides. Latency 0. The same bits
/// however the stream is split.
class Echo {
 public:
  enum class Layout { sideBySide, pingPong };

  Echo() = default;
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  virtual ~Echo() = default;

  /// [control] `channels` 1 or 2 come in; `longest` bounds the time.
  virtual void prepare(const StreamFormat& format, int channels, Layout layout, Milliseconds longest) = 0;

  virtual void setTime(Milliseconds time) noexcept = 0;  // [audio] 1 ms up to `longest`
  /// The time swings along a sine, so that the pitch goes up and down by as much. [audio] 0.1..10 Hz, 0..50
  virtual void setModulation(Hertz rate, float cents) noexcept = 0;
  virtual void setWow(float share) noexcept = 0;  // [audio] 0..1 of what the worst of tapes does
  void setFeedback(float share) noexcept;         // [audio] 0..0.99 of each repeat goes into the next
  void setMix(float share) noexcept;              // [audio] 0: as it came in, 1: repeats only
  void setDamping(Hertz cutoff) noexcept;    // [audio] each repeat passes a 6 dB per octave low-pass more
  void setLowCut(Hertz cutoff) noexcept;     // [audio] and a high-pass; none at 20 Hz
  void setDrive(Decibels drive) noexcept;    // [audio] into what saturates, where something does; -12..24 dB
  void setDucking(Decibels depth) noexcept;  // [audio] repeats are softer by this while something comes in

  virtual void reset() noexcept = 0;                // [audio]
  virtual void process(AudioView io) noexcept = 0;  // [audio] in place; 2 channels in ping-pong

  /// Frames until the repeats have fallen by this much. [audio]
  virtual FrameTime framesToFallBy(Decibels fall) const noexcept = 0;

 protected:
  void prepareValues(const StreamFormat& format) noexcept;
  void settleValues() noexcept;
  FrameTime framesToFall(Decibels fall, double repeatFrames) const noexcept;

  StreamFormat format_;
  LinearRamp feedback_{0.0f}, mix_{0.0f};
  LinearRamp brightness_{1.0f};                 // share of the way that the low-pass goes in a frame
  LinearRamp lowCut_{0.003f}, lowTaken_{0.0f};  // likewise of the high-pass; how much of the lows it takes
  LinearRamp drive_{1.0f};
  LinearRamp ducked_{0.0f};  // share taken away while something comes in
};

/// Nothing but the delay. A new time fades from the old tap to the new one over 50 ms, the last one asked for
/// meanwhile next. Times are whole frames where nothing swings. [control]
std::unique_ptr<Echo> makeDigitalEcho();

/// A tape loop with one head: see tape_voice.h. A new time is reached as by a motor: the pitch glides.
/// [control]
std::unique_ptr<Echo> makeTapeEcho();

/// Bucket brigades: see bucket_voice.h. A new time is reached as by a clock: the pitch glides. [control]
std::unique_ptr<Echo> makeAnalogueEcho();

}  // namespace gainstage::dsp
