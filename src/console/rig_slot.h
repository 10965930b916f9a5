#pragma once

#include <memory>

#include "core/audio_buffer.h"
#include "core/ramp.h"
#include "rig/rig.h"

namespace gainstage::console {

/// The place of a strip's rig. A new rig is crossfaded in at once while the old one's input fades out and its
/// tail rings on; the one before, if it still rings, fades away in 30 ms. Only a third rig within those 30 ms
/// has to wait for their end. A rig that has to be shed gives way to the plain signal. Nothing here ever
/// steps.
class RigSlot {
 public:
  static constexpr Milliseconds kCrossfade = 30_ms;
  static constexpr Milliseconds kLongestTail = 10_s;

  /// `channels`: 1 or 2, what the strip gives. [control]
  RigSlot(std::unique_ptr<rig::Rig> first, int channels, const StreamFormat& format);
  ~RigSlot();
  RigSlot(const RigSlot&) = delete;
  RigSlot& operator=(const RigSlot&) = delete;

  /// The rig that was installed last, heard already or not. [audio]
  rig::Rig* newest() const noexcept { return next_ ? next_ : current_; }

  /// Of every rig that sounds or will. [audio]
  void setTempo(double beatsPerMinute) noexcept;

  /// Takes ownership until it comes back from takeRetired(). [audio]
  void install(rig::Rig* rig) noexcept;

  /// A rig that will not be used again, or nullptr; to be handed back to the control thread. [audio]
  rig::Rig* takeRetired() noexcept;

  /// Plain signal instead of the rig's: crossfaded, or, where there is not even time for that, at once with
  /// the difference to the last sample fading away. [audio]
  void shed(bool atOnce) noexcept;
  void restore() noexcept;  // [audio]
  bool isShed() const noexcept { return shed_; }
  bool isCostly() const noexcept { return !(shed_ && rigShare_.isSettled()) && current_->blockCount() > 0; }

  /// `input` (channels x frames) through the rig into `wet` (2 x frames). [audio]
  void process(ConstAudioView input, AudioView wet) noexcept;

  /// Neither a crossfade nor an old tail is under way. [audio]
  bool isAtRest() const noexcept {
    return !ringing_.rig && !leaving_.rig && !next_ && currentShare_.isSettled() && rigShare_.isSettled() &&
           correction_.isSettled();
  }
  void reset() noexcept;  // [audio]
  FrameTime tailFrames() const noexcept { return current_->tailFrames(); }
  FrameCount latencyFrames() const noexcept { return current_->latencyFrames(); }

 private:
  /// A rig that has given way.
  struct Old {
    rig::Rig* rig = nullptr;
    FrameTime framesLeft = 0;
    LinearRamp input{0.0f};
    LinearRamp share{1.0f};  // of its output, when it has to go early
  };

  void advance(ConstAudioView input, AudioView wet) noexcept;
  void renderCurrent(ConstAudioView input, AudioView wet) noexcept;
  void addOld(Old& old, ConstAudioView input, AudioView wet) noexcept;
  bool endOld(FrameCount& count) noexcept;
  void promoteNext() noexcept;
  void retire(rig::Rig*& rig) noexcept;

  int channels_;
  FrameCount crossfadeFrames_;
  FrameTime longestTail_;

  rig::Rig* current_;
  rig::Rig* next_ = nullptr;       // waits until leaving_ has faded
  Old ringing_;                    // gave way last
  Old leaving_;                    // gave way before, and fades for the next to ring
  LinearRamp currentShare_{1.0f};  // of the new rig's output

  bool shed_ = false;
  LinearRamp rigShare_{1.0f};  // of the rig against the plain signal
  float last_[2] = {0.0f, 0.0f};
  LinearRamp correction_{0.0f};  // 1 to 0, scales correctionFrom_
  float correctionFrom_[2] = {0.0f, 0.0f};
  bool correctNext_ = false;

  AudioBuffer scratch_;
  rig::Rig* retired_[4] = {};
};

}  // namespace gainstage::console
