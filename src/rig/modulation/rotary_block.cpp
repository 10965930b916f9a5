#include <array>

#include "dsp/modulation/rotary.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { speed, slowHz, fastHz, riseS, mix, stereoOn, spreadDegrees };

enum Speed : std::uint8_t { slow, fast, brake };
constexpr std::array<std::string_view, 3> kSpeeds{"slow", "fast", "brake"};

constexpr std::array kParameters{
    choice("speed", "Speed", kSpeeds),
    hertz("slowHz", "Horn's slow speed", 0.2f, 2.0f, 0.8f),
    hertz("fastHz", "Horn's fast speed", 3.0f, 10.0f, 6.7f),
    Parameter{.id = "riseS",
              .name = "Time from speed to speed",
              .unit = "s",
              .minimum = 0.2f,
              .maximum = 5.0f,
              .defaultValue = 1.0f,
              .scale = Scale::logarithmic},
    ratio("mix", "Mix", 0.0f, 1.0f, 1.0f),
    stereo(true),
    spread(120.0f),
};

class RotaryBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kRotaryBlock; }
  int outputChannels(int channels) const noexcept override { return layout_.outputChannels(channels); }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    rotary_.prepare(format, layout_.turns());
    return {};
  }
  FrameTime tailFrames() const noexcept override { return rotary_.tailFrames(); }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case speed:
        speed_ = static_cast<Speed>(value);
        break;
      case slowHz:
        speedsHz_[slow] = static_cast<double>(value);
        break;
      case fastHz:
        speedsHz_[fast] = static_cast<double>(value);
        break;
      case riseS:
        rotary_.setRise(static_cast<double>(value));
        break;
      case mix:
        rotary_.setMix(value);
        break;
      case stereoOn:
        layout_.stereo = value != 0.0f;
        break;
      case spreadDegrees:
        layout_.degrees = value;
        break;
      default:
        break;
    }
    rotary_.setSpeed({speedsHz_[speed_]});
  }
  void reset() noexcept override { rotary_.reset(); }
  void process(AudioView io) noexcept override {
    layout_.fillRight(io, channels_);
    rotary_.process(io);
  }

 private:
  dsp::Rotary rotary_;
  StereoSpread layout_;
  Speed speed_ = slow;
  std::array<double, 3> speedsHz_{0.8, 6.7, 0.0};
  int channels_ = 1;
};

}  // namespace

constinit const BlockDeclaration kRotaryBlock{
    "rotary", "Rotary speaker", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<RotaryBlock>()); }};

}  // namespace gainstage::rig
