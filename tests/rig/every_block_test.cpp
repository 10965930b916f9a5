#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <sndfile.h>

#include "rig/test_blocks.h"
#include "rig/test_captures.h"

/// What every block must do, over all that are declared.
namespace gainstage::rig {
namespace {

using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 1024};

class EveryBlock : public ::testing::TestWithParam<const BlockDeclaration*> {
 protected:
  const BlockDeclaration& declaration() const { return *GetParam(); }

  /// Defaults; where a file is wanted, an impulse response of 3,000 frames of decaying noise, or a capture
  /// of two sizes.
  BlockState defaults() {
    BlockState state = makeBlockState(declaration(), "block");
    for (std::size_t i = 0; i < declaration().parameters.size(); ++i)
      if (declaration().parameters[i].type == ParameterType::file)
        state.files[i] = declaration().type == "capture" ? capture() : impulseResponse();
    return state;
  }

  BlockState anything(unsigned seed) {
    BlockState state = defaults();
    std::mt19937 generator(seed);
    for (std::size_t i = 0; i < state.values.size(); ++i)
      if (declaration().parameters[i].type != ParameterType::file)
        state.values[i] = anyValue(declaration().parameters[i], generator);
    return state;
  }

  std::vector<Change> anyChanges(FrameCount frames, unsigned seed) {
    std::mt19937 generator(seed);
    std::vector<Change> changes;
    for (FrameCount at = 100; at < frames; at += 1 + static_cast<FrameCount>(generator() % 700)) {
      const auto index = static_cast<ParameterIndex>(generator() % declaration().parameters.size());
      const Parameter& parameter = declaration().parameters[index];
      if (movesWhileRunning(parameter)) changes.push_back({at, index, anyValue(parameter, generator)});
    }
    return changes;
  }

  /// Where transforms round, splits may differ by that: architecture.md allows -120 dBFS.
  double allowedDifference() const {
    return declaration().type == "convolution" || declaration().type == "cabinet" ? 1e-6 : 0.0;
  }

  static Signal sound(int channels, FrameCount frames) {
    Signal signal;
    for (int c = 0; c < channels; ++c) {
      signal.push_back(testing::noise(frames, 0.5f, static_cast<unsigned>(c + 1)));
      // Loud and soft by turns, so that gates and compressors have something to do.
      for (std::size_t n = 0; n < signal.back().size(); ++n)
        if (n / 3000 % 2 == 1) signal.back()[n] *= 0.001f;
    }
    return signal;
  }

 private:
  std::string impulseResponse() {
    const std::filesystem::path path = folder_ / "response.wav";
    Mono response = testing::noise(3000, 0.1f, 9);
    for (std::size_t n = 0; n < response.size(); ++n)
      response[n] *= static_cast<float>(std::exp(-static_cast<double>(n) / 500.0));
    SF_INFO info{};
    info.samplerate = 48000;
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    EXPECT_NE(file, nullptr);
    sf_writef_float(file, response.data(), 3000);
    sf_close(file);
    return path.string();
  }

  std::string capture() {
    const std::string small = linearCapture({0.5, 0.2, -0.1}, 0.03),
                      large = linearCapture({0.4, 0.3, 0.1, -0.2, 0.05}, -0.02);
    return testing::writeFile(folder_ / "capture.nam", slimmableCapture({{0.5, small}, {1.0, large}}))
        .string();
  }

  testing::TemporaryFolder folder_;
};

TEST_P(EveryBlock, DeclaresParametersWithUniqueIdsAndDefaultsInRange) {
  for (std::size_t i = 0; i < declaration().parameters.size(); ++i) {
    const Parameter& parameter = declaration().parameters[i];
    SCOPED_TRACE(parameter.id);
    EXPECT_EQ(indexOf(declaration().parameters, parameter.id), static_cast<ParameterIndex>(i));
    EXPECT_FALSE(parameter.name.empty());
    if (parameter.type == ParameterType::file) {
      EXPECT_TRUE(parameter.structural);
      continue;
    }
    EXPECT_LT(parameter.minimum, parameter.maximum);
    EXPECT_EQ(parameter.clamp(parameter.defaultValue), parameter.defaultValue);
    if (parameter.scale == Scale::logarithmic) {
      EXPECT_GT(parameter.minimum, 0.0f);
    }
    if (parameter.type == ParameterType::choice) {
      EXPECT_EQ(parameter.maximum, static_cast<float>(parameter.choices.size() - 1));
    }
    if (parameter.unit == "dB") {
      EXPECT_TRUE(parameter.id.ends_with("Db"));
    }
    if (parameter.unit == "ms") {
      EXPECT_TRUE(parameter.id.ends_with("Ms"));
    }
    if (parameter.unit == "Hz") {
      EXPECT_TRUE(parameter.id.ends_with("Hz"));
    }
  }
  EXPECT_EQ(findBlockDeclaration(declaration().type), &declaration());
}

TEST_P(EveryBlock, GivesTheSameHoweverTheStreamIsSplitWhileParametersChange) {
  constexpr FrameCount kFrames = 12000;
  for (unsigned seed = 1; seed <= 4; ++seed)
    for (const int channels : {1, 2}) {
      const BlockState state = anything(seed);
      const std::vector<Change> changes = anyChanges(kFrames, seed);
      LoneBlock whole(state, kFormat, channels);
      const Signal expected = whole.render(sound(channels, kFrames), 1024, 0, changes);
      for (const FrameCount block : {1, 7, 64, 96, 1000}) {
        LoneBlock split(state, kFormat, channels);
        const Signal out = split.render(sound(channels, kFrames), block, block == 1000 ? seed : 0, changes);
        for (std::size_t c = 0; c < out.size(); ++c)
          EXPECT_LE(testing::largestDifference(out[c], expected[c]), allowedDifference())
              << "blocks of " << block << ", channel " << c << " of " << channels << ", seed " << seed;
      }
    }
}

TEST_P(EveryBlock, SoundsAfterAResetAsWhenItWasNew) {
  for (const int channels : {1, 2}) {
    const BlockState state = anything(5);
    LoneBlock block(state, kFormat, channels);
    const Signal fresh = block.render(sound(channels, 9000), 64);
    block.render(sound(channels, 5000), 64);
    {
      RealtimeScope realtime;
      block->reset();
    }
    EXPECT_EQ(block.render(sound(channels, 9000), 64), fresh);
  }
}

TEST_P(EveryBlock, KeepsSilenceSilentFromResetAndFallsSilentAfterItsTail) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const BlockState state = seed == 1 ? defaults() : anything(seed);
    LoneBlock block(state, kFormat, 1);
    for (const Mono& channel : block.render({testing::silence(4800)}, 64))
      EXPECT_EQ(testing::peak(channel), 0.0);
    const double loudest = testing::peak(block.render({testing::noise(4800, 0.5f)}, 64)[0]);
    const auto tail = static_cast<FrameCount>(std::min<FrameTime>(block->tailFrames(), 60 * 48000));
    if (block->tailFrames() > tail) continue;  // two seconds at 95 %: a minute is enough to wait
    if (tail > 0) block.render({testing::silence(tail)}, 1024);
    for (const Mono& channel : block.render({testing::silence(4800)}, 64))
      EXPECT_LE(testing::peak(channel), loudest * 1e-4)
          << "seed " << seed << ", tail of " << tail << " frames";
  }
}

TEST_P(EveryBlock, RecoversByAResetFromWhatIsNotANumber) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    LoneBlock block(defaults(), kFormat, 1);
    const Signal fresh = block.render(sound(1, 4800), 64);
    Mono poisoned = testing::noise(4800);
    poisoned[1234] = bad;
    block.render({poisoned}, 64);
    block->reset();
    EXPECT_EQ(block.render(sound(1, 4800), 64), fresh);
  }
}

TEST_P(EveryBlock, PutBeforeWhatIsNotANumberARigStillGivesNumbers) {
  RigState rigState;
  rigState.blocks = {defaults()};
  const auto rig = Rig::build(rigState, kFormat, 1, {});
  Signal io{testing::noise(9600), testing::silence(9600)};
  for (std::size_t n = 2000; n < 2100; ++n) io[0][n] = std::numeric_limits<float>::quiet_NaN();
  io[0][3000] = std::numeric_limits<float>::infinity();
  testing::renderInPlace(io, testing::splits(9600, 64), [&](AudioView view) { rig->process(view); });
  EXPECT_TRUE(testing::allFinite(io[0]));
  EXPECT_EQ(rig->bypassedBlocks(), 0u);  // not the block's fault
}

TEST_P(EveryBlock, LeavesEveryBitWhenBypassedAndAgainOnceItsFadeIsOver) {
  for (const int channels : {1, 2}) {
    RigState state;
    state.blocks = {defaults()};
    state.blocks[0].on = false;
    const auto rig = Rig::build(state, kFormat, channels, {});
    const auto render = [&](FrameCount frames) {
      Signal io = sound(channels, frames);
      io.resize(2, testing::dc(0.25f, frames));
      testing::renderInPlace(io, testing::splits(frames, 64), [&](AudioView view) { rig->process(view); });
      return io;
    };
    const auto expectUntouched = [&](const Signal& out, std::size_t from) {
      const Signal in = sound(channels, static_cast<FrameCount>(out[0].size()));
      const auto late = static_cast<std::size_t>(rig->latencyFrames());
      for (int c = 0; c < rig->outputChannels(); ++c) {
        const Mono& expected = in[static_cast<std::size_t>(std::min(c, channels - 1))];
        for (std::size_t n = from + late; n < expected.size(); ++n)
          ASSERT_EQ(out[static_cast<std::size_t>(c)][n], expected[n - late])
              << "frame " << n << ", channel " << c;
      }
    };
    expectUntouched(render(4800), 0);
    rig->setOn(0, true);
    render(4800);
    rig->setOn(0, false);
    expectUntouched(render(4800), 960);
  }
}

/// Largest step of the output while a parameter goes from one value to another, against the largest of the
/// outputs at rest: at both ends, and on the way, since a ramp passes through there (a bell that moves over a
/// tone raises it).
TEST_P(EveryBlock, NoParameterStepsMoreThanTheSignalDoes) {
  BlockState state = defaults();
  // A gate or compressor is meant to be quick; it is the parameters that are under test.
  for (std::size_t i = 0; i < declaration().parameters.size(); ++i)
    if (declaration().parameters[i].id == "attackMs") state.values[i] = 30.0f;
  // A tone that begins softly: its own onset would be the largest step of all.
  Mono tone = testing::sine(110.0, 48000.0, 96000, 0.4f);
  for (std::size_t n = 0; n < 4800; ++n) tone[n] *= static_cast<float>(n) / 4800.0f;
  std::mt19937 generator(17);
  // An amplifier takes a hundred times what others do, and there are six of one kind.
  const bool isAmplifier = indexOf(declaration().parameters, "inputDb").has_value();
  const int trials = isAmplifier ? 1 : 4;
  for (std::size_t i = 0; i < declaration().parameters.size(); ++i) {
    const Parameter& parameter = declaration().parameters[i];
    if (!movesWhileRunning(parameter)) continue;
    for (int trial = 0; trial < trials; ++trial) {
      const float from = anyValue(parameter, generator), to = anyValue(parameter, generator);
      SCOPED_TRACE(::testing::Message() << parameter.id << " from " << from << " to " << to);
      const auto with = [&](float value) {
        BlockState changed = state;
        changed.values[i] = value;
        return changed;
      };
      double own = 0.0;
      for (int part = 1; part < 8; ++part) {
        const float t = static_cast<float>(part) / 8.0f;
        const float between =
            parameter.scale == Scale::logarithmic ? from * std::pow(to / from, t) : from + t * (to - from);
        LoneBlock rested(with(parameter.clamp(between)), kFormat, 1);
        const Signal out = rested.render({tone}, 64);
        // From where the change comes below: what swings is elsewhere later.
        own = std::max(own, testing::largestStep(std::span(out[0]).subspan(47999)));
      }
      LoneBlock block(with(from), kFormat, 1);
      const Signal out = block.render({tone}, 64, 0, {{48000, static_cast<ParameterIndex>(i), to}});
      const std::span<const float> heard = out[0];
      own = std::max(
          {own, testing::largestStep(heard.subspan(38400, 9600)), testing::largestStep(heard.last(9600))});
      EXPECT_LE(testing::largestStep(heard.subspan(47999, 24000)), 1.5 * own);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rig, EveryBlock,
                         ::testing::ValuesIn(blockDeclarations().begin(), blockDeclarations().end()),
                         [](const auto& kind) { return std::string(kind.param->type); });

}  // namespace
}  // namespace gainstage::rig
