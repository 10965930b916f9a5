#include "dsp/dynamics/gate.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

Gate prepared(double rate = 48000.0) {
  Gate gate;
  gate.prepare({rate, 1024});
  gate.setThreshold({-40.0});
  gate.setHysteresis({6.0});
  gate.setAttack({2.0});
  gate.setHold({30.0});
  gate.setRelease({100.0});
  gate.setRange({60.0});
  gate.reset();
  return gate;
}

Signal render(Gate& gate, Signal io, FrameCount block = 64, unsigned seed = 0) {
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) { gate.process(view); });
  return io;
}

Mono joined(std::initializer_list<Mono> parts) {
  Mono all;
  for (const Mono& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

FrameCount framesOf(double ms, double rate = 48000.0) {
  return static_cast<FrameCount>(ms * 1e-3 * rate + 0.5);
}

TEST(Gate, OpensInItsAttackTimeHoldsAndShutsInItsReleaseTime) {
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    SCOPED_TRACE(rate);
    Gate gate = prepared(rate);
    // -30 dB opens; -60 dB is far below: the gain is seen in both.
    const Mono in = joined({testing::dc(0.001f, 1000), testing::dc(0.0316f, framesOf(50.0, rate)),
                            testing::dc(0.001f, framesOf(200.0, rate))});
    const Mono out = render(gate, {in})[0];
    const auto gain = [&](std::size_t n) { return static_cast<double>(out[n]) / static_cast<double>(in[n]); };
    EXPECT_NEAR(decibels(gain(999)), -60.0, 0.01);
    const auto attack = static_cast<std::size_t>(framesOf(2.0, rate));
    EXPECT_NEAR(gain(1000 + attack / 2 - 1), 0.5, 0.02);  // half the way after half the time
    EXPECT_LT(gain(1000 + attack - 2), 1.0);
    EXPECT_EQ(gain(1000 + attack - 1), 1.0);
    const std::size_t fell = 1000 + static_cast<std::size_t>(framesOf(50.0, rate));
    const auto hold = static_cast<std::size_t>(framesOf(30.0, rate));
    EXPECT_EQ(gain(fell + hold - 1), 1.0);
    EXPECT_LT(gain(fell + hold), 1.0);
    const auto release = static_cast<std::size_t>(framesOf(100.0, rate));
    EXPECT_NEAR(gain(fell + hold + release / 2), 0.5, 0.01);
    // p = 0.05 of the way is left: p^2 (3 - 2p) = 0.00725, and 0.001 from the range.
    EXPECT_NEAR(decibels(gain(fell + hold + release * 19 / 20)), -41.7, 0.3);
    EXPECT_NEAR(decibels(gain(fell + hold + release)), -60.0, 0.01);
  }
}

TEST(Gate, BetweenItsThresholdsItStaysAsItIs) {
  const Mono between = testing::dc(Decibels{-43.0}.linear(), 48000);
  Gate gate = prepared();
  EXPECT_LT(decibels(testing::peak(render(gate, {between})[0])), -43.0 - 59.9);
  Mono in = joined({testing::dc(0.1f, 480), between});
  EXPECT_EQ(render(gate, {in})[0].back(), in.back());
  in = joined({testing::dc(Decibels{-46.1}.linear(), 48000)});
  EXPECT_LT(decibels(std::abs(static_cast<double>(render(gate, {in})[0].back()))), -46.1 - 59.9);
}

TEST(Gate, LeavesEveryBitWhileItIsOpen) {
  Gate gate = prepared();
  const Mono in = testing::sine(82.4, 48000.0, 48000, 0.1f);
  const Mono out = render(gate, {in})[0];
  EXPECT_TRUE(std::ranges::equal(std::span(out).subspan(960), std::span(in).subspan(960)));
}

TEST(Gate, ADecayingNoteClosesItOnce) {
  Gate gate = prepared();
  Mono in = testing::sine(110.0, 48000.0, 96000, 0.5f);
  for (std::size_t n = 0; n < in.size(); ++n)
    in[n] *= static_cast<float>(std::exp(-3.5 * static_cast<double>(n) / 48000.0));
  const Mono out = render(gate, {in})[0];
  int changes = 0;
  bool open = false;
  for (std::size_t n = 0; n < in.size(); ++n) {
    if (std::abs(in[n]) < 1e-6f) continue;
    const bool now = out[n] == in[n];
    if (now != open) ++changes;
    open = now;
  }
  EXPECT_EQ(changes, 2);  // opened, closed
}

TEST(Gate, NeitherOpeningNorShuttingIsSteeperThanItsCurve) {
  Gate gate = prepared();
  const Mono in = joined({testing::dc(0.0001f, 480), testing::dc(0.02f, 4800), testing::dc(0.004f, 9600)});
  const Mono out = render(gate, {in})[0];
  // p^2 (3 - 2p) is steepest in its middle: 1.5 of the way for each whole time.
  EXPECT_LE(testing::largestStep(std::span(out).subspan(480, 4800)), 1.01 * 0.02 * 1.5 / framesOf(2.0));
  EXPECT_LE(testing::largestStep(std::span(out).last(9600)), 1.01 * 0.004 * 1.5 / framesOf(100.0));
}

TEST(Gate, TheLouderChannelOpensBoth) {
  Gate gate = prepared();
  const Mono soft = testing::dc(0.0001f, 4800), loud = testing::dc(-0.5f, 4800);
  for (const bool loudFirst : {true, false}) {
    gate.reset();
    const Signal out = render(gate, loudFirst ? Signal{loud, soft} : Signal{soft, loud});
    EXPECT_EQ(out[loudFirst ? 1 : 0].back(), soft.back());
  }
}

TEST(Gate, GivesTheSameBitsHoweverItIsSplit) {
  Mono in = testing::noise(20000, 0.02f);
  for (std::size_t n = 5000; n < 12000; ++n) in[n] *= 0.1f;
  Mono reference;
  for (const FrameCount block : {20000, 1, 7, 64, 96, 1024}) {
    Gate gate = prepared();
    gate.setRange({40.0});
    const Mono out = render(gate, {in}, block, block == 1024 ? 5 : 0)[0];
    if (reference.empty()) reference = out;
    EXPECT_EQ(out, reference) << "blocks of " << block;
  }
}

}  // namespace
}  // namespace gainstage::dsp
