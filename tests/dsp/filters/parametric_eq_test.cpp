#include "dsp/filters/parametric_eq.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;
using testing::Signal;
using Type = EqBand::Type;

ParametricEq prepared(double rate = 48000.0) {
  ParametricEq eq;
  eq.prepare({rate, 1024});
  return eq;
}

Signal render(ParametricEq& eq, Signal io, FrameCount block = 64, unsigned seed = 0) {
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) { eq.process(view); });
  return io;
}

double gainDb(ParametricEq& eq, double frequencyHz, double rate) {
  eq.reset();
  const auto frames = static_cast<FrameCount>(rate);
  const Mono in = testing::sine(frequencyHz, rate, 2 * frames, 0.5f);
  const Mono out = render(eq, {in})[0];
  return testing::decibels(
      testing::amplitudeAt(std::span(out).last(static_cast<std::size_t>(frames)), frequencyHz, rate) /
      testing::amplitudeAt(std::span(in).last(static_cast<std::size_t>(frames)), frequencyHz, rate));
}

TEST(ParametricEq, BandsHaveTheirGainWhereTheySayIt) {
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    SCOPED_TRACE(rate);
    for (const double gain : {-18.0, -3.0, 6.0, 18.0})
      for (const double hz : {30.0, 1000.0, 8000.0}) {
        ParametricEq eq = prepared(rate);
        eq.setBand(2, {.type = Type::bell, .frequency = {hz}, .gain = {gain}, .q = 2.0});
        EXPECT_NEAR(gainDb(eq, hz, rate), gain, 0.01);
        eq.setBand(2, {.type = Type::lowShelf, .frequency = {hz}, .gain = {gain}});
        EXPECT_NEAR(gainDb(eq, hz, rate), gain / 2.0, 0.01);
        EXPECT_NEAR(gainDb(eq, hz / 20.0, rate), gain, 0.1);
        eq.setBand(2, {.type = Type::highShelf, .frequency = {hz}, .gain = {gain}});
        EXPECT_NEAR(gainDb(eq, hz, rate), gain / 2.0, 0.01);
        EXPECT_NEAR(gainDb(eq, hz / 20.0, rate), 0.0, 0.1);
      }
    for (const Type type : {Type::highPass, Type::lowPass}) {
      ParametricEq eq = prepared(rate);
      eq.setBand(0, {.type = type, .frequency = {500.0}});
      EXPECT_NEAR(gainDb(eq, 500.0, rate), -3.01, 0.01);
      EXPECT_NEAR(
          gainDb(eq, type == Type::highPass ? 50.0 : 5000.0, rate), -40.0,
          0.8);  // 12 dB per octave; the bilinear transform makes the low-pass steeper towards Nyquist
      EXPECT_NEAR(gainDb(eq, type == Type::highPass ? 5000.0 : 50.0, rate), 0.0, 0.01);
    }
  }
}

TEST(ParametricEq, BandsAddUpInDecibels) {
  const EqBand bands[] = {{.type = Type::lowShelf, .frequency = {120.0}, .gain = {4.0}},
                          {.frequency = {250.0}, .gain = {-5.0}, .q = 1.4},
                          {.frequency = {800.0}, .gain = {3.0}, .q = 0.8},
                          {.frequency = {2500.0}, .gain = {-7.0}, .q = 3.0},
                          {.frequency = {6000.0}, .gain = {2.0}, .q = 5.0},
                          {.type = Type::highShelf, .frequency = {9000.0}, .gain = {-6.0}}};
  for (const double hz : {60.0, 250.0, 900.0, 2400.0, 6100.0, 15000.0}) {
    ParametricEq all = prepared();
    double sum = 0.0;
    for (int i = 0; i < ParametricEq::kBands; ++i) {
      all.setBand(i, bands[i]);
      ParametricEq one = prepared();
      one.setBand(i, bands[i]);
      sum += gainDb(one, hz, 48000.0);
    }
    EXPECT_NEAR(gainDb(all, hz, 48000.0), sum, 0.001) << hz;
  }
}

TEST(ParametricEq, LeavesEveryBitWhereNoBandDoesAnything) {
  ParametricEq eq = prepared();
  eq.setBand(0, {.type = Type::lowShelf, .frequency = {100.0}});
  eq.setBand(1, {.on = false, .frequency = {100.0}, .gain = {12.0}});
  const Mono in = testing::noise(4800);
  EXPECT_EQ(render(eq, {in})[0], in);
  eq.setBand(1, {.on = true, .frequency = {100.0}, .gain = {12.0}});
  EXPECT_NE(render(eq, {in})[0], in);
  eq.setBand(1, {.on = false, .frequency = {100.0}, .gain = {12.0}});
  const Mono out = render(eq, {in})[0];
  EXPECT_TRUE(std::ranges::equal(std::span(out).subspan(960), std::span(in).subspan(960)));
}

TEST(ParametricEq, GivesTheSameBitsHoweverItIsSplitWhileItMoves) {
  const Signal in{testing::noise(6000, 0.5f, 1), testing::noise(6000, 0.5f, 2)};
  Signal reference;
  for (const FrameCount block : {3000, 1, 7, 64, 96, 1024}) {
    ParametricEq eq = prepared();
    for (int i = 0; i < ParametricEq::kBands; ++i)
      eq.setBand(i, {.frequency = {100.0 * (1 << i)}, .gain = {6.0}});
    eq.reset();
    Signal out(2);
    for (const std::size_t start : {0u, 3000u}) {
      Signal part;
      for (const Mono& channel : in)
        part.emplace_back(channel.begin() + start, channel.begin() + start + 3000);
      part = render(eq, part, block, block == 1024 ? 5 : 0);
      for (std::size_t c = 0; c < 2; ++c) out[c].insert(out[c].end(), part[c].begin(), part[c].end());
      eq.setBand(3, {.type = Type::highShelf, .frequency = {5000.0}, .gain = {-12.0}});
      eq.setBand(5, {.on = false});
    }
    if (reference.empty()) reference = out;
    EXPECT_EQ(out, reference) << "blocks of " << block;
  }
}

// Ten seconds of every band jumping anywhere every 5 ms, at the narrowest and strongest that there is: what
// comes out never exceeds what six such bands could do at rest.
TEST(ParametricEq, StaysBoundedWhileEverythingJumps) {
  ParametricEq eq = prepared();
  std::mt19937 generator(11);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(generator);
  };
  double largest = 0.0;
  for (int change = 0; change < 2000; ++change) {
    eq.setBand(static_cast<int>(generator() % 6), {.on = generator() % 4 != 0,
                                                   .type = static_cast<Type>(generator() % 5),
                                                   .frequency = {20.0 * std::pow(1000.0, uniform(0.0, 1.0))},
                                                   .gain = {uniform(-18.0, 18.0)},
                                                   .q = std::pow(10.0, uniform(-1.0, 1.0))});
    const Mono out = render(eq, {testing::noise(240, 0.5f, static_cast<unsigned>(change + 1))})[0];
    ASSERT_TRUE(testing::allFinite(out));
    largest = std::max(largest, testing::peak(out));
  }
  EXPECT_LT(testing::decibels(largest / 0.5), 6 * 20.0);
  // And it forgets all that within its slowest ring: 20 Hz at q 10 falls by 60 dB in 1.1 s.
  const Mono tail = render(eq, {testing::silence(96000)})[0];
  EXPECT_LT(testing::decibels(testing::peak(std::span(tail).last(4800))), testing::decibels(largest) - 60.0);
}

}  // namespace
}  // namespace gainstage::dsp
