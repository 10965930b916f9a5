#include "rig/split/split.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "rig/test_blocks.h"

namespace gainstage::rig {
namespace {

using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 512};

extern const BlockDeclaration kLate, kFailing;
constexpr std::array kLateParameters{
    Parameter{.id = "frames", .name = "Frames", .unit = "", .maximum = 1000.0f, .structural = true}};

/// As many frames late as it is told.
class Late final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kLate; }
  Result<void> prepare(const StreamFormat&, int) override {
    for (auto& line : lines_) line.prepare(1000);
    return {};
  }
  FrameCount latencyFrames() const noexcept override { return frames_; }
  FrameTime tailFrames() const noexcept override { return 10 * frames_; }
  void set(ParameterIndex, float value) noexcept override { frames_ = static_cast<FrameCount>(value); }
  void reset() noexcept override {
    for (auto& line : lines_) line.reset();
  }
  void process(AudioView io) noexcept override {
    for (int c = 0; c < io.channels(); ++c)
      for (float& sample : io.channel(c)) {
        lines_[static_cast<std::size_t>(c)].write(sample);
        sample = lines_[static_cast<std::size_t>(c)].read(frames_);
      }
  }

 private:
  std::array<dsp::DelayLine, 2> lines_;
  FrameCount frames_ = 0;
};

/// Gives what is not a number from frame 1,000 on.
class Failing final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kFailing; }
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override { frame_ = 0; }
  void process(AudioView io) noexcept override {
    for (FrameCount n = 0; n < io.frames(); ++n)
      if (++frame_ > 1000)
        io.channel(0)[static_cast<std::size_t>(n)] = std::numeric_limits<float>::infinity();
  }

 private:
  FrameTime frame_ = 0;
};

const BlockDeclaration kLate{"late", "Late", kLateParameters,
                             [] { return std::unique_ptr<Block>(std::make_unique<Late>()); }};
const BlockDeclaration kFailing{
    "failing", "Failing", {}, [] { return std::unique_ptr<Block>(std::make_unique<Failing>()); }};

BlockState late(std::string id, Chain chain, FrameCount frames) {
  BlockState state = makeBlockState(kLate, std::move(id));
  state.chain = chain;
  state.values[0] = static_cast<float>(frames);
  return state;
}

BlockState in(Chain chain, BlockState state, std::string id) {
  state.chain = chain;
  state.id = std::move(id);
  return state;
}

BlockState split(std::initializer_list<std::pair<std::string_view, float>> values = {}) {
  return stateOf("split", values);
}

Signal render(Rig& rig, Signal input, FrameCount block = 64, unsigned seed = 0) {
  input.resize(2, testing::dc(0.25f, static_cast<FrameCount>(input[0].size())));
  testing::renderInPlace(input, testing::splits(static_cast<FrameCount>(input[0].size()), block, seed),
                         [&](AudioView view) { rig.process(view); });
  input.resize(static_cast<std::size_t>(rig.outputChannels()));
  return input;
}

Signal render(const RigState& state, Signal input, FrameCount block = 64, unsigned seed = 0) {
  const auto rig = Rig::build(state, kFormat, static_cast<int>(input.size()), {});
  EXPECT_TRUE(rig->problems().empty());
  return render(*rig, std::move(input), block, seed);
}

/// Gain from a steady input to an output, once settled.
double gainOf(const RigState& state, std::size_t out, std::vector<float> input = {0.5f}) {
  Signal in;
  for (const float value : input) in.push_back(testing::dc(value, 4800));
  return static_cast<double>(render(state, in)[out].back()) / static_cast<double>(input[0]);
}

TEST(Split, WithoutBlocksLeavesEveryBitAtAnyBlendOfTheMiddle) {
  const Mono sound = testing::noise(4800);
  for (const Mono& channel : render({{split()}}, {sound})) EXPECT_EQ(channel, sound);
  const Signal two{testing::noise(4800, 0.5f, 3), testing::noise(4800, 0.5f, 4)};
  EXPECT_EQ(render({{split()}}, two), two);
}

TEST(Split, BlendsItsChainsByEqualGain) {
  for (const float blend : {0.0f, 0.25f, 0.5f, 1.0f}) {
    const RigState rig{{split({{"blend", blend}}), in(Chain::a, stateOf("gain", {{"gainDb", -6.0206f}}), "a"),
                        in(Chain::b, stateOf("gain", {{"gainDb", -20.0f}}), "b")}};
    EXPECT_NEAR(gainOf(rig, 0), (1.0 - static_cast<double>(blend)) * 0.5 + static_cast<double>(blend) * 0.1,
                1e-5);
  }
}

TEST(Split, SetsLevelPanPolarityAndWidthOfEachChain) {
  const auto only = [&](int chain, std::pair<std::string_view, float> value) {
    return RigState{{split({{"blend", static_cast<float>(chain)}, value})}};
  };
  EXPECT_NEAR(testing::decibels(gainOf(only(0, {"levelADb", 6.0f}), 0)), 6.0, 0.001);
  EXPECT_NEAR(testing::decibels(gainOf(only(1, {"levelBDb", -12.0f}), 1)), -12.0, 0.001);
  EXPECT_NEAR(gainOf(only(0, {"polarityAInverted", 1.0f}), 0), -1.0, 1e-6);
  EXPECT_NEAR(gainOf(only(1, {"polarityBInverted", 1.0f}), 0), -1.0, 1e-6);
  // Hard to one side +3 dB there, and silence on the other.
  EXPECT_NEAR(testing::decibels(gainOf(only(0, {"panA", -1.0f}), 0)), 3.01, 0.01);
  EXPECT_NEAR(gainOf(only(0, {"panA", -1.0f}), 1), 0.0, 1e-6);
  EXPECT_NEAR(testing::decibels(gainOf(only(1, {"panB", 1.0f}), 1)), 3.01, 0.01);
  EXPECT_NEAR(gainOf(only(1, {"panB", 1.0f}), 0), 0.0, 1e-6);
  // Left 0.5, right 0.1: middle 0.3, sides +-0.2.
  EXPECT_NEAR(gainOf(only(0, {"widthA", 0.0f}), 0, {0.5f, 0.1f}), 0.3 / 0.5, 1e-6);
  EXPECT_NEAR(gainOf(only(0, {"widthA", 2.0f}), 0, {0.5f, 0.1f}), 0.7 / 0.5, 1e-6);
  EXPECT_NEAR(gainOf(only(0, {"widthA", 2.0f}), 1, {0.5f, 0.1f}), -0.1 / 0.5, 1e-6);
  // One channel has no width to scale.
  EXPECT_NEAR(gainOf(only(0, {"widthA", 0.0f}), 0), 1.0, 1e-6);
}

TEST(Split, MakesOneChannelWhereToldToAndBothChainsDo) {
  RigState rig{{split({{"stereo", 0.0f}, {"panA", -1.0f}}), late("a", Chain::a, 3)}};
  auto built = Rig::build(rig, kFormat, 1, {});
  EXPECT_EQ(built->outputChannels(), 1);
  EXPECT_NEAR(gainOf(rig, 0), 1.0, 1e-6);  // there is nowhere to pan to
  rig.blocks.push_back(in(Chain::b, stateOf("tremolo", {{"stereo", 1.0f}}), "b"));
  EXPECT_EQ(Rig::build(rig, kFormat, 1, {})->outputChannels(), 2);
}

TEST(Split, EqualsTheLatenciesOfItsChainsToTheFrame) {
  const Mono sound = testing::noise(9600);
  for (const auto& [a, b] : {std::pair{0, 137}, std::pair{500, 0}, std::pair{20, 1}, std::pair{7, 7}}) {
    const RigState rig{{late("before", Chain::main, 11), split(), late("a1", Chain::a, a),
                        late("b1", Chain::b, b), late("behind", Chain::main, 5)}};
    const auto built = Rig::build(rig, kFormat, 1, {});
    const int whole = 16 + std::max(a, b);
    EXPECT_EQ(built->latencyFrames(), whole);
    EXPECT_EQ(built->tailFrames(), 10 * whole);
    // Both chains give the same, so anything but the same frame would comb.
    for (const Mono& out : render(*built, {sound}))
      for (std::size_t n = static_cast<std::size_t>(whole); n < sound.size(); ++n)
        ASSERT_EQ(out[n], sound[n - static_cast<std::size_t>(whole)]) << "frame " << n;
  }
}

TEST(Split, SwitchedOffPassesWhatComesInAsLateAsItIs) {
  RigState rig{{split({{"levelADb", 12.0f}}), late("a", Chain::a, 100)}};
  rig.blocks[0].on = false;
  const Mono sound = testing::noise(9600);
  for (const Mono& out : render(rig, {sound}))
    for (std::size_t n = 100; n < sound.size(); ++n) ASSERT_EQ(out[n], sound[n - 100]);
}

TEST(Split, SwitchesABlockOfOneChainOffByItself) {
  const RigState rig{{split(), in(Chain::a, stateOf("gain", {{"gainDb", -20.0f}}), "a"),
                      in(Chain::b, stateOf("gain", {{"gainDb", -60.0f}}), "b")}};
  const auto built = Rig::build(rig, kFormat, 1, {});
  built->setOn(1, false);
  const Mono out = render(*built, {testing::dc(0.5f, 9600)})[0];
  EXPECT_NEAR(static_cast<double>(out.back()), 0.5 * (0.5 + 0.5 * 0.001), 1e-6);
  EXPECT_LT(testing::largestStep(std::span(out).subspan(1)), 0.001);
  built->set(2, indexIn("gain", "gainDb"), 0.0f);
  EXPECT_NEAR(static_cast<double>(render(*built, {testing::dc(0.5f, 9600)})[0].back()), 0.5, 1e-6);
}

TEST(Split, GoesOnWithBothChainsWhenABlockInOneGivesWhatIsNotANumber) {
  BlockState bad = makeBlockState(kFailing, "bad");
  bad.chain = Chain::b;
  const RigState rig{{split(), in(Chain::a, stateOf("gain", {{"gainDb", -20.0f}}), "a"), bad}};
  const auto built = Rig::build(rig, kFormat, 1, {});
  const Signal out = render(*built, {testing::dc(0.5f, 9600)});
  EXPECT_EQ(built->bypassedBlocks(), 0b100u);
  for (const Mono& channel : out) {
    EXPECT_TRUE(testing::allFinite(channel));
    EXPECT_NEAR(static_cast<double>(channel.back()), 0.5 * (0.5 * 0.1 + 0.5), 1e-6);
    EXPECT_LT(testing::largestStep(std::span(channel).subspan(1)), 0.001);
  }
}

TEST(Split, NamesAMutedBlockOfAChainAndSilencesThatChainAlone) {
  RigState rig{{split(), in(Chain::a, stateOf("convolution"), "cab")}};
  rig.blocks[1].files[indexIn("convolution", "file")] = "nowhere.wav";
  const auto built = Rig::build(rig, kFormat, 1, {});
  ASSERT_EQ(built->problems().size(), 1u);
  EXPECT_EQ(built->problems()[0].blockId, "cab");
  EXPECT_NEAR(static_cast<double>(render(*built, {testing::dc(0.5f, 4800)})[0].back()), 0.25, 1e-6);
}

TEST(Split, GivesTheSameHoweverTheStreamIsSplit) {
  const RigState rig{{split({{"panA", -0.7f}, {"panB", 0.4f}, {"blend", 0.3f}}), late("a1", Chain::a, 33),
                      in(Chain::a, stateOf("compressor"), "a2"), in(Chain::b, stateOf("chorus"), "b1"),
                      stateOf("delay", {{"mix", 0.3f}})}};
  const Mono sound = testing::noise(12000, 0.5f);
  const Signal expected = render(rig, {sound}, 512);
  for (const FrameCount block : {1, 7, 64, 500})
    EXPECT_EQ(render(rig, {sound}, block, block == 500 ? 3u : 0u), expected) << block;
}

TEST(Split, LetsAGateInAChainListenToWhatCameIntoTheRig) {
  const BlockState gate = stateOf("gate", {{"key", 1.0f}, {"thresholdDb", -30.0f}});
  Mono sound = testing::noise(9600, 0.5f);
  for (std::size_t n = 3000; n < 6000; ++n) sound[n] *= 0.001f;
  // The gate behind 33 + 20 late frames, in a chain and on the main line.
  const BlockState late33 = late("late", Chain::main, 33);
  const Signal alone = render({{late33, late("a", Chain::main, 20), gate}}, {sound});
  const Signal inChain = render(
      {{late33, split({{"blend", 0.0f}}), late("a", Chain::a, 20), in(Chain::a, gate, "gate")}}, {sound});
  EXPECT_EQ(inChain[0], alone[0]);
  EXPECT_NE(alone[0], render({{late33, late("a", Chain::main, 20), stateOf("gain")}}, {sound})[0]);
}

TEST(Split, SoundsAfterAResetAsWhenItWasNewAndAllocatesNothing) {
  const RigState rig{
      {split(), late("a1", Chain::a, 33), in(Chain::b, stateOf("delay", {{"mix", 0.3f}}), "b1")}};
  const auto built = Rig::build(rig, kFormat, 1, {});
  const Signal fresh = render(*built, {testing::noise(4800)});
  render(*built, {testing::noise(4800, 0.5f, 8)});
  {
    RealtimeScope realtime;
    built->reset();
  }
  EXPECT_EQ(render(*built, {testing::noise(4800)}), fresh);
}

}  // namespace
}  // namespace gainstage::rig
