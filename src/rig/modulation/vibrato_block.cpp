#include <array>
#include <cmath>
#include <numbers>

#include "dsp/modulation/swept_delay.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_block.h"

namespace gainstage::rig {
namespace {

// A delay that swings by A sin(2 pi f t) changes pitch by its slope, at most 2 pi f A; and the sweep is 2 A.
double sweepMs(float cents, float hertz) noexcept {
  const double slope = std::exp2(static_cast<double>(cents) / 1200.0) - 1.0;
  return 1000.0 * slope / (std::numbers::pi * static_cast<double>(hertz));
}

class VibratoKind {
 public:
  enum Index : ParameterIndex { rateHz, sync, depthCents, mix, stereoOn, spreadDegrees };

  static constexpr std::array kParameters{
      modulationRate(0.5f, 12.0f, 5.0f),
      modulationNote(),
      Parameter{.id = "depthCents",
                .name = "Depth, up and down",
                .unit = "cents",
                .maximum = 100.0f,
                .defaultValue = 20.0f,
                .rampMs = 200.0f},
      ratio("mix", "Mix", 0.0f, 1.0f, 1.0f),
      stereo(false),
      spread(90.0f),
  };

  static const BlockDeclaration& declaration() noexcept { return kVibratoBlock; }
  void prepare(const StreamFormat& format, int channels, double turns) {
    const double shortestMs = 1000.0 * dsp::SweptDelay::kLeastFrames / format.sampleRate;
    delay_.prepare(format, {.channels = channels, .spread = turns},
                   {shortestMs + sweepMs(kParameters[depthCents].maximum, kParameters[rateHz].minimum)});
    delay_.setShortest({shortestMs});
  }
  void setRate(Hertz rate) noexcept {
    rate_ = rate;
    delay_.setRate(rate);
    setDepth();
  }
  void set(ParameterIndex index, float value) noexcept {
    switch (index) {
      case depthCents:
        cents_ = value;
        return setDepth();
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
  void setDepth() noexcept { delay_.setSweep({sweepMs(cents_, static_cast<float>(rate_.value))}); }

  dsp::SweptDelay delay_;
  float cents_ = kParameters[depthCents].defaultValue;
  Hertz rate_{static_cast<double>(kParameters[rateHz].defaultValue)};
};

}  // namespace

constinit const BlockDeclaration kVibratoBlock{
    "vibrato", "Vibrato", VibratoKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<ModulationBlock<VibratoKind>>()); }};

}  // namespace gainstage::rig
