#include <array>
#include <atomic>
#include <cmath>
#include <numbers>

#include "dsp/modulation/swept_delay.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { rateHz, sync, depthCents, mix, stereoOn, spreadDegrees };

constexpr std::array kParameters{
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

// A delay that swings by A sin(2 pi f t) changes pitch by its slope, at most 2 pi f A; and the sweep is 2 A.
double sweepMs(float cents, float hertz) noexcept {
  const double slope = std::exp2(static_cast<double>(cents) / 1200.0) - 1.0;
  return 1000.0 * slope / (std::numbers::pi * static_cast<double>(hertz));
}

class VibratoBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kVibratoBlock; }
  int outputChannels(int channels) const noexcept override { return layout_.outputChannels(channels); }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    const double shortestMs = 1000.0 * dsp::SweptDelay::kLeastFrames / format.sampleRate;
    delay_.prepare(format, {.channels = layout_.outputChannels(channels), .spread = layout_.turns()},
                   {shortestMs + sweepMs(kParameters[depthCents].maximum, kParameters[rateHz].minimum)});
    delay_.setShortest({shortestMs});
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void setTempo(double beatsPerMinute) noexcept override {
    rate_.beatsPerMinute = beatsPerMinute;
    setRate();
    setDepth();
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case rateHz:
        rate_.hertz = value;
        setRate();
        break;
      case sync:
        rate_.note = static_cast<int>(value);
        setRate();
        break;
      case depthCents:
        depth_ = value;
        break;
      case mix:
        delay_.setMix(value);
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
    setDepth();
  }
  void reset() noexcept override { delay_.reset(); }
  void process(AudioView io) noexcept override {
    layout_.fillRight(io, channels_);
    delay_.process(io);
  }

 private:
  void setRate() noexcept { delay_.setRate(rate_.now(kParameters[rateHz])); }
  void setDepth() noexcept {
    delay_.setSweep({sweepMs(depth_, static_cast<float>(rate_.now(kParameters[rateHz]).value))});
    tail_.store(delay_.framesToFallBy({90.0}), std::memory_order_relaxed);
  }

  dsp::SweptDelay delay_;
  StereoSpread layout_;
  SyncedRate rate_{kParameters[rateHz].defaultValue};
  float depth_ = kParameters[depthCents].defaultValue;
  int channels_ = 1;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kVibratoBlock{
    "vibrato", "Vibrato", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<VibratoBlock>()); }};

}  // namespace gainstage::rig
