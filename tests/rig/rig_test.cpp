#include "rig/rig.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "dsp/delay/delay_line.h"
#include "rig/test_blocks.h"

namespace gainstage::rig {
namespace {

using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 1024};

extern const BlockDeclaration kFailing, kLate, kWidening, kFileReader;

/// Halves what it is given, and gives not-a-number from frame 1,000 after its reset on.
class Failing final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kFailing; }
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override { frame_ = 0; }
  void process(AudioView io) noexcept override {
    for (FrameCount n = 0; n < io.frames(); ++n, ++frame_)
      for (int c = 0; c < io.channels(); ++c) {
        float& sample = io.channel(c)[static_cast<std::size_t>(n)];
        sample = frame_ < 1000 ? 0.5f * sample : std::numeric_limits<float>::quiet_NaN();
      }
  }

 private:
  FrameTime frame_ = 0;
};

/// 100 frames late, rings for 1,000.
class Late final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kLate; }
  Result<void> prepare(const StreamFormat&, int) override {
    for (auto& line : lines_) line.prepare(100);
    return {};
  }
  FrameCount latencyFrames() const noexcept override { return 100; }
  FrameTime tailFrames() const noexcept override { return 1000; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override {
    for (auto& line : lines_) line.reset();
  }
  void process(AudioView io) noexcept override {
    for (int c = 0; c < io.channels(); ++c)
      for (float& sample : io.channel(c)) {
        lines_[static_cast<std::size_t>(c)].write(sample);
        sample = lines_[static_cast<std::size_t>(c)].read(100);
      }
  }

 private:
  std::array<dsp::DelayLine, 2> lines_;
};

/// One in, two out: the second turned over.
class Widening final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kWidening; }
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  int outputChannels(int) const noexcept override { return 2; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override {}
  void process(AudioView io) noexcept override {
    for (FrameCount n = 0; n < io.frames(); ++n)
      io.channel(1)[static_cast<std::size_t>(n)] = -io.channel(0)[static_cast<std::size_t>(n)];
  }
};

/// Needs a file to exist.
class FileReader final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kFileReader; }
  Result<void> setFile(ParameterIndex, const std::filesystem::path& path) override {
    if (std::filesystem::exists(path)) return {};
    return Error{ErrorKind::file, "there is no file " + path.string()};
  }
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override {}
  void process(AudioView) noexcept override {}
};

template <typename Kind>
std::unique_ptr<Block> make() {
  return std::make_unique<Kind>();
}
constexpr std::array kFile{
    Parameter{.id = "file", .name = "File", .unit = "", .type = ParameterType::file, .structural = true}};
constinit const BlockDeclaration kFailing{"failing", "Failing", {}, make<Failing>};
constinit const BlockDeclaration kLate{"late", "Late", {}, make<Late>};
constinit const BlockDeclaration kWidening{"widening", "Widening", {}, make<Widening>};
constinit const BlockDeclaration kFileReader{"reader", "Reader", kFile, make<FileReader>};

RigState chain(std::initializer_list<BlockState> blocks) { return {.blocks = blocks}; }

BlockState gainBlock(float gainDb, bool on = true) {
  BlockState state = stateOf("gain", {{"gainDb", gainDb}});
  state.on = on;
  return state;
}

/// What leaves the rig for one channel in, in both channels of its view.
Signal render(Rig& rig, const Mono& in, FrameCount block = 64, unsigned seed = 0) {
  Signal io{in, testing::dc(0.125f, static_cast<FrameCount>(in.size()))};
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(in.size()), block, seed),
                         [&](AudioView view) { rig.process(view); });
  return io;
}

TEST(Rig, WithoutBlocksLeavesEveryBit) {
  const auto rig = Rig::build({}, kFormat, 1, {});
  const Mono in = testing::noise(4800);
  EXPECT_EQ(render(*rig, in)[0], in);
  EXPECT_EQ(rig->outputChannels(), 1);
  EXPECT_EQ(rig->blockCount(), 0);
}

TEST(Rig, RunsItsBlocksInTheirOrder) {
  // A gate at -20 dB behind 20 dB of gain opens for -30 dB; in front of it, it does not.
  const BlockState gate = stateOf("gate", {{"thresholdDb", -20.0f}});
  const Mono in = testing::dc(Decibels{-30.0}.linear(), 9600);
  const auto behind = Rig::build(chain({gainBlock(20.0f), gate}), kFormat, 1, {});
  EXPECT_NEAR(testing::decibels(static_cast<double>(render(*behind, in)[0].back())), -10.0, 0.01);
  const auto before = Rig::build(chain({gate, gainBlock(20.0f)}), kFormat, 1, {});
  EXPECT_NEAR(testing::decibels(static_cast<double>(render(*before, in)[0].back())), -70.0, 0.1);
}

TEST(Rig, BypassCrossfadesIn20MsAtEqualGain) {
  const auto rig = Rig::build(chain({gainBlock(-6.0f)}), kFormat, 1, {});
  const Mono in = testing::dc(1.0f, 4800);
  const float gain = Decibels{-6.0}.linear();
  EXPECT_EQ(render(*rig, in)[0].back(), gain);
  rig->setOn(0, false);
  const Mono out = render(*rig, in)[0];
  for (std::size_t n = 0; n < 960; ++n)
    ASSERT_NEAR(out[n], gain + (1.0f - gain) * static_cast<float>(n + 1) / 960.0f, 1e-6) << n;
  EXPECT_EQ(out[960], 1.0f);
  rig->setOn(0, true);
  EXPECT_EQ(render(*rig, in)[0][960], gain);
}

TEST(Rig, GivesTheSameBitsHoweverItIsSplitThroughABypass) {
  Signal reference;
  for (const FrameCount block : {1024, 1, 7, 64, 96, 1000}) {
    const auto rig =
        Rig::build(chain({stateOf("compressor"), stateOf("delay", {{"pingPong", 1.0f}, {"timeMs", 20.0f}}),
                          stateOf("eq", {{"band2GainDb", 9.0f}})}),
                   kFormat, 1, {});
    Signal all(2);
    for (const bool on : {true, false, true}) {
      for (int i = 0; i < 3; ++i) rig->setOn(i, on);
      const Signal out = render(*rig, testing::noise(3000), block, block == 1000 ? 3 : 0);
      for (std::size_t c = 0; c < 2; ++c) all[c].insert(all[c].end(), out[c].begin(), out[c].end());
    }
    if (reference.empty()) reference = all;
    EXPECT_EQ(all, reference) << "blocks of " << block;
  }
}

TEST(Rig, IsMonoUntilABlockWidensIt) {
  const auto rig =
      Rig::build(chain({gainBlock(-6.0f), makeBlockState(kWidening, "w"), gainBlock(-6.0f)}), kFormat, 1, {});
  EXPECT_EQ(rig->outputChannels(), 2);
  const Signal out = render(*rig, testing::dc(1.0f, 480));
  EXPECT_NEAR(out[0].back(), 0.2512f, 1e-3f);
  EXPECT_NEAR(out[1].back(), -0.2512f, 1e-3f);
  const auto mono = Rig::build(chain({gainBlock(-6.0f)}), kFormat, 1, {});
  EXPECT_EQ(mono->outputChannels(), 1);
}

TEST(Rig, AWideningBlockThatIsBypassedGivesItsInputToBothChannels) {
  BlockState widening = makeBlockState(kWidening, "w");
  widening.on = false;
  const auto rig = Rig::build(chain({widening}), kFormat, 1, {});
  EXPECT_EQ(rig->outputChannels(), 2);
  const Mono in = testing::noise(960);
  const Signal out = render(*rig, in);
  EXPECT_EQ(out[0], in);
  EXPECT_EQ(out[1], in);
}

TEST(Rig, AMissingFileMutesItsBlockAndNamesIt) {
  BlockState reader = makeBlockState(kFileReader, "cab-1");
  reader.files[0] = "absent.wav";
  const auto rig = Rig::build(chain({gainBlock(0.0f), reader, gainBlock(0.0f)}), kFormat, 1, "/nowhere");
  ASSERT_EQ(rig->problems().size(), 1u);
  EXPECT_EQ(rig->problems()[0].blockId, "cab-1");
  EXPECT_EQ(rig->problems()[0].message, "there is no file /nowhere/absent.wav");
  const Mono in = testing::noise(4800);
  EXPECT_EQ(testing::peak(render(*rig, in)[0]), 0.0);
  rig->setOn(1, false);  // a muted block that is bypassed is out of the way
  const Mono out = render(*rig, in)[0];
  EXPECT_TRUE(std::ranges::equal(std::span(out).subspan(960), std::span(in).subspan(960)));
}

TEST(Rig, AFileIsLookedForBelowTheFolder) {
  const testing::TemporaryFolder folder;
  testing::writeFile(folder / "there.wav", "x");
  BlockState reader = makeBlockState(kFileReader, "cab-1");
  reader.files[0] = "there.wav";
  EXPECT_TRUE(Rig::build(chain({reader}), kFormat, 1, folder.path())->problems().empty());
}

TEST(Rig, ABlockThatFailsIsBypassedWithinTheSameCallbackWithoutAStep) {
  for (const FrameCount block : {1, 16, 64, 1024}) {
    SCOPED_TRACE(block);
    const auto rig =
        Rig::build(chain({gainBlock(0.0f), makeBlockState(kFailing, "f"), gainBlock(0.0f)}), kFormat, 1, {});
    const Mono in = testing::sine(220.0, 48000.0, 9600, 0.5f, 1.0);
    const Mono out = render(*rig, in, block)[0];
    EXPECT_TRUE(testing::allFinite(out));
    EXPECT_EQ(rig->bypassedBlocks(), 2u);  // bit 1
    // Half, then whole: the fade of at most 20 ms lies between, and no step exceeds that of the louder
    // signal.
    EXPECT_LE(testing::largestStep(out), 1.5 * testing::largestStep(in));
    EXPECT_TRUE(std::ranges::equal(std::span(out).subspan(1000 + 960), std::span(in).subspan(1000 + 960)));
    rig->setOn(1, true);  // it stays out
    EXPECT_EQ(render(*rig, in, block)[0], in);
  }
}

TEST(Rig, LatenciesAndTailsAddUpAndABypassIsAsLateAsItsBlock) {
  const BlockState late = makeBlockState(kLate, "l");
  BlockState bypassed = late;
  bypassed.on = false;
  const auto rig = Rig::build(chain({late, gainBlock(0.0f), bypassed}), kFormat, 1, {});
  EXPECT_EQ(rig->latencyFrames(), 200);
  EXPECT_EQ(rig->tailFrames(), 2000);
  const Mono in = testing::noise(4800);
  const Mono out = render(*rig, in)[0];
  EXPECT_TRUE(std::equal(out.begin() + 200, out.end(), in.begin()));
  // The switch mixes a signal with itself: nothing is heard of it once the block, reset, has its first
  // frames.
  rig->setOn(2, true);
  const Mono after = render(*rig, in)[0];
  EXPECT_TRUE(std::equal(after.begin() + 1160, after.end(), in.begin() + 960));
}

TEST(Rig, AllOfABlockMayBeChangedWhileItRuns) {
  const auto rig = Rig::build(chain({gainBlock(0.0f)}), kFormat, 2, {});
  EXPECT_EQ(rig->outputChannels(), 2);
  rig->set(0, 0, -20.0f);
  Signal io{testing::dc(1.0f, 4800), testing::dc(-1.0f, 4800)};
  testing::renderInPlace(io, testing::splits(4800, 64), [&](AudioView view) { rig->process(view); });
  EXPECT_NEAR(io[0].back(), 0.1f, 1e-6f);
  EXPECT_NEAR(io[1].back(), -0.1f, 1e-6f);
}

TEST(Rig, ResetForgetsWhatSounded) {
  const auto rig = Rig::build(chain({stateOf("delay", {{"timeMs", 10.0f}, {"mix", 1.0f}})}), kFormat, 1, {});
  render(*rig, testing::noise(480));
  rig->reset();
  EXPECT_EQ(testing::peak(render(*rig, testing::silence(4800))[0]), 0.0);
}

}  // namespace
}  // namespace gainstage::rig
