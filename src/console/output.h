#pragma once

#include <atomic>

#include "console/mix.h"
#include "console/session.h"
#include "dsp/meters/loudness.h"
#include "dsp/meters/meter.h"
#include "headphones/ceiling.h"

namespace gainstage::console {

/// One output as the audio thread runs it: its mix, then mono, polarity, level, mute and ceiling, to one or
/// two device channels. Starts muted and fades in.
class Output {
 public:
  static constexpr Milliseconds kRamp = 20_ms;
  static constexpr Milliseconds kPanicRamp = 5_ms;
  static constexpr Milliseconds kFadeIn = 1_s;

  /// `fadeIn`: false starts at once, for streams that no ear hears live. [control]
  Output(const OutputState& state, const StreamFormat& format, bool fadeIn);

  void set(OutputParameter parameter, float value) noexcept;  // [audio]
  void setLiveHold(bool hold) noexcept { levels_.liveHold = hold; }
  void panic(bool on) noexcept;  // [audio]
  void leave() noexcept;         // [audio] fades out for good
  bool hasLeft() const noexcept { return leaving_ && presence_.isSettled(); }

  void snap() noexcept;  // [control before processing]

  Mix& mix() noexcept { return mix_; }
  const MixLevels& levels() const noexcept { return levels_; }

  /// Mixes the sources and adds the result to the device's channels, into the callback's frames from `offset`
  /// on. [audio]
  void process(const Mix::Source* sources, AudioView device, FrameCount offset) noexcept;

  ConstAudioView result() const noexcept { return buffer_.view(); }  // [audio] 2 x largest block
  const dsp::Meter& meter(int channel) const noexcept { return meters_[channel]; }  // [any thread]
  const dsp::Loudness& loudness() const noexcept { return loudness_; }              // [any thread]
  /// Smallest gain that the ceiling applied in the last callback, 0..1. [any thread]
  float ceilingGain() const noexcept { return ceilingGain_.load(std::memory_order_relaxed); }

 private:
  void updateLevel() noexcept;
  void applyGain(std::span<float> left, std::span<float> right) noexcept;

  int channelCount_;
  int channels_[2] = {0, 0};  // device channels, counted from 0
  Mix mix_;
  MixLevels levels_;
  float levelDb_ = -30.0f;
  float dimDb_ = -20.0f;
  bool dim_ = false;
  bool mute_ = false;
  bool panic_ = false;
  bool leaving_ = false;
  FrameCount fadeInFrames_;
  FrameCount rampFrames_;
  FrameCount panicFrames_;

  LinearRamp level_{0.0f};     // level and dim
  LinearRamp audible_{1.0f};   // mute
  LinearRamp presence_{0.0f};  // fade-in, panic, leaving
  LinearRamp mono_{0.0f};      // share of the sum
  LinearRamp polarity_{1.0f};
  headphones::Ceiling ceiling_;
  std::atomic<float> ceilingGain_{1.0f};
  dsp::Meter meters_[2];
  dsp::Loudness loudness_;
  AudioBuffer buffer_;
};

}  // namespace gainstage::console
