#include <array>
#include <atomic>

#include "dsp/delay/echo.h"
#include "rig/blocks.h"
#include "rig/parameters.h"
#include "rig/time/note_values.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex {
  kind,
  timeMs,
  sync,
  feedback,
  mix,
  dampingHz,
  lowCutHz,
  modulationHz,
  modulationCents,
  driveDb,
  wow,
  duckDb,
  pingPong
};

constexpr std::array<std::string_view, 3> kKinds{"digital", "tape", "analogue"};
constexpr std::array kMakers{dsp::makeDigitalEcho, dsp::makeTapeEcho, dsp::makeAnalogueEcho};

// A whole note at 60 beats per minute. Longer ones are halved until they are as short.
constexpr double kLongestSeconds = 4.0;

constexpr Parameter gliding(Parameter parameter) {
  parameter.rampMs = 200.0f;
  return parameter;
}

constexpr std::array kParameters{
    structural(choice("kind", "Kind", kKinds)),
    milliseconds("timeMs", "Time", 1.0f, 2000.0f, 350.0f, 50.0f),
    noteValue("Time as a note, instead"),
    ratio("feedback", "Feedback", 0.0f, 0.95f, 0.35f),
    ratio("mix", "Mix", 0.0f, 1.0f, 0.3f),
    hertz("dampingHz", "Damping", 500.0f, 20000.0f, 6000.0f),
    hertz("lowCutHz", "Low cut, none at 20", 20.0f, 1000.0f, 20.0f),
    gliding(hertz("modulationHz", "Modulation's rate", 0.1f, 10.0f, 0.8f)),
    Parameter{.id = "modulationCents",
              .name = "Modulation, up and down",
              .unit = "cents",
              .maximum = 50.0f,
              .rampMs = 200.0f},
    decibels("driveDb", "Drive into tape or buckets", -12.0f, 24.0f, 0.0f),
    gliding(ratio("wow", "Tape's wow and flutter", 0.0f, 1.0f, 0.25f)),
    decibels("duckDb", "Softer while you play by", 0.0f, 24.0f, 0.0f),
    // It decides how many channels come out.
    structural(toggle("pingPong", "Ping-pong", false)),
};

class DelayBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kDelayBlock; }
  int outputChannels(int channels) const noexcept override { return pingPong_ ? 2 : channels; }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    using Layout = dsp::Echo::Layout;
    echo_ = kMakers[kind_]();
    echo_->prepare(format, channels, pingPong_ ? Layout::pingPong : Layout::sideBySide,
                   {1000.0 * kLongestSeconds});
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void setTempo(double beatsPerMinute) noexcept override {
    beatsPerMinute_ = beatsPerMinute;
    setTime();
  }
  void set(ParameterIndex index, float value) noexcept override {
    if (index == kind) kind_ = static_cast<std::size_t>(value);
    if (index == pingPong) pingPong_ = value != 0.0f;
    if (echo_) setNumber(index, value);
  }
  void reset() noexcept override { echo_->reset(); }
  void process(AudioView io) noexcept override { echo_->process(io); }

 private:
  void setNumber(ParameterIndex index, float value) noexcept {
    switch (index) {
      case timeMs:
        timeSeconds_ = 0.001 * static_cast<double>(value);
        return setTime();
      case sync:
        note_ = static_cast<int>(value);
        return setTime();
      case feedback:
        echo_->setFeedback(value);
        return measureTail();
      case mix:
        return echo_->setMix(value);
      case dampingHz:
        return echo_->setDamping({value});
      case lowCutHz:
        return echo_->setLowCut({value});
      case modulationHz:
        rateHz_ = value;
        return echo_->setModulation({rateHz_}, cents_);
      case modulationCents:
        cents_ = value;
        return echo_->setModulation({rateHz_}, cents_);
      case driveDb:
        return echo_->setDrive({value});
      case wow:
        return echo_->setWow(value);
      case duckDb:
        return echo_->setDucking({value});
      default:
        return;
    }
  }
  void setTime() noexcept {
    double seconds = noteSeconds(note_, beatsPerMinute_).value_or(timeSeconds_);
    while (seconds > kLongestSeconds) seconds *= 0.5;
    echo_->setTime({1000.0 * seconds});
    measureTail();
  }
  void measureTail() noexcept { tail_.store(echo_->framesToFallBy({90.0}), std::memory_order_relaxed); }

  std::unique_ptr<dsp::Echo> echo_;
  std::size_t kind_ = 0;
  bool pingPong_ = false;
  double timeSeconds_ = 0.35, beatsPerMinute_ = kUsualTempo;
  int note_ = 0;
  float rateHz_ = kParameters[modulationHz].defaultValue, cents_ = 0.0f;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kDelayBlock{
    "delay", "Delay", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<DelayBlock>()); }};

}  // namespace gainstage::rig
