#pragma once

#include <atomic>
#include <limits>
#include <memory>

#include "console/mix.h"
#include "console/session.h"
#include "dsp/meters/loudness.h"
#include "dsp/meters/meter.h"
#include "headphones/ceiling.h"
#include "headphones/compared_correction.h"
#include "headphones/crossfeed.h"
#include "headphones/exposure.h"
#include "headphones/level_limiter.h"
#include "headphones/stereo_image.h"

namespace gainstage::console {

/// One output as the audio thread runs it: its mix, then width, mono and balance, crossfeed, correction,
/// level with polarity and mute, the limit of its level and the ceiling of its peaks, to one or two device
/// channels. Starts muted and fades in. An output of one channel has no width, balance or crossfeed.
class Output {
 public:
  static constexpr Milliseconds kRamp = 20_ms;
  static constexpr Milliseconds kPanicRamp = 5_ms;
  static constexpr Milliseconds kFadeIn = 1_s;

  /// `fadeIn`: false starts at once, for streams that no ear hears live. [control]
  Output(const OutputState& state, const StreamFormat& format, bool fadeIn,
         headphones::PreparedCorrection correction = {});

  void set(OutputParameter parameter, float value) noexcept;  // [audio]
  /// dB SPL of a full-scale sine at the ear, or not-a-number: unknown. [audio]
  void setFullScale(float dbSpl) noexcept;
  /// See headphones::ComparedCorrection. [audio]
  void installCorrection(headphones::PreparedCorrection& correction) noexcept;
  std::unique_ptr<headphones::CorrectionFilter> takeRetiredFilter() noexcept {
    return correction_.takeRetired();
  }
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
  /// And the limit of the level. [any thread]
  float limiterGain() const noexcept { return limiterGain_.load(std::memory_order_relaxed); }
  const headphones::Exposure& exposure() const noexcept { return exposure_; }  // [any thread]

 private:
  void setListening(OutputParameter parameter, float value) noexcept;
  void updateLevel() noexcept;
  void updateCeiling() noexcept;
  void limit(AudioView io) noexcept;
  void applyGain(std::span<float> left, std::span<float> right) noexcept;

  int channelCount_;
  int channels_[2] = {0, 0};  // device channels, counted from 0
  Mix mix_;
  MixLevels levels_;
  float levelDb_ = -30.0f;
  float ceilingDbfs_ = -1.0f;
  float ceilingDbSpl_ = 120.0f;
  bool ceilingOn_ = true;
  bool ceilingSplOn_ = true;
  float fullScaleDbSpl_ = std::numeric_limits<float>::quiet_NaN();
  headphones::CrossfeedSetting crossfeedSetting_;
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
  LinearRamp polarity_{1.0f};
  headphones::StereoImage image_;
  headphones::Crossfeed crossfeed_;
  headphones::ComparedCorrection correction_;
  headphones::LevelLimiter limiter_;
  headphones::Ceiling ceiling_;
  headphones::Exposure exposure_;
  std::atomic<float> ceilingGain_{1.0f};
  std::atomic<float> limiterGain_{1.0f};
  dsp::Meter meters_[2];
  dsp::Loudness loudness_;
  AudioBuffer buffer_;
};

}  // namespace gainstage::console
