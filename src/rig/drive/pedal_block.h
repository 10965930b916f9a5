#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "analog/circuit/taper.h"
#include "core/ramp.h"
#include "dsp/resampling/oversampler.h"
#include "rig/block.h"
#include "rig/circuits.h"
#include "rig/volts.h"

namespace gainstage::rig {

/// A circuit as a block. `Kind` says
///   Model, a circuit: setKnobs(Model::Knobs), reset(), process(std::span<double> io) in volts;
///   kParameters: as many knobs as kKnobs, then levelDb, then what is structural;
///   kTail, and kLeastRate in Hz of the circuit; declaration(); make(values, rate): a model; knobs(values): a
///   Model::Knobs; isOffline(values).
/// Each channel by itself. Knobs move with every frame of the session's rate.
template <typename Kind>
class PedalBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return Kind::declaration(); }

  void setFullScaleDbu(std::optional<double> dbu) override { volts_ = fullScaleVolts(dbu); }

  Result<void> prepare(const StreamFormat& format, int channels) override {
    using Phase = dsp::Oversampler::Phase;
    const bool offline = Kind::isOffline(values_);
    const int factor = circuitFactor(format.sampleRate, Kind::kLeastRate, offline);
    tail_ = format.frames(Kind::kTail);
    channels_.clear();
    for (int c = 0; c < channels; ++c) {
      channels_.push_back(std::make_unique<Channel>(Kind::make(values_, format.sampleRate * factor)));
      channels_.back()->oversampler.prepare(factor, offline ? Phase::linear : Phase::minimum);
      channels_.back()->idle.setTail(tail_ + latencyFrames());
    }
    for (std::size_t k = 0; k < ramps_.size(); ++k)
      ramps_[k].setLength(format.frames({static_cast<double>(Kind::kParameters[k].rampMs)}));
    high_.assign(static_cast<std::size_t>(kChunk * factor), 0.0);
    return {};
  }

  FrameCount latencyFrames() const noexcept override {
    return channels_.empty() ? 0 : channels_.front()->oversampler.latencyFrames();
  }
  FrameTime tailFrames() const noexcept override { return tail_ + latencyFrames(); }

  void set(ParameterIndex index, float value) noexcept override {
    values_[index] = value;
    if (index < Kind::kKnobs) ramps_[index].setTarget(value);
    if (index == Kind::kKnobs) ramps_[index].setTarget(Decibels{static_cast<double>(value)}.linear());
  }

  void reset() noexcept override {
    for (LinearRamp& ramp : ramps_) ramp.snapToTarget();
    for (const auto& channel : channels_) channel->idle.reset();
  }

  void process(AudioView io) noexcept override {
    for (FrameCount at = 0; at < io.frames(); at += kChunk) {
      const FrameCount frames = std::min(kChunk, io.frames() - at);
      moving_ = false;
      for (std::size_t k = 0; k < ramps_.size(); ++k) {
        moving_ = moving_ || (k < Kind::kKnobs && !ramps_[k].isSettled());
        ramps_[k].fill(std::span(paths_[k]).first(static_cast<std::size_t>(frames)));
      }
      for (int c = 0; c < io.channels(); ++c)
        processChunk(*channels_[static_cast<std::size_t>(c)],
                     io.channel(c).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(frames)));
    }
  }

 private:
  static constexpr FrameCount kChunk = 64;
  static constexpr std::size_t kRamps = Kind::kKnobs + 1;

  struct Channel {
    explicit Channel(typename Kind::Model made) : model(std::move(made)) {}
    typename Kind::Model model;
    dsp::Oversampler oversampler;
    Idle idle;
  };

  void setKnobs(Channel& channel, std::size_t frame) noexcept {
    std::array<float, kRamps> now{};
    for (std::size_t k = 0; k < kRamps; ++k) now[k] = paths_[k][frame];
    channel.model.setKnobs(Kind::knobs(now));
  }

  void processChunk(Channel& channel, std::span<float> io) noexcept {
    for (std::size_t at = 0; at < io.size();) {
      const bool rested = channel.idle.rests();
      const auto frames = static_cast<std::size_t>(channel.idle.advance(io.subspan(at)));
      const std::span<float> part = io.subspan(at, frames);
      if (!rested) processAwake(channel, part, at);
      at += frames;
      if (rested && at < io.size()) {
        channel.idle.wake();
        setKnobs(channel, at);
        channel.model.reset();
        channel.oversampler.reset();
      }
    }
  }

  void processAwake(Channel& channel, std::span<float> io, std::size_t first) noexcept {
    const auto factor = static_cast<std::size_t>(channel.oversampler.factor());
    const std::span<double> high = std::span(high_).first(io.size() * factor);
    channel.oversampler.up(io, high);
    for (double& sample : high) sample *= volts_;
    setKnobs(channel, first);
    if (moving_)
      for (std::size_t n = 0; n < io.size(); ++n) {
        setKnobs(channel, first + n);
        channel.model.process(high.subspan(n * factor, factor));
      }
    else
      channel.model.process(high);
    channel.oversampler.down(high, io);
    const auto perVolt = static_cast<float>(1.0 / volts_);
    for (std::size_t n = 0; n < io.size(); ++n) io[n] *= perVolt * paths_[kRamps - 1][first + n];
  }

  std::array<float, Kind::kParameters.size()> values_ = [] {
    std::array<float, Kind::kParameters.size()> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = Kind::kParameters[i].defaultValue;
    return values;
  }();
  std::array<LinearRamp, kRamps> ramps_;                   // of the knobs, and of the level as a gain
  std::array<std::array<float, kChunk>, kRamps> paths_{};  // where they are, frame by frame
  bool moving_ = false;
  double volts_ = fullScaleVolts(std::nullopt);
  FrameCount tail_ = 0;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<double> high_;
};

}  // namespace gainstage::rig
