#include <array>
#include <atomic>

#include "dsp/modulation/swept_delay.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { voices, rateHz, sync, delayMs, depthMs, mix, stereoOn, spreadDegrees };

constexpr std::array kParameters{
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

class ChorusBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kChorusBlock; }
  int outputChannels(int channels) const noexcept override { return layout_.outputChannels(channels); }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    delay_.prepare(
        format, {.channels = layout_.outputChannels(channels), .voices = voices_, .spread = layout_.turns()},
        {static_cast<double>(kParameters[delayMs].maximum + kParameters[depthMs].maximum)});
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void setTempo(double beatsPerMinute) noexcept override {
    rate_.beatsPerMinute = beatsPerMinute;
    setRate();
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case voices:
        voices_ = static_cast<int>(value);
        break;
      case rateHz:
        rate_.hertz = value;
        setRate();
        break;
      case sync:
        rate_.note = static_cast<int>(value);
        setRate();
        break;
      case delayMs:
        delay_.setShortest({value});
        break;
      case depthMs:
        delay_.setSweep({value});
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
    tail_.store(delay_.framesToFallBy({90.0}), std::memory_order_relaxed);
  }
  void reset() noexcept override { delay_.reset(); }
  void process(AudioView io) noexcept override {
    layout_.fillRight(io, channels_);
    delay_.process(io);
  }

 private:
  void setRate() noexcept { delay_.setRate(rate_.now(kParameters[rateHz])); }

  dsp::SweptDelay delay_;
  StereoSpread layout_;
  SyncedRate rate_{kParameters[rateHz].defaultValue};
  int voices_ = 2;
  int channels_ = 1;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kChorusBlock{
    "chorus", "Chorus", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<ChorusBlock>()); }};

}  // namespace gainstage::rig
