#pragma once

#include <atomic>
#include <memory>

#include "rig/block.h"
#include "rig/modulation/modulation_parameters.h"

namespace gainstage::rig {

/// An effect that swings, as a block. `Kind` says
///   rateHz, sync, stereoOn, spreadDegrees: where modulationRate(), modulationNote(), stereo() and spread()
///   stand in kParameters; declaration();
///   prepare(format, channels that go out, turns by which the second is ahead); setRate(Hertz);
///   set(index, value) for all its other parameters; reset(); process(io); tailFrames().
template <typename Kind>
class ModulationBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return Kind::declaration(); }
  int outputChannels(int channels) const noexcept override { return layout_.outputChannels(channels); }

  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    kind_.prepare(format, layout_.outputChannels(channels), layout_.turns());
    return {};
  }

  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }

  void setTempo(double beatsPerMinute) noexcept override {
    rate_.beatsPerMinute = beatsPerMinute;
    setRate();
  }

  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case Kind::rateHz:
        rate_.hertz = value;
        return setRate();
      case Kind::sync:
        rate_.note = static_cast<int>(value);
        return setRate();
      case Kind::stereoOn:
        layout_.stereo = value != 0.0f;
        return;
      case Kind::spreadDegrees:
        layout_.degrees = static_cast<double>(value);
        return;
      default:
        kind_.set(index, value);
        measureTail();
    }
  }

  void reset() noexcept override { kind_.reset(); }

  void process(AudioView io) noexcept override {
    layout_.fillRight(io, channels_);
    kind_.process(io);
  }

 private:
  void setRate() noexcept {
    kind_.setRate(rate_.now(Kind::kParameters[Kind::rateHz]));
    measureTail();
  }
  void measureTail() noexcept { tail_.store(kind_.tailFrames(), std::memory_order_relaxed); }

  Kind kind_;
  StereoSpread layout_;
  SyncedRate rate_{Kind::kParameters[Kind::rateHz].defaultValue};
  int channels_ = 1;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace gainstage::rig
