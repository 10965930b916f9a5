#include <array>
#include <atomic>

#include "dsp/modulation/phaser.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex {
  stages,
  rateHz,
  sync,
  centreHz,
  depthOctaves,
  feedback,
  mix,
  stereoOn,
  spreadDegrees
};

constexpr std::array<std::string_view, 3> kStages{"4", "6", "8"};

constexpr Parameter gliding(Parameter parameter) {
  parameter.rampMs = 50.0f;
  return parameter;
}

constexpr std::array kParameters{
    structural(choice("stages", "Stages", kStages)),
    modulationRate(0.02f, 10.0f, 0.5f),
    modulationNote(),
    gliding(hertz("centreHz", "Centre", 100.0f, 4000.0f, 700.0f)),
    Parameter{.id = "depthOctaves",
              .name = "Sweep",
              .unit = "octaves",
              .maximum = 5.0f,
              .defaultValue = 3.0f,
              .rampMs = 50.0f},
    ratio("feedback", "Feedback", -0.9f, 0.9f, 0.3f),
    ratio("mix", "Mix", 0.0f, 1.0f, 0.5f),
    stereo(false),
    spread(90.0f),
};

class PhaserBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kPhaserBlock; }
  int outputChannels(int channels) const noexcept override { return layout_.outputChannels(channels); }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    phaser_.prepare(format, {.stages = stages_, .spread = layout_.turns()});
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void setTempo(double beatsPerMinute) noexcept override {
    rate_.beatsPerMinute = beatsPerMinute;
    setRate();
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case stages:
        stages_ = 4 + 2 * static_cast<int>(value);
        break;
      case rateHz:
        rate_.hertz = value;
        setRate();
        break;
      case sync:
        rate_.note = static_cast<int>(value);
        setRate();
        break;
      case centreHz:
        phaser_.setCentre({value});
        break;
      case depthOctaves:
        phaser_.setSweep(value);
        break;
      case feedback:
        phaser_.setFeedback(value);
        break;
      case mix:
        phaser_.setMix(value);
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
    tail_.store(phaser_.framesToFallBy90Db(), std::memory_order_relaxed);
  }
  void reset() noexcept override { phaser_.reset(); }
  void process(AudioView io) noexcept override {
    layout_.fillRight(io, channels_);
    phaser_.process(io);
  }

 private:
  void setRate() noexcept { phaser_.setRate(rate_.now(kParameters[rateHz])); }

  dsp::Phaser phaser_;
  StereoSpread layout_;
  SyncedRate rate_{kParameters[rateHz].defaultValue};
  int stages_ = 4;
  int channels_ = 1;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kPhaserBlock{
    "phaser", "Phaser", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<PhaserBlock>()); }};

}  // namespace gainstage::rig
