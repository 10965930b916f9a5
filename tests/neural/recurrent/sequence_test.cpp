#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "neural/instruction_sets.h"
#include "neural/programs.h"
#include "neural/recurrent/exact_sequence.h"
#include "neural/recurrent/random_sequence.h"
#include "support/audio.h"

namespace gainstage::neural {
namespace {

using testing::Mono;
using testing::Signal;

constexpr FrameCount kSilence = 96000;  // enough for any network here to settle
constexpr FrameCount kFrames = 1500;

Signal play(Player& player, int outputs, const Mono& in, const std::vector<FrameCount>& calls) {
  Signal out(static_cast<std::size_t>(outputs), Mono(in.size()));
  std::vector<float*> rows(out.size());
  FrameCount at = 0;
  for (const FrameCount frames : calls) {
    for (std::size_t c = 0; c < out.size(); ++c) rows[c] = out[c].data() + at;
    const float* source = in.data() + at;
    RealtimeScope realtime;
    player.process(ConstAudioView(&source, 1, frames), AudioView(rows.data(), outputs, frames));
    at += frames;
  }
  return out;
}

Signal play(const Program& program, const Mono& in, const std::vector<FrameCount>& calls) {
  return play(*program.makePlayer(), program.outputs(), in, calls);
}

/// The network after silence, against double precision, on every instruction set; the same bits however the
/// stream is split.
void expectTrue(const Sequence& network, double worstDb = -115.0) {
  const Mono in = testing::noise(kFrames, 0.8f, 7);
  ExactSequence exact(network);
  exact.play(testing::silence(kSilence / 10));
  const auto wanted = exact.play(in);
  onEveryInstructionSet([&] {
    const auto program = makeSequenceProgram(network);
    const Signal out = play(*program, in, testing::splits(kFrames, 64));
    ASSERT_EQ(out.size(), wanted.size());
    for (std::size_t c = 0; c < out.size(); ++c)
      EXPECT_LT(errorDb(out[c], wanted[c]), worstDb) << "output " << c;
    for (const FrameCount block : {1, 7, 480, kFrames})
      EXPECT_EQ(play(*program, in, testing::splits(kFrames, block)), out) << "in blocks of " << block;
    EXPECT_EQ(play(*program, in, testing::splits(kFrames, 200, 3)), out);
  });
}

TEST(Sequence, PlaysLstmsOfAnySizeAsTheTextBookHasThem) {
  for (const int units : {1, 3, 8, 12, 16, 20, 24, 31, 32, 40, 48, 64}) {
    SCOPED_TRACE(units);
    expectTrue({.layers = {randomLstm(1, units, 1), randomActivated(units, 1, ActivationKind::identity, 5)}});
  }
}

TEST(Sequence, PlaysGrusOfAnySizeAsTheTextBookHasThem) {
  for (const int units : {1, 3, 8, 12, 16, 20, 24, 31, 32, 40, 48, 64}) {
    SCOPED_TRACE(units);
    expectTrue({.layers = {randomGru(1, units, 1), randomActivated(units, 1, ActivationKind::identity, 5)}});
  }
}

TEST(Sequence, PlaysChainsOfRecurrentLayers) {
  const auto dense = [](int units) { return randomActivated(units, 2, ActivationKind::identity, 5); };
  expectTrue({.layers = {randomLstm(1, 8, 1), randomLstm(8, 8, 9), dense(8)}});
  expectTrue({.layers = {randomLstm(1, 16, 1), randomLstm(16, 16, 9), randomLstm(16, 16, 11), dense(16)}});
  expectTrue({.layers = {randomLstm(1, 20, 1), randomLstm(20, 5, 9), dense(5)}});
  expectTrue({.layers = {randomGru(1, 9, 1), randomLstm(9, 6, 9), randomGru(6, 17, 11), dense(17)}});
}

TEST(Sequence, PlaysARecurrentLayerWithoutAnythingBehindIt) {
  expectTrue({.layers = {randomGru(1, 2, 1)}});
  expectTrue({.layers = {randomLstm(1, 3, 1)}});
}

TEST(Sequence, PlaysDenseAndConvolvingLayersWithEveryActivation) {
  using enum ActivationKind;
  unsigned seed = 1;
  for (const ActivationKind kind : {identity, tanh, hardTanh, fastTanh, relu, leakyRelu, sigmoid, silu,
                                    hardSwish, leakyHardTanh, softsign, elu}) {
    SCOPED_TRACE(static_cast<int>(kind));
    expectTrue({.layers = {randomLstm(1, 10, ++seed), randomActivated(10, 18, kind, ++seed, 3, 2),
                           randomActivated(18, 6, kind, ++seed, 2, 1, 3),
                           randomActivated(6, 1, kind == leakyRelu ? tanh : kind, ++seed)}},
               -105.0);
  }
}

TEST(Sequence, PlaysAConvolutionInFrontOfARecurrentLayer) {
  expectTrue({.layers = {randomActivated(1, 4, ActivationKind::tanh, 3, 12), randomLstm(4, 8, 1),
                         randomActivated(8, 1, ActivationKind::identity, 5)}});
}

TEST(Sequence, AppliesGainsSkipAndParameters) {
  Sequence network{.layers = {randomLstm(3, 8, 1), randomActivated(8, 1, ActivationKind::identity, 5)}};
  network.parameters = {0.3f, -0.9f};
  network.skip = true;
  network.inputGain = 1.7f;
  network.outputGain = 0.4f;
  expectTrue(network);
  network.layers[0] = randomGru(3, 8, 1);
  expectTrue(network);
  // Parameters have been there for ever: all taps of a convolution see them.
  network.layers[0] = randomActivated(3, 8, ActivationKind::tanh, 4, 5);
  expectTrue(network);
}

TEST(Sequence, BeginsSettledAndSettlesAgain) {
  const Sequence network{
      .layers = {randomLstm(1, 16, 1), randomActivated(16, 1, ActivationKind::identity, 5)}};
  const auto program = makeSequenceProgram(network);
  const auto player = program->makePlayer();
  const Mono in = testing::noise(2000, 0.8f, 7);
  const Mono settled = play(*player, 1, testing::silence(4800), {4800})[0];
  EXPECT_LT(testing::largestDifference(settled, Mono(4800, settled[0])), 1e-6);
  const auto fresh = program->makePlayer();
  const Signal first = play(*fresh, 1, in, {2000});
  {
    RealtimeScope realtime;
    fresh->settle();
  }
  EXPECT_EQ(play(*fresh, 1, in, {2000}), first);
}

TEST(Sequence, WritesOverItsInput) {
  Sequence network{.layers = {randomLstm(1, 8, 1), randomActivated(8, 1, ActivationKind::identity, 5)}};
  network.skip = true;
  const auto program = makeSequenceProgram(network);
  const Mono in = testing::noise(500, 0.8f, 7);
  const Signal apart = play(*program->makePlayer(), 1, in, {500});
  Signal same{in};
  const auto player = program->makePlayer();
  testing::renderInPlace(same, testing::splits(500, 90), [&](AudioView io) { player->process(io, io); });
  EXPECT_EQ(same, apart);
}

TEST(Sequence, RecoversFromWhatIsNotANumber) {
  for (const Sequence::Layer& layer :
       {Sequence::Layer(randomLstm(1, 16, 1)), Sequence::Layer(randomGru(1, 16, 1))}) {
    const Sequence network{.layers = {layer, randomActivated(16, 1, ActivationKind::identity, 5)}};
    const auto program = makeSequenceProgram(network);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      Mono in = testing::noise(1000, 0.8f, 7);
      in[100] = bad;
      const auto player = program->makePlayer();
      play(*player, 1, in, {1000});
      {
        RealtimeScope realtime;
        player->settle();
      }
      const Mono good = testing::noise(1000, 0.8f, 8);
      EXPECT_EQ(play(*player, 1, good, {1000}), play(*program->makePlayer(), 1, good, {1000}));
    }
  }
}

TEST(Sequence, CountsItsMultiplications) {
  const auto program = makeSequenceProgram(
      {.layers = {randomLstm(1, 16, 1), randomActivated(16, 1, ActivationKind::identity, 5)}});
  EXPECT_EQ(program->cost().multiplyAdds, 4.0 * 16.0 * 17.0 + 16.0);
  EXPECT_EQ(program->cost().receptiveFieldFrames, 0);
  EXPECT_GE(program->cost().weightBytes, 4u * 1104u);
  EXPECT_LT(program->cost().weightBytes, 8u * 1104u);
}

}  // namespace
}  // namespace gainstage::neural
