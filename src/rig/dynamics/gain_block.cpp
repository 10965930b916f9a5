#include <array>

#include "core/ramp.h"
#include "dsp/kernels.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

constexpr std::array kParameters{levelDecibels("gainDb", "Gain", -60.0f, 24.0f, 0.0f)};

class GainBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kGainBlock; }
  Result<void> prepare(const StreamFormat& format, int) override {
    gain_.setLength(format.frames({static_cast<double>(kParameters[0].rampMs)}));
    reset();
    return {};
  }
  void set(ParameterIndex, float value) noexcept override { gain_.setTarget(Decibels{value}.linear()); }
  void reset() noexcept override { gain_.snapToTarget(); }
  void process(AudioView io) noexcept override {
    if (gain_.isSettled() && gain_.target() == 1.0f) return;
    const LinearRamp start = gain_;
    for (int c = 0; c < io.channels(); ++c) {
      gain_ = start;
      dsp::copyScaled(io.channel(c), gain_, io.channel(c));
    }
  }

 private:
  LinearRamp gain_{1.0f};  // linear
};

}  // namespace

constinit const BlockDeclaration kGainBlock{
    "gain", "Gain", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<GainBlock>()); }};

}  // namespace gainstage::rig
