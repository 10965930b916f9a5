#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "analog/pedals/wah.h"
#include "core/ramp.h"
#include "dsp/resampling/oversampler.h"
#include "rig/blocks.h"
#include "rig/circuits.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex {
  sensitivityDb,
  heel,
  toe,
  levelDb,
  attackMs,
  releaseMs,
  direction,
  qualityChoice
};

constexpr std::array<std::string_view, 2> kDirections{"up", "down"};

/// A resonance that leaps rings at all the places in between.
constexpr Parameter slowly(Parameter parameter) {
  parameter.rampMs = 100.0f;
  return parameter;
}

constexpr std::array kParameters{
    slowly(decibels("sensitivityDb", "Sensitivity", 0.0f, 40.0f, 18.0f)),
    slowly(knob("heel", "Lowest place", 0.15f)),
    slowly(knob("toe", "Highest place", 0.85f)),
    levelDecibels("levelDb", "Level", -40.0f, 20.0f, 0.0f),
    milliseconds("attackMs", "Attack", 1.0f, 200.0f, 15.0f),
    milliseconds("releaseMs", "Release", 20.0f, 2000.0f, 250.0f),
    structural(choice("direction", "Direction", kDirections)),
    quality(),
};

constexpr Milliseconds kTail{300.0};
constexpr double kLeastRate = 170e3;

/// A wah whose pedal follows how loud the input is: at `sensitivityDb` below full scale it is at its far end.
class AutoWahBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kAutoWahBlock; }

  Result<void> prepare(const StreamFormat& format, int channels) override {
    using Phase = dsp::Oversampler::Phase;
    sampleRate_ = format.sampleRate;
    const int factor = circuitFactor(format.sampleRate, kLeastRate, offline_);
    tail_ = format.frames(kTail);
    channels_.clear();
    for (int c = 0; c < channels; ++c) {
      channels_.push_back(std::make_unique<Channel>(format.sampleRate * factor));
      channels_.back()->oversampler.prepare(factor, offline_ ? Phase::linear : Phase::minimum);
      channels_.back()->idle.setTail(tail_ + latencyFrames());
    }
    for (std::size_t k = 0; k < kRamps; ++k)
      ramps_[k].setLength(format.frames({static_cast<double>(kParameters[k].rampMs)}));
    high_.assign(static_cast<std::size_t>(factor), 0.0);
    setFollower();
    return {};
  }

  FrameCount latencyFrames() const noexcept override {
    return channels_.empty() ? 0 : channels_.front()->oversampler.latencyFrames();
  }
  FrameTime tailFrames() const noexcept override { return tail_ + latencyFrames(); }

  void set(ParameterIndex index, float value) noexcept override {
    if (index == sensitivityDb || index == levelDb)
      ramps_[index].setTarget(Decibels{static_cast<double>(value)}.linear());
    if (index == heel || index == toe) ramps_[index].setTarget(value);
    if (index == attackMs) attackSeconds_ = 1e-3 * static_cast<double>(value);
    if (index == releaseMs) releaseSeconds_ = 1e-3 * static_cast<double>(value);
    if (index == direction) down_ = value != 0.0f;
    if (index == qualityChoice) offline_ = value != 0.0f;
    setFollower();
  }

  void reset() noexcept override {
    for (LinearRamp& ramp : ramps_) ramp.snapToTarget();
    for (const auto& channel : channels_) channel->reset();
  }

  void process(AudioView io) noexcept override {
    for (FrameCount n = 0; n < io.frames(); ++n) {
      std::array<float, kRamps> now{};
      for (std::size_t k = 0; k < kRamps; ++k) now[k] = ramps_[k].next();
      for (int c = 0; c < io.channels(); ++c)
        processFrame(*channels_[static_cast<std::size_t>(c)],
                     io.channel(c).subspan(static_cast<std::size_t>(n), 1), now);
    }
  }

 private:
  static constexpr std::size_t kRamps = 4;

  struct Channel {
    explicit Channel(double sampleRate) : wah(sampleRate) {}
    void reset() noexcept {
      wah.reset();
      oversampler.reset();
      idle.reset();
      peak = follower = 0.0;
    }
    analog::Wah wah;
    dsp::Oversampler oversampler;
    Idle idle;
    double peak = 0.0;  // rises at once, falls with the release
    // The pedal's way, 0..1: goes after that with the attack, without the ripple of lows.
    double follower = 0.0;
  };

  void setFollower() noexcept {
    attack_ = 1.0 - std::exp(-1.0 / (attackSeconds_ * sampleRate_));
    release_ = std::exp(-1.0 / (releaseSeconds_ * sampleRate_));
  }

  void processFrame(Channel& channel, std::span<float> io, const std::array<float, kRamps>& now) noexcept {
    if (channel.idle.rests()) {
      if (channel.idle.advance(io) > 0) return;
      channel.reset();
      channel.idle.wake();
    }
    const bool last = channel.idle.advance(io) > 0 && channel.idle.rests();
    const double loud = std::abs(static_cast<double>(io[0]));
    channel.peak = std::max(loud, channel.peak * release_);
    const double wanted = channel.peak * static_cast<double>(now[sensitivityDb]);
    channel.follower += attack_ * ((wanted < 1.0 ? wanted : 1.0) - channel.follower);
    double way = channel.follower;
    if (down_) way = 1.0 - way;
    const double from = static_cast<double>(now[heel]), to = static_cast<double>(now[toe]);
    channel.wah.setKnobs({from + way * (to - from)});
    channel.oversampler.up(io, high_);
    channel.wah.process(high_);
    channel.oversampler.down(high_, io);
    io[0] *= now[levelDb];
    if (last) channel.idle.reset();
  }

  double sampleRate_ = 48000.0;
  double attackSeconds_ = 0.015, releaseSeconds_ = 0.25;
  double attack_ = 0.0, release_ = 0.0;
  bool down_ = false, offline_ = false;
  FrameCount tail_ = 0;
  std::array<LinearRamp, kRamps> ramps_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<double> high_;
};

}  // namespace

constinit const BlockDeclaration kAutoWahBlock{
    "autoWah", "Auto-wah", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<AutoWahBlock>()); }};

}  // namespace gainstage::rig
