#include <array>

#include "dsp/modulation/swept_delay.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_block.h"

namespace gainstage::rig {
namespace {

class ChorusKind {
 public:
  enum Index : ParameterIndex { voices, rateHz, sync, delayMs, depthMs, mix, stereoOn, spreadDegrees };

  static constexpr std::array kParameters{
      Parameter{.id = "voices",
                .name = "Voices",
                .unit = "",
                .type = ParameterType::integer,
                .minimum = 1.0f,
                .maximum = 3.0f,
                .defaultValue = 2.0f,
                .structural = true},
      modulationRate(0.05f, 8.0f, 0.8f),
      modulationNote(),
      sweptMilliseconds("delayMs", "Shortest delay", 1.0f, 40.0f, 10.0f),
      sweptMilliseconds("depthMs", "Sweep beyond it", 0.0f, 10.0f, 4.0f),
      ratio("mix", "Mix", 0.0f, 1.0f, 0.5f),
      stereo(true),
      spread(90.0f),
  };

  static const BlockDeclaration& declaration() noexcept { return kChorusBlock; }
  void prepare(const StreamFormat& format, int channels, double turns) {
    delay_.prepare(format, {.channels = channels, .voices = voices_, .spread = turns},
                   {static_cast<double>(kParameters[delayMs].maximum + kParameters[depthMs].maximum)});
  }
  void setRate(Hertz rate) noexcept { delay_.setRate(rate); }
  void set(ParameterIndex index, float value) noexcept {
    switch (index) {
      case voices:
        voices_ = static_cast<int>(value);
        return;
      case delayMs:
        return delay_.setShortest({value});
      case depthMs:
        return delay_.setSweep({value});
      case mix:
        return delay_.setMix(value);
      default:
        return;
    }
  }
  void reset() noexcept { delay_.reset(); }
  void process(AudioView io) noexcept { delay_.process(io); }
  FrameTime tailFrames() const noexcept { return delay_.framesToFallBy({90.0}); }

 private:
  dsp::SweptDelay delay_;
  int voices_ = 2;
};

}  // namespace

constinit const BlockDeclaration kChorusBlock{
    "chorus", "Chorus", ChorusKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<ModulationBlock<ChorusKind>>()); }};

}  // namespace gainstage::rig
