#include <array>
#include <atomic>

#include "core/audio_buffer.h"
#include "dsp/reverb/reverb.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { kind, decayS, predelayMs, dampingHz, lowCutHz, width, mix };

constexpr std::array<std::string_view, 4> kKinds{"spring", "plate", "hall", "room"};
constexpr std::array kMakers{dsp::makeSprings, dsp::makePlate, dsp::makeHall, dsp::makeRoom};

constexpr Parameter seconds(Parameter parameter) {
  parameter.unit = "s";
  parameter.scale = Scale::logarithmic;
  parameter.rampMs = 50.0f;
  return parameter;
}
constexpr Parameter in50Ms(Parameter parameter) {
  parameter.rampMs = 50.0f;
  return parameter;
}

constexpr std::array kParameters{
    structural(choice("kind", "Kind", kKinds)),
    seconds(ratio("decayS", "Decay", 0.2f, 10.0f, 2.0f)),
    in50Ms(Parameter{.id = "predelayMs", .name = "Pre-delay", .unit = "ms", .maximum = 200.0f}),
    in50Ms(hertz("dampingHz", "Damping", 1000.0f, 20000.0f, 6000.0f)),
    hertz("lowCutHz", "Low cut", 20.0f, 1000.0f, 100.0f),
    ratio("width", "Width", 0.0f, 1.0f, 1.0f),
    ratio("mix", "Mix", 0.0f, 1.0f, 0.25f),
};

class ReverbBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kReverbBlock; }
  int outputChannels(int) const noexcept override { return 2; }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    format_ = format;
    reverb_ = std::make_unique<dsp::Reverb>(kMakers[kind_]());
    reverb_->prepare(format);
    wet_ = AudioBuffer(2, format.maxFrames);
    for (LinearRamp* ramp : {&mix_, &width_}) ramp->setLength(format.frames({20.0}));
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void set(ParameterIndex index, float value) noexcept override {
    if (index == kind) kind_ = static_cast<std::size_t>(value);
    if (!reverb_) return;
    switch (index) {
      case decayS:
        decaySeconds_ = static_cast<double>(value);
        reverb_->setDecay(decaySeconds_);
        break;
      case predelayMs:
        predelaySeconds_ = 0.001 * static_cast<double>(value);
        reverb_->setPredelay({static_cast<double>(value)});
        break;
      case dampingHz:
        reverb_->setDamping({value});
        break;
      case lowCutHz:
        reverb_->setLowCut({value});
        break;
      case width:
        width_.setTarget(value);
        break;
      case mix:
        mix_.setTarget(value);
        break;
      default:
        break;
    }
    // 90 dB of a decay that is up to twice as long where a spring holds it longest.
    const double seconds = predelaySeconds_ + 0.3 + 1.5 * (kind_ == 0 ? 2.2 : 1.3) * decaySeconds_;
    tail_.store(static_cast<FrameTime>(seconds * format_.sampleRate), std::memory_order_relaxed);
  }
  void reset() noexcept override {
    reverb_->reset();
    for (LinearRamp* ramp : {&mix_, &width_}) ramp->snapToTarget();
  }
  void process(AudioView io) noexcept override {
    if (channels_ == 1) std::ranges::copy(io.channel(0), io.channel(1).begin());
    const AudioView wet = wet_.view(io.frames());
    reverb_->process(io, wet);
    const std::span<float> left = io.channel(0), right = io.channel(1);
    for (std::size_t n = 0; n < left.size(); ++n) {
      const float share = mix_.next(), side = 0.5f * width_.next();
      const float middle = 0.5f * (wet.channel(0)[n] + wet.channel(1)[n]);
      const float apart = side * (wet.channel(0)[n] - wet.channel(1)[n]);
      left[n] = (1.0f - share) * left[n] + share * (middle + apart);
      right[n] = (1.0f - share) * right[n] + share * (middle - apart);
    }
  }

 private:
  std::unique_ptr<dsp::Reverb> reverb_;
  StreamFormat format_;
  std::size_t kind_ = 0;
  int channels_ = 1;
  double decaySeconds_ = 2.0, predelaySeconds_ = 0.0;
  AudioBuffer wet_;
  LinearRamp mix_{0.0f}, width_{1.0f};
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kReverbBlock{
    "reverb", "Reverb", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<ReverbBlock>()); }};

}  // namespace gainstage::rig
