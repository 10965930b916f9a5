#include <array>
#include <atomic>

#include "dsp/delay/echo.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { timeMs, feedback, mix, dampingHz, pingPong };

constexpr std::array kParameters{
    milliseconds("timeMs", "Time", 1.0f, 2000.0f, 350.0f, 50.0f),
    ratio("feedback", "Feedback", 0.0f, 0.95f, 0.35f),
    ratio("mix", "Mix", 0.0f, 1.0f, 0.3f),
    hertz("dampingHz", "Damping", 500.0f, 20000.0f, 6000.0f),
    // It decides how many channels come out.
    structural(toggle("pingPong", "Ping-pong", false)),
};

class DelayBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kDelayBlock; }
  int outputChannels(int channels) const noexcept override { return pingPong_ ? 2 : channels; }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    using Layout = dsp::Echo::Layout;
    echo_.prepare(format, channels, pingPong_ ? Layout::pingPong : Layout::sideBySide,
                  {static_cast<double>(kParameters[timeMs].maximum)});
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case timeMs:
        echo_.setTime({value});
        break;
      case feedback:
        echo_.setFeedback(value);
        break;
      case mix:
        echo_.setMix(value);
        break;
      case dampingHz:
        echo_.setDamping({value});
        break;
      case pingPong:
        pingPong_ = value != 0.0f;
        break;
      default:
        break;
    }
    tail_.store(echo_.framesToFallBy({90.0}), std::memory_order_relaxed);
  }
  void reset() noexcept override { echo_.reset(); }
  void process(AudioView io) noexcept override { echo_.process(io); }

 private:
  dsp::Echo echo_;
  bool pingPong_ = false;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kDelayBlock{
    "delay", "Delay", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<DelayBlock>()); }};

}  // namespace gainstage::rig
