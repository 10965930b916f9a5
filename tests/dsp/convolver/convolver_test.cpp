#include "dsp/convolver/convolver.h"

#include <cmath>
#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <limits>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;
using testing::Signal;

/// Noise that decays by 60 dB.
Mono response(FrameCount taps, unsigned seed = 7) {
  Mono samples = testing::noise(taps, 1.0f, seed);
  for (std::size_t k = 0; k < samples.size(); ++k)
    samples[k] *= static_cast<float>(std::pow(10.0, -3.0 * static_cast<double>(k) / taps));
  return samples;
}

Convolution mono(const Mono& taps) { return {1, 1, {taps}, {{0, 0, 0}}}; }

/// What the convolver makes of the signal in calls of the given lengths.
Signal render(Convolver& convolver, const Signal& in, std::span<const FrameCount> calls) {
  Signal io = in;
  io.resize(static_cast<std::size_t>(std::max(convolver.inputs(), convolver.outputs())), Mono(in[0].size()));
  testing::renderInPlace(io, calls, [&](AudioView view) {
    convolver.process(view.channelRange(0, convolver.inputs()), view.channelRange(0, convolver.outputs()));
  });
  io.resize(static_cast<std::size_t>(convolver.outputs()));
  return io;
}

Signal render(const Convolution& convolution, const Signal& in, std::span<const FrameCount> calls) {
  Convolver convolver;
  convolver.prepare(convolution);
  return render(convolver, in, calls);
}

FrameCount framesOf(const Signal& signal) { return static_cast<FrameCount>(signal[0].size()); }

/// The sum of products as it is defined, in double precision.
double convolved(const Mono& in, const Mono& taps, std::size_t frame) {
  double sum = 0.0;
  for (std::size_t k = 0; k <= frame && k < taps.size(); ++k)
    sum += static_cast<double>(taps[k]) * static_cast<double>(in[frame - k]);
  return sum;
}

/// Largest error in dB of the output's peak, at every `stride`-th frame.
double errorDb(const Mono& in, const Mono& taps, const Mono& out, std::size_t stride) {
  double error = 0.0;
  for (std::size_t frame = 0; frame < in.size(); frame += stride)
    error = std::max(error, std::abs(static_cast<double>(out[frame]) - convolved(in, taps, frame)));
  return testing::decibels(error / testing::peak(out));
}

TEST(Convolver, IsTheSumOfProductsForResponsesOfAnyLength) {
  for (const FrameCount taps : {1, 2, 63, 64, 65, 127, 128, 129, 500, 512, 513, 2048, 5000, 48000}) {
    SCOPED_TRACE(taps);
    const Signal in{testing::noise(std::min(3 * taps + 300, 60000), 1.0f, 1)};
    const Mono h = response(taps);
    const Signal out = render(mono(h), in, testing::splits(framesOf(in), 300, 2));
    EXPECT_LT(errorDb(in[0], h, out[0], taps < 1000 ? 1 : 61), -125.0);
  }
}

TEST(Convolver, IsTheSumOfProductsForResponsesOfManySeconds) {
  for (const FrameCount taps : {192000, 2000000}) {
    SCOPED_TRACE(taps);
    const Signal in{testing::noise(taps + 70000, 1.0f, 1)};
    const Mono h = response(taps);
    const Signal out = render(mono(h), in, testing::splits(framesOf(in), 8192));
    EXPECT_LT(errorDb(in[0], h, out[0], 62501), -125.0);
  }
}

TEST(Convolver, GivesTheSameBitsHoweverTheStreamIsSplit) {
  for (const FrameCount taps : {40, 700, 40000}) {
    const Mono h = response(taps);
    const Signal in{testing::noise(50000, 1.0f, 3)};
    Convolver convolver;
    convolver.prepare(mono(h));
    const Signal expected = render(convolver, in, testing::splits(50000, 64));
    for (const auto& [length, seed] :
         {std::pair{1, 0u}, {7, 0u}, {16, 0u}, {96, 0u}, {1024, 0u}, {8192, 0u}, {150, 11u}}) {
      convolver.reset();
      EXPECT_EQ(render(convolver, in, testing::splits(50000, length, seed)), expected)
          << taps << " taps, " << length;
    }
  }
}

TEST(Convolver, AddsNoLatencyWhateverTheCall) {
  Mono h = response(3000);
  h[0] = 0.75f;
  for (const FrameCount length : {1, 16, 63, 64, 1000}) {
    Convolver convolver;
    convolver.prepare(mono(h));
    for (const FrameCount at : {0, length / 2, length - 1}) {
      convolver.reset();
      const Signal out = render(convolver, {testing::impulse(length, at)}, testing::splits(length, length));
      for (FrameCount n = 0; n < length; ++n)
        ASSERT_NEAR(out[0][static_cast<std::size_t>(n)], n < at ? 0.0f : h[static_cast<std::size_t>(n - at)],
                    1e-6);
    }
  }
}

TEST(Convolver, PutsEveryTapAtItsFrame) {
  // One tap at each border between partitions, and around.
  for (const FrameCount border : {64, 128, 512, 2048, 8192, 32768}) {
    for (const FrameCount tap : {border - 1, border, border + 1}) {
      Mono h = testing::silence(90000);
      h[static_cast<std::size_t>(tap)] = 1.0f;
      const Signal in{testing::noise(50000, 1.0f, 4)};
      const Signal out = render(mono(h), in, testing::splits(50000, 64));
      double error = 0.0;
      for (FrameCount n = 0; n < 50000; ++n) {
        const float expected = n < tap ? 0.0f : in[0][static_cast<std::size_t>(n - tap)];
        error =
            std::max(error, std::abs(static_cast<double>(out[0][static_cast<std::size_t>(n)] - expected)));
      }
      EXPECT_LT(testing::decibels(error), -120.0) << tap;
    }
  }
}

TEST(Convolver, SilencedByResetItStartsAsIfNew) {
  for (const FrameCount taps : {60, 1000, 30000}) {
    const Mono h = response(taps);
    const Signal in{testing::noise(40000, 1.0f, 5)};
    Convolver convolver;
    convolver.prepare(mono(h));
    const Signal first = render(convolver, in, testing::splits(40000, 64));
    render(convolver, {testing::noise(12345, 1.0f, 6)}, testing::splits(12345, 100, 1));
    convolver.reset();
    EXPECT_EQ(render(convolver, in, testing::splits(40000, 64)), first);
  }
}

TEST(Convolver, MatricesOfPathsAreTheSumsOfTheirPaths) {
  const std::vector<Mono> h{response(5000, 1), response(4000, 2), response(3000, 3), response(20, 4)};
  const std::vector<std::vector<ConvolutionPath>> matrices{
      {{0, 0, 0}, {0, 1, 1}},                        // one channel, stereo response
      {{0, 0, 0}, {1, 1, 0}},                        // two channels, mono response
      {{0, 0, 0}, {1, 1, 1}},                        // two channels, stereo response
      {{0, 0, 0}, {0, 1, 1}, {1, 0, 2}, {1, 1, 3}},  // true stereo
      {{1, 0, 2}},                                   // an input and an output that nothing leads to
  };
  const auto calls = testing::splits(20000, 200, 8);
  for (const auto& paths : matrices) {
    const bool oneIn = paths.size() == 2 && paths[1].input == 0;
    Convolution convolution{oneIn ? 1 : 2, 2, {h[0], h[1], h[2], h[3]}, paths};
    Signal in{testing::noise(20000, 1.0f, 1), testing::noise(20000, 1.0f, 2)};
    if (oneIn) in.pop_back();
    const Signal out = render(convolution, in, calls);
    Signal expected(2, Mono(20000));
    for (const ConvolutionPath& path : paths) {
      const Signal part = render(mono(h[static_cast<std::size_t>(path.response)]),
                                 {in[static_cast<std::size_t>(path.input)]}, calls);
      for (std::size_t n = 0; n < 20000; ++n)
        expected[static_cast<std::size_t>(path.output)][n] += part[0][n];
    }
    for (std::size_t c = 0; c < 2; ++c)
      EXPECT_LE(testing::largestDifference(out[c], expected[c]), 1e-6 * testing::peak(expected[c]));
  }
}

TEST(Convolver, AnEmptyResponseIsSilence) {
  const Signal out = render(mono({}), {testing::noise(500)}, testing::splits(500, 64));
  EXPECT_EQ(testing::peak(out[0]), 0.0);
}

TEST(Convolver, RecoversFromWhatIsNotANumberOnceItHasPassed) {
  const Mono h = response(3000);
  Signal in{testing::noise(20000, 1.0f, 9)};
  const Signal clean = render(mono(h), in, testing::splits(20000, 64));
  in[0][1000] = std::numeric_limits<float>::quiet_NaN();
  const Signal out = render(mono(h), in, testing::splits(20000, 64));
  EXPECT_TRUE(std::isnan(out[0][1000]));
  // The response, and the block of the largest partition that the sample spoilt.
  constexpr std::ptrdiff_t recovered = 1000 + 3000 + 3 * 1024;
  EXPECT_TRUE(std::equal(out[0].begin() + recovered, out[0].end(), clean[0].begin() + recovered));
}

TEST(Convolver, EveryInstructionSetOfThisMachineGivesTheSumOfProducts) {
  const Mono h = response(6000);
  const Signal in{testing::noise(20000, 1.0f, 1)};
  const auto calls = testing::splits(20000, 100, 5);
  const auto targets = hwy::SupportedAndGeneratedTargets();
  ASSERT_GE(targets.size(), 2u);
  for (const std::int64_t target : targets) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::GetChosenTarget().Update(target);
    Convolver convolver;
    convolver.prepare(mono(h));
    const Signal out = render(convolver, in, calls);
    EXPECT_LT(errorDb(in[0], h, out[0], 37), -125.0);
    convolver.reset();
    EXPECT_EQ(render(convolver, in, testing::splits(20000, 64)), out);
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace
}  // namespace gainstage::dsp
