#include <array>

#include "dsp/modulation/phaser.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_block.h"

namespace gainstage::rig {
namespace {

constexpr std::array<std::string_view, 3> kStages{"4", "6", "8"};

constexpr Parameter gliding(Parameter parameter) {
  parameter.rampMs = 50.0f;
  return parameter;
}

class PhaserKind {
 public:
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

  static constexpr std::array kParameters{
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

  static const BlockDeclaration& declaration() noexcept { return kPhaserBlock; }
  void prepare(const StreamFormat& format, int, double turns) {
    phaser_.prepare(format, {.stages = stages_, .spread = turns});
  }
  void setRate(Hertz rate) noexcept { phaser_.setRate(rate); }
  void set(ParameterIndex index, float value) noexcept {
    switch (index) {
      case stages:
        stages_ = 4 + 2 * static_cast<int>(value);
        return;
      case centreHz:
        return phaser_.setCentre({value});
      case depthOctaves:
        return phaser_.setSweep(value);
      case feedback:
        return phaser_.setFeedback(value);
      case mix:
        return phaser_.setMix(value);
      default:
        return;
    }
  }
  void reset() noexcept { phaser_.reset(); }
  void process(AudioView io) noexcept { phaser_.process(io); }
  FrameTime tailFrames() const noexcept { return phaser_.framesToFallBy90Db(); }

 private:
  dsp::Phaser phaser_;
  int stages_ = 4;
};

}  // namespace

constinit const BlockDeclaration kPhaserBlock{
    "phaser", "Phaser", PhaserKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<ModulationBlock<PhaserKind>>()); }};

}  // namespace gainstage::rig
