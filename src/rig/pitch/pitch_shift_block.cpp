#include <array>

#include "dsp/delay/delay_line.h"
#include "dsp/pitch/pitch_voice.h"
#include "rig/blocks.h"
#include "rig/pitch/latency_choice.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { semitones, fineCents, mix, latency };

constexpr std::array kParameters{
    Parameter{.id = "semitones",
              .name = "Semitones",
              .unit = "",
              .type = ParameterType::integer,
              .minimum = -24.0f,
              .maximum = 24.0f},
    Parameter{.id = "fineCents", .name = "Fine", .unit = "cents", .minimum = -100.0f, .maximum = 100.0f},
    ratio("mix", "Mix", 0.0f, 1.0f, 1.0f),
    structural(choice("latency", "Latency", kLatencyWords)),
};

/// The whole sound at another pitch. What is mixed in unshifted is as late as the shifted, so that one pick
/// stays one pick.
class PitchShiftBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kPitchShiftBlock; }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    source_.prepare(format, channels, dsp::PitchVoice::longestDelayFrames(format, wanted_),
                    dsp::PitchVoice::longestSplice(format, wanted_));
    voice_.prepare(format, wanted_);
    for (int c = 0; c < channels; ++c) dry_[static_cast<std::size_t>(c)].prepare(voice_.latencyFrames());
    mix_.setLength(format.frames(Milliseconds{20.0}));
    tail_ = dsp::PitchVoice::longestDelayFrames(format, wanted_);
    return {};
  }
  FrameCount latencyFrames() const noexcept override { return voice_.latencyFrames(); }
  FrameTime tailFrames() const noexcept override { return tail_; }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case semitones:
        semitones_ = value;
        break;
      case fineCents:
        cents_ = value;
        break;
      case mix:
        mix_.setTarget(value);
        return;
      case latency:
        wanted_ = latencyOf(value);
        return;
      default:
        return;
    }
    const auto most = static_cast<float>(dsp::PitchVoice::kMostSemitones);
    voice_.setSemitones(std::clamp(semitones_ + cents_ / 100.0f, -most, most));
  }
  void reset() noexcept override {
    source_.reset();
    voice_.reset();
    mix_.snapToTarget();
    for (auto& line : dry_) line.reset();
  }
  void process(AudioView io) noexcept override {
    const auto left = io.channel(0);
    const bool stereo = io.channels() == 2;
    const auto right = stereo ? io.channel(1) : left;
    for (std::size_t n = 0; n < left.size(); ++n) {
      source_.push(left[n], right[n]);
      float shifted[2] = {};
      voice_.next(source_, shifted[0], stereo ? &shifted[1] : nullptr);
      const float share = mix_.next();
      left[n] = mixed(0, left[n], shifted[0], share);
      if (stereo) right[n] = mixed(1, right[n], shifted[1], share);
    }
  }

 private:
  float mixed(std::size_t channel, float in, float shifted, float share) noexcept {
    dry_[channel].write(in);
    const float dry = dry_[channel].read(voice_.latencyFrames());
    return dry + share * (shifted - dry);
  }

  dsp::SpliceSource source_;
  dsp::PitchVoice voice_;
  std::array<dsp::DelayLine, 2> dry_;
  LinearRamp mix_{1.0f};
  Milliseconds wanted_ = latencyOf(0.0f);
  float semitones_ = 0.0f, cents_ = 0.0f;
  FrameTime tail_ = 0;
};

}  // namespace

constinit const BlockDeclaration kPitchShiftBlock{
    "pitchShift", "Pitch shift", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PitchShiftBlock>()); }};

}  // namespace gainstage::rig
