#include <gtest/gtest.h>

#include "neural/files/captures.h"
#include "neural/files/plain.h"
#include "neural/instruction_sets.h"
#include "neural/programs.h"
#include "neural/random_network.h"
#include "neural/wavenet/slimming.h"
#include "support/audio.h"

namespace gainstage::neural {
namespace {

using testing::Mono;

/// As the player gives it, in calls of those lengths; allocations on the way fail the test.
Mono played(Player& player, const Mono& input, const std::vector<FrameCount>& calls) {
  testing::Signal io{input};
  testing::renderInPlace(io, calls, [&](AudioView view) { player.process(view, view); });
  return io[0];
}

Mono played(Player& player, const Mono& input, FrameCount block = 64) {
  return played(player, input, testing::splits(static_cast<FrameCount>(input.size()), block));
}

/// The error's energy against the same worked out in doubles.
double errorDb(const Network& network, const Mono& input, const Mono& output) {
  const int settling = makeProgram(network)->cost().receptiveFieldFrames;
  const std::vector<double> exact = plain::playSettled(network, input, settling);
  double error = 0.0, energy = 1e-20;
  for (std::size_t n = 0; n < exact.size(); ++n) {
    error += (output[n] - exact[n]) * (output[n] - exact[n]);
    energy += exact[n] * exact[n];
  }
  return 10.0 * std::log10(error / energy);
}

TEST(WaveNet, AnyArchitectureAnswersAsItsEquationsOnEveryInstructionSet) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Network network = randomWaveNet(seed);
    const Mono input = testing::noise(700, 0.7f, seed);
    onEveryInstructionSet([&] {
      const auto player = makeProgram(network)->makePlayer();
      EXPECT_LT(errorDb(network, input, played(*player, input)), -100.0);
    });
  }
}

TEST(WaveNet, ConvNetsAnswerAsTheirEquationsOnEveryInstructionSet) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Network network = randomConvNet(seed);
    const Mono input = testing::noise(700, 0.7f, seed);
    onEveryInstructionSet([&] {
      const auto player = makeProgram(network)->makePlayer();
      EXPECT_LT(errorDb(network, input, played(*player, input)), -100.0);
    });
  }
}

TEST(WaveNet, GivesTheSameBitsHoweverTheStreamIsSplit) {
  const Mono input = testing::noise(9000, 0.7f, 5);
  for (const unsigned seed : {3u, 7u, 11u, 0u}) {
    const Network network = seed > 0 ? randomWaveNet(seed)
                                     : plainWaveNet({{8, 3, {1, 2, 4, 64, 512}}, {3, 6, {1, 13, 239}}},
                                                    {.kind = ActivationKind::tanh}, 1, 9);
    onEveryInstructionSet([&] {
      const auto program = makeProgram(network);
      const Mono whole = played(*program->makePlayer(), input, 4096);
      for (const FrameCount block : {1, 7, 16, 33, 48, 64, 96, 127, 480})
        EXPECT_EQ(played(*program->makePlayer(), input, block), whole) << block;
      EXPECT_EQ(played(*program->makePlayer(), input, testing::splits(9000, 200, 4)), whole);
    });
  }
}

TEST(WaveNet, SettlesToItsStateAfterSilence) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto player = makeProgram(randomWaveNet(seed))->makePlayer();
    const Mono fresh = played(*player, testing::silence(64));
    for (const float value : fresh) EXPECT_EQ(value, fresh[0]);
    played(*player, testing::noise(3000, 0.7f, seed), 77);
    player->settle();
    EXPECT_EQ(played(*player, testing::silence(64)), fresh);
  }
}

TEST(WaveNet, CountsItsCostAndMemory) {
  const std::vector<int> dilations{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  const Network standard =
      plainWaveNet({{16, 3, dilations}, {8, 3, dilations}}, {.kind = ActivationKind::tanh}, 1, 1);
  const Cost cost = makeProgram(standard)->cost();
  // 16 + 10 (16 x 16 x 3 + 16 + 16 x 16) + 16 x 8, and 16 x 8 + 10 (8 x 8 x 3 + 8 + 8 x 8) + 8 without the
  // last 1x1.
  EXPECT_DOUBLE_EQ(cost.multiplyAdds, 16 + 10400 + 128 + 128 + 2640 + 8 - 64);
  EXPECT_EQ(cost.receptiveFieldFrames, 1 + 2 * 2 * 1023);
  EXPECT_LT(cost.weightBytes + cost.stateBytes, 1u << 20);
}

TEST(WaveNet, SlimsToItsFirstChannels) {
  Network network = plainWaveNet({{4, 3, {1, 5}}, {3, 2, {2, 3}}}, {.kind = ActivationKind::tanh}, 1, 3);
  auto& net = std::get<WaveNet>(network.kind);
  net.arrays[0].widths = {2, 4};
  net.arrays[1].widths = {1, 2, 3};
  const auto widths = [&](double size) {
    const WaveNet cut = cutToSize(net, size);
    return std::pair(cut.arrays[0].rechannel.outputs, cut.arrays[1].rechannel.outputs);
  };
  EXPECT_EQ(widths(0.0), std::pair(2, 1));
  EXPECT_EQ(widths(0.4), std::pair(2, 2));
  EXPECT_EQ(widths(0.5), std::pair(4, 2));
  EXPECT_EQ(widths(0.7), std::pair(4, 3));
  EXPECT_EQ(widths(1.0), std::pair(4, 3));

  const Mono input = testing::noise(600, 0.7f, 1);
  for (const double size : {0.0, 0.4, 0.5, 1.0})
    EXPECT_LT(
        errorDb({cutToSize(net, size)}, input, played(*makeProgram(network, size)->makePlayer(), input)),
        -100.0);
}

/// Each convolutional capture of ../shared/data, at each size of which there is a reference.
struct Reference {
  const char* file;
  const char* name;
  double size = 1.0;
};

TEST(WaveNet, IsTrueToTheReferenceAtAnyBlockSizeOnEveryInstructionSet) {
#ifdef GAINSTAGE_SANITIZED
  GTEST_SKIP() << "half an hour under a sanitizer; the random architectures take the same paths";
#endif
  if (!std::filesystem::exists(captureFolder())) GTEST_SKIP() << "no ../shared/data/captures";
  const std::vector<Reference> references{{"nam-core/A2.nam", "A2"},
                                          {"nam-core/A2.nam", "A2.slim0", 0.0},
                                          {"nam-core/slimmable_container.nam", "slimmable_container"},
                                          {"nam-core/slimmable_wavenet.nam", "slimmable_wavenet"},
                                          {"nam-core/slimmable_wavenet.nam", "slimmable_wavenet.slim0", 0.0},
                                          {"nam-core/wavenet.nam", "wavenet"},
                                          {"nam-core/wavenet_a1_standard.nam", "wavenet_a1_standard"},
                                          {"nam-core/wavenet_a2_max.nam", "wavenet_a2_max"},
                                          {"nam-core/wavenet_condition_dsp.nam", "wavenet_condition_dsp"},
                                          {"neural-audio/BossWN-a2.nam", "BossWN-a2"},
                                          {"neural-audio/BossWN-a2.nam", "BossWN-a2.slim0", 0.0},
                                          {"neural-audio/BossWN-feather.nam", "BossWN-feather"},
                                          {"neural-audio/BossWN-nano.nam", "BossWN-nano"},
                                          {"neural-audio/BossWN-standard.nam", "BossWN-standard"}};
  const std::vector<float> probe = referenceAudio("probe48.wav");
  for (const Reference& reference : references) {
    SCOPED_TRACE(reference.name);
    const auto file = readCaptureFile(captureFolder() / reference.file);
    ASSERT_TRUE(file) << file.error().message;
    const std::vector<float> expected = referenceAudio(std::string(reference.name) + ".probe.wav");
    onEveryInstructionSet([&] {
      const auto program = makeProgram((*file)->network, reference.size);
      // Every block size gives the same bits (see above): one is compared, a different one for each set.
      constexpr FrameCount kBlocks[] = {64, 7, 16, 1, 96, 480, 4096};
      static std::size_t turn = 0;
      const FrameCount block = kBlocks[turn++ % std::size(kBlocks)];
      const Mono output = played(*program->makePlayer(), probe, block);
      EXPECT_LT(neural::errorDb(std::vector<double>(output.begin(), output.end()), expected), -100.0)
          << "blocks of " << block;
    });
  }
}

}  // namespace
}  // namespace gainstage::neural
