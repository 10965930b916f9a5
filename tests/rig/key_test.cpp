#include <gtest/gtest.h>

#include "dsp/delay/delay_line.h"
#include "rig/test_blocks.h"

/// A rig's input as the key of a block further on.
namespace gainstage::rig {
namespace {

using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 1024};
constexpr FrameCount kLateness = 137;

extern const BlockDeclaration kLate;

/// A pure delay that says so.
class Late final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kLate; }
  Result<void> prepare(const StreamFormat&, int) override {
    for (auto& line : lines_) line.prepare(kLateness);
    return {};
  }
  FrameCount latencyFrames() const noexcept override { return kLateness; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override {
    for (auto& line : lines_) line.reset();
  }
  void process(AudioView io) noexcept override {
    for (int c = 0; c < io.channels(); ++c)
      for (float& sample : io.channel(c)) {
        lines_[static_cast<std::size_t>(c)].write(sample);
        sample = lines_[static_cast<std::size_t>(c)].read(kLateness);
      }
  }

 private:
  std::array<dsp::DelayLine, 2> lines_;
};

constinit const BlockDeclaration kLate{
    "late", "Late", {}, [] { return std::unique_ptr<Block>(std::make_unique<Late>()); }};

constexpr float kOwnInput = 0.0f, kRigInput = 1.0f;

BlockState gate(float key) {
  return stateOf("gate", {{"thresholdDb", -30.0f}, {"holdMs", 10.0f}, {"releaseMs", 10.0f}, {"key", key}});
}
BlockState late(bool on = true) {
  BlockState state = makeBlockState(kLate, "late");
  state.on = on;
  return state;
}

std::unique_ptr<Rig> rigOf(std::vector<BlockState> blocks, int channels = 1) {
  return Rig::build(RigState{.blocks = std::move(blocks)}, kFormat, channels, {});
}

Signal render(Rig& rig, Signal io, FrameCount block = 64, unsigned seed = 0) {
  io.resize(2, Mono(io[0].size()));
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) { rig.process(view); });
  return io;
}

/// Bursts of noise, soft and loud by turns, so that a gate at -30 dB opens and shuts.
Mono bursts(FrameCount frames, unsigned seed = 1) {
  Mono signal = testing::noise(frames, 0.5f, seed);
  for (std::size_t n = 0; n < signal.size(); ++n)
    if (n / 2000 % 2 == 0) signal[n] *= 0.01f;
  return signal;
}

TEST(RigInputKey, KeepsAGateBehindTheDriveShutForWhatWasSoftBeforeIt) {
  const BlockState drive = stateOf("gain", {{"gainDb", 24.0f}});
  const Mono hum = testing::sine(100.0, 48000.0, 48000, Decibels{-40.0}.linear());
  const auto levelDb = [&](float key) {
    return testing::decibels(
        testing::peak(std::span(render(*rigOf({drive, gate(key)}), {hum})[0]).last(4800)));
  };
  EXPECT_NEAR(levelDb(kOwnInput), -16.0, 0.01);
  EXPECT_NEAR(levelDb(kRigInput), -76.0, 0.1);  // 60 dB of range
}

TEST(RigInputKey, ComesExactlyAsLateAsTheBlocksBetweenMakeTheSound) {
  // A gate before a pure delay and one behind it, keyed from before, are the same to the bit.
  const Mono in = bursts(24000);
  const Mono expected = render(*rigOf({gate(kOwnInput), late(), late()}), {in})[0];
  for (const FrameCount block : {1, 7, 64, 1000, 1024})
    for (const bool on : {true, false})
      EXPECT_EQ(render(*rigOf({late(), late(on), gate(kRigInput)}), {in}, block, block == 1000 ? 3 : 0)[0],
                expected)
          << "blocks of " << block;
}

TEST(RigInputKey, HearsBothChannelsOfAStereoRig) {
  const Signal in{testing::dc(0.001f, 9600), testing::dc(0.5f, 9600)};
  const BlockState drop = stateOf("gain", {{"gainDb", -60.0f}});
  EXPECT_NEAR(render(*rigOf({late(), drop, gate(kRigInput)}, 2), in)[0].back(), 1e-6f, 1e-9f);
  EXPECT_NEAR(render(*rigOf({late(), drop, gate(kOwnInput)}, 2), in)[0].back(), 1e-9f, 1e-11f);
}

TEST(RigInputKey, ServesAStereoBlockOfAMonoRig) {
  const BlockState wide = stateOf("delay", {{"pingPong", 1.0f}, {"mix", 0.0f}});
  const Mono in = bursts(12000);
  const Mono expected = render(*rigOf({gate(kOwnInput), wide}), {in})[0];
  const Signal out = render(*rigOf({wide, gate(kRigInput)}), {in});
  EXPECT_EQ(out[0], expected);
  EXPECT_EQ(out[1], expected);
}

TEST(RigInputKey, IsForgottenByAReset) {
  const auto rig = rigOf({late(), gate(kRigInput)});
  const Mono in = bursts(12000);
  const Mono fresh = render(*rig, {in})[0];
  render(*rig, {testing::dc(1.0f, 1000)});
  {
    RealtimeScope realtime;
    rig->reset();
  }
  EXPECT_EQ(render(*rig, {in})[0], fresh);
}

}  // namespace
}  // namespace gainstage::rig
