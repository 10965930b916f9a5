#pragma once

#include <array>
#include <memory>
#include <string>

#include "core/audio_buffer.h"
#include "core/ramp.h"
#include "dsp/delay/delay_line.h"
#include "dsp/fade.h"
#include "rig/late_key.h"
#include "rig/rig_state.h"

namespace gainstage::rig {

/// A block in its place in a chain, with what protects the chain from it: its bypass, its mute, and what
/// happens when it gives what is not finite. The bypass is as late as the block, so that latency never
/// changes.
class Slot {
 public:
  /// The block, new from its declaration, is given its files and values, prepared and settled. What goes
  /// wrong with it mutes it: see problem(). [control]
  Slot(std::unique_ptr<Block> block, const BlockState& state, const StreamFormat& format, int channels,
       const std::filesystem::path& folder, std::optional<double> fullScaleDbu, double beatsPerMinute);

  const std::string& id() const noexcept { return id_; }            // [any thread]
  const std::string& problem() const noexcept { return problem_; }  // [any thread]
  std::vector<std::string> notes() const;                           // [control]
  std::optional<TunerReading> tunerReading() const noexcept {
    return isMuted() ? std::nullopt : block_->tunerReading();
  }                                                                // [any thread]
  int outputChannels() const noexcept { return outputChannels_; }  // [any thread]
  FrameCount latencyFrames() const noexcept {
    return isMuted() ? 0 : block_->latencyFrames();
  }                                                                                       // [any thread]
  FrameTime tailFrames() const noexcept { return isMuted() ? 0 : block_->tailFrames(); }  // [any thread]
  bool isBroken() const noexcept { return broken_; }                                      // [audio]
  bool wantsKey() const noexcept { return !isMuted() && block_->wantsKey(); }             // [any thread]

  /// Needed where it wants a key: what the channels of process()'s key are, and how late its input is.
  /// [control]
  void prepareKey(int channels, FrameCount lateFrames, FrameCount maxFrames) {
    key_.prepare(channels, lateFrames, maxFrames);
  }

  void set(ParameterIndex index, float value) noexcept;  // [audio]
  void setOn(bool on) noexcept;                          // [audio]
  void setTempo(double beatsPerMinute) noexcept;         // [audio]
  void reset() noexcept;                                 // [audio]

  /// In place: `io` has 2 channels, of which as many as were said hold the input, all of it finite; then
  /// outputChannels() hold the output, all of it finite. `key`: what came into the rig, where wantsKey().
  /// [audio]
  void process(AudioView io, ConstAudioView key) noexcept;

 private:
  bool isMuted() const noexcept { return !problem_.empty(); }
  void load(const BlockState& state, const StreamFormat& format, const std::filesystem::path& folder,
            std::optional<double> fullScaleDbu, double beatsPerMinute);
  void keepDry(AudioView io) noexcept;
  void crossfade(ConstAudioView dry, AudioView wet) noexcept;
  void breakOff(ConstAudioView dry, AudioView out) noexcept;

  std::string id_, problem_;
  int channels_;
  int outputChannels_;
  std::unique_ptr<Block> block_;
  AudioBuffer dry_;                          // the input, as many channels as come out
  std::array<dsp::DelayLine, 2> dryDelays_;  // used where the block is late
  LateKey key_;
  LinearRamp wet_{1.0f};  // 0 bypassed, 1 processed
  bool broken_ = false;
  std::array<float, 2> last_{};  // what was heard last of each channel
  std::array<dsp::StepSmoother, 2> smoothers_;
};

}  // namespace gainstage::rig
