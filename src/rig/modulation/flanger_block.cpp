#include <array>

#include "dsp/modulation/swept_delay.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_block.h"

namespace gainstage::rig {
namespace {

class FlangerKind {
 public:
  enum Index : ParameterIndex { rateHz, sync, delayMs, depthMs, feedback, mix, stereoOn, spreadDegrees };

  static constexpr std::array kParameters{
      modulationRate(0.02f, 5.0f, 0.25f),
      modulationNote(),
      sweptMilliseconds("delayMs", "Shortest delay", 0.1f, 10.0f, 0.5f),
      sweptMilliseconds("depthMs", "Sweep beyond it", 0.0f, 10.0f, 4.0f),
      ratio("feedback", "Feedback", -0.9f, 0.9f, 0.5f),
      ratio("mix", "Mix", 0.0f, 1.0f, 0.5f),
      stereo(false),
      spread(90.0f),
  };

  static const BlockDeclaration& declaration() noexcept { return kFlangerBlock; }
  void prepare(const StreamFormat& format, int channels, double turns) {
    delay_.prepare(format, {.channels = channels, .spread = turns},
                   {static_cast<double>(kParameters[delayMs].maximum + kParameters[depthMs].maximum)});
  }
  void setRate(Hertz rate) noexcept { delay_.setRate(rate); }
  void set(ParameterIndex index, float value) noexcept {
    switch (index) {
      case delayMs:
        return delay_.setShortest({value});
      case depthMs:
        return delay_.setSweep({value});
      case feedback:
        return delay_.setFeedback(value);
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
};

}  // namespace

constinit const BlockDeclaration kFlangerBlock{
    "flanger", "Flanger", FlangerKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<ModulationBlock<FlangerKind>>()); }};

}  // namespace gainstage::rig
