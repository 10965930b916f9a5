#include <array>
#include <atomic>

#include "core/ramp.h"
#include "dsp/filters/graphic_eq.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

constexpr ParameterIndex kLevel = dsp::GraphicEq::kBands;

constexpr Parameter slider(std::string_view id, std::string_view name) {
  return decibels(id, name, -12.0f, 12.0f, 0.0f);
}

constexpr std::array kParameters{
    slider("gain31Db", "31 Hz"),
    slider("gain62Db", "62 Hz"),
    slider("gain125Db", "125 Hz"),
    slider("gain250Db", "250 Hz"),
    slider("gain500Db", "500 Hz"),
    slider("gain1000Db", "1 kHz"),
    slider("gain2000Db", "2 kHz"),
    slider("gain4000Db", "4 kHz"),
    slider("gain8000Db", "8 kHz"),
    slider("gain16000Db", "16 kHz"),
    levelDecibels("levelDb", "Level", -24.0f, 24.0f, 0.0f),
};

class GraphicEqBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kGraphicEqBlock; }
  Result<void> prepare(const StreamFormat& format, int) override {
    eq_.prepare(format);
    level_.setLength(format.frames({static_cast<double>(kParameters[kLevel].rampMs)}));
    return {};
  }
  void set(ParameterIndex index, float value) noexcept override {
    if (index < kLevel) eq_.setGain(index, {static_cast<double>(value)});
    if (index == kLevel) level_.setTarget(Decibels{static_cast<double>(value)}.linear());
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void reset() noexcept override {
    eq_.reset();
    level_.snapToTarget();
    tail_.store(eq_.ringFrames(), std::memory_order_relaxed);
  }
  void process(AudioView io) noexcept override {
    eq_.process(io);
    tail_.store(eq_.ringFrames(), std::memory_order_relaxed);
    const LinearRamp start = level_;
    for (int c = 0; c < io.channels(); ++c) {
      level_ = start;
      level_.apply(io.channel(c));
    }
  }

 private:
  dsp::GraphicEq eq_;
  LinearRamp level_{1.0f};
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kGraphicEqBlock{
    "graphicEq", "Graphic EQ", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<GraphicEqBlock>()); }};

}  // namespace gainstage::rig
