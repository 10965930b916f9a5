#pragma once

#include <atomic>
#include <memory>

#include "console/rig_slot.h"
#include "console/session.h"
#include "console/strip_levels.h"
#include "dsp/filters/highpass.h"
#include "dsp/looper/looper.h"
#include "dsp/meters/howl_detector.h"
#include "dsp/meters/meter.h"

namespace gainstage::console {

/// One input channel as the audio thread runs it, from the device to its two taps: direct and wet.
class Strip {
 public:
  static constexpr Milliseconds kRamp = 20_ms;
  static constexpr Milliseconds kSleepAfter = 1_s;  // of digital silence, and the rig's tail

  /// [control] `rig` is never null: a strip without blocks has an empty one. Strips of different `turn` do
  /// their howl detector's spectra in different callbacks.
  Strip(const StripState& state, std::unique_ptr<rig::Rig> rig, float rigLevelDb, const StreamFormat& format,
        int turn = 0);

  void set(StripParameter parameter, float value) noexcept;  // [audio]
  void setRigLevel(float db) noexcept { levels_.rigDb = db; }

  /// What the device's preamp gives by now, for the level guards. [audio]
  void setPreampLevel(float db) noexcept { levels_.preampDb = db; }
  /// Keeps what comes in away from both taps, while the device's input is switched: faded over kRamp. Dry
  /// takes have it all the same. [audio]
  void hold(bool on) noexcept { hold_.setTarget(on ? 0.0f : 1.0f); }
  /// Largest magnitude that the device gave since the last call, before trim. [control] one caller
  float takeDevicePeak() noexcept { return devicePeak_.exchange(0.0f, std::memory_order_relaxed); }

  /// Jumps to the values last set, for a start from silence. [control before processing]
  void snap() noexcept;

  /// Device to direct tap, into the callback's frames from `offset` on. [audio]
  void processInput(ConstAudioView device, FrameCount offset) noexcept;

  /// Direct to wet tap, same frames. [audio]
  void processRig(FrameCount offset, FrameCount frames) noexcept;

  /// Not worth running: silence came in for longer than the rig rings, and nothing is on its way. [audio]
  bool isAsleep() const noexcept { return silentFrames_ >= sleepAfter_; }

  int channels() const noexcept { return channels_; }  // [any thread]
  ConstAudioView direct() const noexcept {
    return {directRows_, 2, maxFrames_};
  }                                                            // [audio] 2 x largest block
  ConstAudioView wet() const noexcept { return wet_.view(); }  // [audio]
  LinearRamp& reverbSend() noexcept { return reverbSend_; }
  void updateReverbSend(bool heard) noexcept;  // [audio]

  RigSlot& rig() noexcept { return rig_; }

  /// Behind the rig, so that it keeps its loop whatever rig comes. Kept from then on; a strip that never
  /// loops has none. [audio] once
  void installLooper(dsp::Looper* looper) noexcept;
  dsp::Looper* looper() noexcept { return looper_.get(); }
  void setTempo(double beatsPerMinute) noexcept;                                 // [audio] of rig and looper
  FrameCount wetLatencyFrames() const noexcept { return rig_.latencyFrames(); }  // [audio]
  StripLevels& levels() noexcept { return levels_; }
  const dsp::Meter& inputMeter(int channel) const noexcept { return before_[channel]; }  // [any thread]
  const dsp::Meter& wetMeter(int channel) const noexcept { return after_[channel]; }     // [any thread]

  /// Whether the input held something that was not finite since the last call. [audio]
  bool takeNotFinite() noexcept { return std::exchange(notFinite_, false); }

  /// Watches the direct tap for a ring that rises; `armed` where its inputs are live. [audio]
  dsp::HowlDetector& howl() noexcept { return howl_; }

 private:
  bool isResting(ConstAudioView device) const noexcept;
  void notePeak(std::span<const float> device) noexcept;
  void renderRig(FrameCount offset, FrameCount frames) noexcept;
  void tellLooper() noexcept;

  int channels_;
  FrameCount maxFrames_;
  int inputs_[2] = {0, 0};  // device channels, counted from 0
  AudioBuffer direct_;
  AudioBuffer wet_;
  const float* directRows_[2];

  LinearRamp trim_{1.0f};
  LinearRamp polarity_{1.0f};
  LinearRamp hold_{1.0f};
  std::atomic<float> devicePeak_{0.0f};
  LinearRamp reverbSend_{0.0f};
  float reverbSendGain_ = 0.0f;
  dsp::HighPass highpass_;
  RigSlot rig_;
  std::unique_ptr<dsp::Looper> looper_;
  bool loopReverse_ = false, loopHalfSpeed_ = false, loopQuantise_ = false;
  float loopDecayDb_ = 0.0f;
  double sampleRate_, beatFrames_ = 0.0;
  StripLevels levels_;
  dsp::Meter before_[2];
  dsp::Meter after_[2];
  dsp::HowlDetector howl_;

  FrameTime silentFrames_ = 0;
  FrameTime leastSleepAfter_ = 0, sleepAfter_ = 0;
  bool notFinite_ = false;
};

}  // namespace gainstage::console
