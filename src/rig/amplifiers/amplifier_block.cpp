#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "analog/amplifier/amplifier.h"
#include "core/ramp.h"
#include "dsp/resampling/oversampler.h"
#include "rig/blocks.h"
#include "rig/circuits.h"
#include "rig/parameters.h"
#include "rig/volts.h"

namespace gainstage::rig {
namespace {

/// Front panel first, then what every amplifier has.
std::vector<Parameter> parametersOf(const analog::AmplifierDesign& design) {
  std::vector<Parameter> all;
  for (const analog::AmplifierKnob& k : design.knobs) {
    all.push_back(knob(k.id, k.name, k.turn));
    all.back().rampMs = 50.0f;
  }
  all.push_back(levelDecibels("inputDb", "Input", -24.0f, 24.0f, 0.0f));
  all.push_back(levelDecibels("levelDb", "Level", -40.0f, 20.0f, 0.0f));
  all.push_back(quality());
  return all;
}

/// An amplifier into the loudspeaker it is meant for, heard at the loudspeaker's terminals: a cabinet and its
/// microphone come after it. It has one input: of two channels it plays the mean, to both.
class AmplifierBlock final : public Block {
 public:
  AmplifierBlock(const analog::AmplifierDesign& design, const BlockDeclaration& declaration)
      : design_(&design),
        declaration_(&declaration),
        knobs_(design.knobs.size()),
        ramps_(knobs_ + 2),
        turned_(knobs_),
        volts_(fullScaleVolts(std::nullopt)) {
    for (std::size_t i = 0; i < declaration.parameters.size(); ++i)
      set(static_cast<ParameterIndex>(i), declaration.parameters[i].defaultValue);
  }

  const BlockDeclaration& declaration() const noexcept override { return *declaration_; }

  void setFullScaleDbu(std::optional<double> dbu) override { volts_ = fullScaleVolts(dbu); }

  Result<void> prepare(const StreamFormat& format, int) override {
    using Phase = dsp::Oversampler::Phase;
    // The power stage's feedback wants steps of 2.6 us; offline, harmonics go further up before they fold.
    constexpr double kLeastRate = 350e3;
    const int factor = circuitFactor(format.sampleRate, kLeastRate, offline_) * (offline_ ? 4 : 1);
    oversampler_.prepare(std::min(factor, dsp::Oversampler::kMostFactor),
                         offline_ ? Phase::linear : Phase::minimum);
    amplifier_ = std::make_unique<analog::Amplifier>(*design_, format.sampleRate * oversampler_.factor());
    std::ranges::transform(design_->knobs, turned_.begin(), &analog::AmplifierKnob::turn);
    high_.assign(static_cast<std::size_t>(kGrid * oversampler_.factor()), 0.0);
    for (std::size_t k = 0; k < ramps_.size(); ++k)
      ramps_[k].setLength(format.frames({static_cast<double>(declaration_->parameters[k].rampMs)}));
    tail_ = format.frames({kTailMs});
    idle_.setTail(tail_ + latencyFrames());
    return {};
  }

  FrameCount latencyFrames() const noexcept override { return oversampler_.latencyFrames(); }
  FrameTime tailFrames() const noexcept override { return tail_ + latencyFrames(); }

  void set(ParameterIndex index, float value) noexcept override {
    if (index < knobs_)
      ramps_[index].setTarget(value);
    else if (index < knobs_ + 2)
      ramps_[index].setTarget(Decibels{static_cast<double>(value)}.linear());
    else
      offline_ = value != 0.0f;
  }

  void reset() noexcept override {
    for (LinearRamp& ramp : ramps_) ramp.snapToTarget();
    turnKnobs();
    amplifier_->reset();
    oversampler_.reset();
    idle_.reset();
    untilGrid_ = 0;
  }

  void process(AudioView io) noexcept override {
    for (FrameCount at = 0; at < io.frames();) {
      // Knobs turn on a grid of their own, wherever callbacks begin.
      if (untilGrid_ == 0) {
        turnKnobs();
        untilGrid_ = kGrid;
      }
      const FrameCount frames = std::min(untilGrid_, io.frames() - at);
      processPart(io, static_cast<std::size_t>(at), static_cast<std::size_t>(frames));
      untilGrid_ -= frames;
      at += frames;
    }
  }

 private:
  static constexpr FrameCount kGrid = 64;
  static constexpr double kTailMs = 600.0;  // of coupling capacitors and supplies that come to rest

  void turnKnobs() noexcept {
    for (std::size_t k = 0; k < knobs_; ++k) {
      const float now = ramps_[k].current();
      if (now == turned_[k]) continue;
      amplifier_->turn(k, static_cast<double>(now));
      turned_[k] = now;
    }
  }

  void processPart(AudioView io, std::size_t at, std::size_t frames) noexcept {
    const std::span<float> mono = std::span(mono_).first(frames);
    std::ranges::copy(io.channel(0).subspan(at, frames), mono.begin());
    if (io.channels() > 1)
      for (std::size_t n = 0; n < frames; ++n) mono[n] = 0.5f * (mono[n] + io.channel(1)[at + n]);
    for (std::size_t k = 0; k < knobs_; ++k) ramps_[k].skip(static_cast<FrameCount>(frames));

    for (std::size_t from = 0; from < frames;) {
      const bool rests = idle_.rests();
      const auto count = static_cast<std::size_t>(idle_.advance(mono.subspan(from)));
      play(mono.subspan(from, count), rests);
      from += count;
      if (rests && from < frames) idle_.wake();
    }
    for (int c = 0; c < io.channels(); ++c)
      std::ranges::copy(mono, io.channel(c).subspan(at, frames).begin());
  }

  void play(std::span<float> io, bool rests) noexcept {
    LinearRamp& input = ramps_[knobs_];
    LinearRamp& level = ramps_[knobs_ + 1];
    for (float& sample : io) sample *= input.next();
    if (rests) {
      level.skip(static_cast<FrameCount>(io.size()));
      std::ranges::fill(io, 0.0f);
      return;
    }
    const std::span<double> high =
        std::span(high_).first(io.size() * static_cast<std::size_t>(oversampler_.factor()));
    oversampler_.up(io, high);
    for (double& sample : high) sample *= volts_;
    amplifier_->process(high);
    oversampler_.down(high, io);
    const auto perVolt = static_cast<float>(1.0 / design_->fullScaleVolts);
    for (float& sample : io) sample *= perVolt * level.next();
  }

  const analog::AmplifierDesign* design_;
  const BlockDeclaration* declaration_;
  std::size_t knobs_;
  std::vector<LinearRamp> ramps_;  // of the knobs, then of the input's and the output's gain
  std::vector<float> turned_;      // where the amplifier's knobs are
  bool offline_ = false;
  double volts_;
  dsp::Oversampler oversampler_;
  std::unique_ptr<analog::Amplifier> amplifier_;
  Idle idle_;
  FrameCount tail_ = 0, untilGrid_ = 0;
  std::vector<double> high_;
  std::array<float, kGrid> mono_{};
};

template <const analog::AmplifierDesign& kDesign, const BlockDeclaration& kBlock>
BlockDeclaration declare(std::string_view type) {
  static const std::vector<Parameter> parameters = parametersOf(kDesign);
  return {type, kDesign.name, parameters,
          [] { return std::unique_ptr<Block>(std::make_unique<AmplifierBlock>(kDesign, kBlock)); }};
}

}  // namespace

const BlockDeclaration kAmericanCleanBlock =
    declare<analog::kAmericanClean, kAmericanCleanBlock>("americanClean");
const BlockDeclaration kTweedBlock = declare<analog::kTweed, kTweedBlock>("tweed");
const BlockDeclaration kBritishCrunchBlock =
    declare<analog::kBritishCrunch, kBritishCrunchBlock>("britishCrunch");
const BlockDeclaration kTopBoostBlock = declare<analog::kTopBoost, kTopBoostBlock>("topBoost");
const BlockDeclaration kModernHighGainBlock =
    declare<analog::kModernHighGain, kModernHighGainBlock>("modernHighGain");
const BlockDeclaration kBassAmplifierBlock =
    declare<analog::kBassAmplifier, kBassAmplifierBlock>("bassAmplifier");

}  // namespace gainstage::rig
