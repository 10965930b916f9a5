#include "dsp/fade.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

#include "support/audio.h"
#include "support/steps.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;
using testing::Signal;

const StreamFormat kFormat{48000.0, 64};
constexpr FrameCount kOpening = 960, kClosing = 240;  // 20 ms, 5 ms

Fade makeFade(bool open) {
  Fade fade;
  fade.prepare(kFormat, 20_ms, 5_ms);
  fade.snapTo(open);
  return fade;
}

Mono render(Fade& fade, Mono samples, FrameCount block = 64, unsigned seed = 0) {
  Signal io{std::move(samples)};
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) { fade.process(view); });
  return io[0];
}

TEST(SmoothStep, StaysWithin1PercentOfTheRaisedCosine) {
  for (int k = 0; k <= 1000; ++k) {
    const float position = static_cast<float>(k) / 1000.0f;
    EXPECT_NEAR(smoothStep(position), 0.5 - 0.5 * std::cos(std::numbers::pi * position), 0.0101);
    EXPECT_NEAR(smoothStep(position) + smoothStep(1.0f - position), 1.0f, 2e-7f);
  }
  EXPECT_EQ(smoothStep(0.0f), 0.0f);
  EXPECT_EQ(smoothStep(1.0f), 1.0f);
}

TEST(Fade, OpensAndClosesInTheTimesGivenWithoutASteepPlace) {
  Fade fade = makeFade(false);
  fade.setOpen(true);
  const Mono opening = render(fade, testing::dc(1.0f, kOpening + 50));
  EXPECT_TRUE(std::ranges::is_sorted(opening));
  EXPECT_LT(opening[kOpening - 2], 1.0f);
  EXPECT_EQ(opening[kOpening - 1], 1.0f);
  EXPECT_LE(testing::largestStep(opening), 1.501 / kOpening);
  EXPECT_TRUE(fade.isOpen());
  fade.setOpen(false);
  const Mono closing = render(fade, testing::dc(1.0f, kClosing + 50));
  EXPECT_TRUE(std::ranges::is_sorted(closing, std::greater{}));
  EXPECT_GT(closing[kClosing - 2], 0.0f);
  EXPECT_EQ(closing[kClosing - 1], 0.0f);
  EXPECT_TRUE(fade.isClosed());
}

TEST(Fade, TurnsRoundHalfWayWithoutAStep) {
  Fade fade = makeFade(false);
  fade.setOpen(true);
  Mono out = render(fade, testing::dc(1.0f, kOpening / 2));
  fade.setOpen(false);
  const Mono back = render(fade, testing::dc(1.0f, kClosing));
  out.insert(out.end(), back.begin(), back.end());
  EXPECT_EQ(out.back(), 0.0f);
  EXPECT_LE(testing::largestStep(out), 1.5 / kClosing);
}

TEST(Fade, PassesOpenSamplesUntouchedAndNothingAtAllWhenClosed) {
  Fade open = makeFade(true), closed = makeFade(false);
  const Mono in = testing::noise(500);
  EXPECT_EQ(render(open, in), in);
  EXPECT_EQ(render(closed, testing::dc(std::numeric_limits<float>::quiet_NaN(), 500)), testing::silence(500));
}

TEST(Fade, ClosesInAnotherTimeOnceAndInItsOwnAgain) {
  Fade fade = makeFade(true);
  fade.setOpen(false);
  render(fade, testing::dc(1.0f, 10));
  fade.close(48);
  EXPECT_EQ(render(fade, testing::dc(1.0f, 48)).back(), 0.0f);
  fade.setOpen(true);
  EXPECT_LT(render(fade, testing::dc(1.0f, kOpening - 1)).back(), 1.0f);
  EXPECT_EQ(fade.next(), 1.0f);
}

TEST(Fade, GivesTheSameBitsHoweverItIsSplit) {
  const auto whole = [] {
    Fade fade = makeFade(false);
    fade.setOpen(true);
    return render(fade, testing::noise(2000), 2000);
  }();
  for (const FrameCount block : {1, 7, 64}) {
    Fade fade = makeFade(false);
    fade.setOpen(true);
    EXPECT_EQ(whole, render(fade, testing::noise(2000), block));
  }
}

TEST(Crossfade, GoesFromOneSignalToTheOtherWithoutADipBetweenEqualOnes) {
  AudioBuffer from(2, 1000), to(2, 1000);
  for (int c = 0; c < 2; ++c) {
    std::ranges::fill(from.channel(c), 0.5f);
    std::ranges::fill(to.channel(c), c == 0 ? 0.5f : -0.25f);
  }
  Crossfade fade(960);
  EXPECT_TRUE(fade.isOver());
  fade.start();
  for (FrameCount at = 0; at < 1000; at += 8)
    fade.process(from.view().frameRange(at, 8), to.view().frameRange(at, 8));
  EXPECT_TRUE(fade.isOver());
  for (const float sample : to.channel(0)) EXPECT_NEAR(sample, 0.5f, 1e-7f);
  EXPECT_NEAR(to.channel(1)[479], 0.125f, 1e-3f);
  EXPECT_EQ(to.channel(1)[959], -0.25f);
  EXPECT_EQ(to.channel(1)[999], -0.25f);
  EXPECT_LE(testing::largestStep(to.channel(1)), 1.501 * 0.75 / 960);
}

TEST(Crossfade, TouchesNothingOnceOver) {
  AudioBuffer from(1, 64), to(1, 64);
  std::ranges::fill(from.channel(0), std::numeric_limits<float>::infinity());
  Crossfade fade(32);
  fade.start();
  fade.finish();
  fade.process(from.view(), to.view());
  EXPECT_EQ(testing::peak(to.channel(0)), 0.0);
}

TEST(StepSmoother, JoinsTwoSignalsWithoutAStepAndLetsGoInItsTime) {
  for (const FrameCount block : {1, 64, 500}) {
    const Mono before = testing::sine(200.0, 48000.0, 500, 0.8f);
    const Mono raw = testing::sine(300.0, 48000.0, 1500, 0.8f, 2.0);
    StepSmoother smoother(960);
    EXPECT_TRUE(smoother.isIdle());
    smoother.bridge(before.back(), raw.front());
    Mono after = raw;
    std::size_t at = 0;
    for (const FrameCount frames : testing::splits(1500, block)) {
      smoother.process(std::span(after).subspan(at, static_cast<std::size_t>(frames)));
      at += static_cast<std::size_t>(frames);
    }
    Mono whole = before;
    whole.insert(whole.end(), after.begin(), after.end());
    EXPECT_TRUE(testing::makesNoStep(whole, {{500, 500 + 960}}));
    EXPECT_NE(after[900], raw[900]);
    EXPECT_TRUE(std::equal(raw.begin() + 960, raw.end(), after.begin() + 960));
  }
}

TEST(StepSmoother, BridgesASecondJumpWhileItStillBridgesTheFirst) {
  StepSmoother smoother(480);
  smoother.bridge(1.0f, 0.0f);
  Mono out = testing::silence(200);
  smoother.process(out);
  smoother.bridge(out.back(), -0.5f);
  Mono next = testing::dc(-0.5f, 600);
  smoother.process(next);
  out.insert(out.end(), next.begin(), next.end());
  EXPECT_EQ(out.front(), 1.0f);
  EXPECT_LE(testing::largestStep(out), 1.6 * 1.5 / 480);
  EXPECT_EQ(out.back(), -0.5f);
}

}  // namespace
}  // namespace gainstage::dsp
