#include "headphones/level_limiter.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

#include "support/audio.h"
#include "support/rise.h"
#include "support/steps.h"

namespace gainstage::headphones {
namespace {

constexpr double kRate = 48000.0;
// A full-scale sine of 1 kHz is 120 dB SPL here, so that a sample's RMS in dBFS re a sine says the rest.
constexpr double kFullScale = 120.0;

testing::Signal render(testing::Signal io, float limitDba,
                       const std::function<void(LevelLimiter&, FrameCount)>& at, FrameCount block = 64,
                       unsigned seed = 0) {
  LevelLimiter limiter;
  limiter.prepare({kRate, 1024});
  limiter.setFullScale(kFullScale);
  limiter.setLimitDba(limitDba);
  limiter.reset();
  FrameCount frame = 0;
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) {
                           if (at) at(limiter, frame);
                           limiter.process(view);
                           frame += view.frames();
                         });
  return io;
}

double levelDba(std::span<const float> tone) {
  return kFullScale + testing::decibels(testing::rms(tone) * std::sqrt(2.0));
}

TEST(LevelLimiter, BringsASteadyToneToItsLimit) {
  for (const double aboveDb : {3.0, 10.0, 30.0}) {
    const float amplitude = Decibels{85.0 + aboveDb - kFullScale}.linear();
    const auto out = render({testing::sine(1000, kRate, 40 * 48000, amplitude)}, 85.0f, {});
    EXPECT_NEAR(levelDba(std::span(out[0]).last(48000)), 85.0, 0.1) << aboveDb;
  }
}

TEST(LevelLimiter, WeighsByFrequencyAsTheEarDoes) {
  // 100 Hz counts 19.1 dB less: 100 dB SPL of it are 80.9 dBA.
  const auto in = testing::sine(100, kRate, 20 * 48000, Decibels{100.0 - kFullScale}.linear());
  EXPECT_EQ(render({in}, 85.0f, {})[0], in);
  const auto out =
      render({testing::sine(100, kRate, 40 * 48000, Decibels{110.0 - kFullScale}.linear())}, 85.0f, {});
  EXPECT_NEAR(levelDba(std::span(out[0]).last(48000)), 85.0 + 19.1, 0.2);
}

TEST(LevelLimiter, LeavesShortPeaksAndWhatIsSoftToTheBit) {
  testing::Mono in = testing::sine(1000, kRate, 10 * 48000, Decibels{80.0 - kFullScale}.linear());
  // 100 ms at 95 dBA, 5 s times 10^-1 is what would begin to count against 85.
  for (std::size_t n = 48000; n < 52800; ++n) in[n] *= Decibels{15.0}.linear();
  EXPECT_EQ(render({in}, 85.0f, {})[0], in);
}

TEST(LevelLimiter, LetsThroughNoMoreEnergyOfABurstThanItSays) {
  for (const double aboveDb : {10.0, 20.0, 30.0}) {
    const float amplitude = Decibels{85.0 + aboveDb - kFullScale}.linear();
    const auto out = render({testing::sine(1000, kRate, 60 * 48000, amplitude)}, 85.0f, {});
    double seconds = 0.0;  // of the limit's level
    for (const float sample : out[0])
      seconds += 2.0 * sample * sample * std::pow(10.0, (kFullScale - 85.0) / 10.0) / kRate;
    EXPECT_LT(seconds - 60.0, 1.02 * 5.0 * (1.0 + aboveDb * std::log(10.0) / 10.0) + 0.5);
    EXPECT_GT(seconds - 60.0, 0.9 * 5.0 * aboveDb * std::log(10.0) / 10.0);
  }
}

TEST(LevelLimiter, LetsGoSlowlyAndWithoutAStep) {
  const auto tone = testing::sine(1000, kRate, 30 * 48000, Decibels{105.0 - kFullScale}.linear());
  for (const auto& change : std::vector<std::function<void(LevelLimiter&)>>{
           [](LevelLimiter& l) { l.setOn(false); }, [](LevelLimiter& l) { l.setLimitDba(110.0f); },
           [](LevelLimiter& l) { l.setFullScale(90.0); },
           [](LevelLimiter& l) { l.setFullScale(std::numeric_limits<double>::quiet_NaN()); }}) {
    const auto out = render({tone}, 85.0f, [&](LevelLimiter& limiter, FrameCount frame) {
      if (frame == 15 * 48000) change(limiter);
    });
    const auto after = std::span(out[0]).subspan(14 * 48000);
    EXPECT_TRUE(testing::risesSafely(after, kRate, 1.0));
    EXPECT_TRUE(testing::makesNoStep(after, {{48000, 11 * 48000}}, 1.05));
    EXPECT_NEAR(levelDba(std::span(out[0]).last(4800)), 105.0, 0.05);
  }
}

TEST(LevelLimiter, ComesDownWithoutAStepWhenTheLimitIsLowered) {
  const auto tone = testing::sine(1000, kRate, 10 * 48000, Decibels{95.0 - kFullScale}.linear());
  const auto out = render({tone}, 110.0f, [&](LevelLimiter& limiter, FrameCount frame) {
    if (frame == 8 * 48000) limiter.setLimitDba(70.0f);
  });
  EXPECT_TRUE(testing::makesNoStep(out[0], {{8 * 48000, 8 * 48000 + 2400}}));
  EXPECT_LT(levelDba(std::span(out[0]).last(24000)), 71.0);
}

TEST(LevelLimiter, LeavesEverythingAloneWhereTheLevelIsUnknown) {
  const testing::Signal in{testing::noise(96000, 1.0f)};
  const auto out = render(in, 60.0f, [](LevelLimiter& limiter, FrameCount frame) {
    if (frame == 0) limiter.setFullScale(std::numeric_limits<double>::quiet_NaN());
  });
  EXPECT_EQ(out, in);
}

TEST(LevelLimiter, GivesTheSameBitsHoweverTheStreamIsSplit) {
  const testing::Signal in{testing::noise(96000, 0.9f), testing::noise(96000, 0.5f, 2)};
  EXPECT_EQ(render(in, 85.0f, {}, 1024, 5), render(in, 85.0f, {}, 64));
}

}  // namespace
}  // namespace gainstage::headphones
