#pragma once

#include <array>
#include <vector>

#include "core/audio_buffer.h"
#include "core/ramp.h"
#include "dsp/delay/delay_line.h"
#include "rig/slot.h"

namespace gainstage::rig {

/// Two chains side by side: each hears what comes in, and what they give is blended. The chain that is
/// earlier is delayed, so that both end at the same frame. A chain without blocks passes what comes in.
///
/// Blend is of equal gain (1 - blend and blend): the chains hear the same, so what they have in common keeps
/// its level wherever the blend stands. Pan is of constant power with 0 dB in the middle, as a send's; width
/// scales the difference between a chain's two channels (0 mono, 1 as it is, 2 twice as wide).
class Split final : public Block {
 public:
  static constexpr int kChains = 2;

  const BlockDeclaration& declaration() const noexcept override;

  /// Puts a block that was made for nextChannels() behind the last one of the chain; it belongs to the rig
  /// and outlives this. [control, before prepare]
  void append(int chain, Slot& slot);
  /// What the next block of the chain is given where `channels` come into the split. [control]
  int nextChannels(int chain, int channels) const noexcept;
  /// How late the chain is so far. [control]
  FrameCount latencyOf(int chain) const noexcept;

  int outputChannels(int channels) const noexcept override;
  Result<void> prepare(const StreamFormat& format, int channels) override;
  FrameCount latencyFrames() const noexcept override;
  FrameTime tailFrames() const noexcept override;
  bool wantsKey() const noexcept override;
  void setKey(ConstAudioView key) noexcept override { key_ = key; }
  void set(ParameterIndex index, float value) noexcept override;
  void reset() noexcept override;
  void process(AudioView io) noexcept override;

 private:
  /// One side's settings and what becomes of them: gains from its channels to those that go out.
  struct Side {
    std::vector<Slot*> slots;
    FrameCount lateBy = 0;  // how much its output has to wait for the other's
    std::array<dsp::DelayLine, 2> delays;
    AudioBuffer audio;
    float levelDb = 0.0f, pan = 0.0f, width = 1.0f;
    bool inverted = false;
    LinearRamp gains[2][2];  // [out][in]
  };

  void run(Side& chain, ConstAudioView in) noexcept;
  void updateGains() noexcept;

  std::array<Side, kChains> chains_;
  int channels_ = 1;
  float blend_ = 0.5f;
  bool stereo_ = true;
  ConstAudioView key_;
};

}  // namespace gainstage::rig
