#include "dsp/dynamics/level_guard.h"

#include <gtest/gtest.h>
#include <random>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;

constexpr double kRate = 48000.0;
constexpr FrameCount kRamp = 960;

/// A path of three parameters that ramp linearly in gain over 20 ms, as the console's do; off below -60 dB.
struct Path {
  LevelGuard guard;
  std::array<LinearRamp, 3> parameters{LinearRamp{1.0f}, LinearRamp{1.0f}, LinearRamp{1.0f}};
  std::array<float, 3> levelsDb{};

  explicit Path(std::array<float, 3> startDb = {}, double sampleRate = kRate) : levelsDb(startDb) {
    const StreamFormat format{sampleRate, 64};
    guard.prepare(format);
    for (std::size_t i = 0; i < 3; ++i) {
      parameters[i].setLength(format.frames(20_ms));
      parameters[i].snapTo(Decibels{startDb[i]}.linear());
    }
    guard.snap(startDb[0] + startDb[1] + startDb[2]);
  }
  void set(std::size_t parameter, float db) {
    levelsDb[parameter] = db;
    parameters[parameter].setTarget(db <= -90.0f ? 0.0f : Decibels{db}.linear());
  }
  void tell() { guard.setTotal(levelsDb[0] + levelsDb[1] + levelsDb[2]); }
  void set(float db) { set(0, db), tell(); }
  /// Level of what is heard at the next frame.
  double nextDb() {
    double gain = guard.next();
    for (LinearRamp& parameter : parameters) gain *= parameter.next();
    return std::max(decibels(gain), LevelGuard::kSilenceDb);
  }
  std::vector<double> listen(int frames) {
    std::vector<double> levels(static_cast<std::size_t>(frames));
    for (double& level : levels) level = nextDb();
    return levels;
  }
};

/// By how many dB the levels rise beyond 6 + 20 (t2 - t1) between any two of their frames.
double excessDb(std::span<const double> levels, double sampleRate = kRate) {
  double lowest = std::numeric_limits<double>::infinity();
  double excess = -lowest;
  for (std::size_t n = 0; n < levels.size(); ++n) {
    const double allowed = 20.0 * static_cast<double>(n) / sampleRate;
    lowest = std::min(lowest, levels[n] - allowed);
    excess = std::max(excess, levels[n] - allowed - lowest - 6.0);
  }
  return excess;
}

TEST(LevelGuard, LetsNoPairOfMomentsBreakTheRuleWhateverTheTotalsDo) {
  for (const double sampleRate : {44100.0, 96000.0}) {
    for (unsigned seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE(seed);
      std::mt19937 random(seed);
      const auto uniform = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
      };
      Path path({0.0f, 0.0f, 0.0f}, sampleRate);
      std::vector<double> levels;
      // Calls from 0.1 ms to 3 s apart: within ramps, within the recovery, after it.
      for (int change = 0; change < 40; ++change) {
        path.set(static_cast<float>(change % 7 == 0 ? -90.0 : uniform(-80.0, 40.0)));
        const auto more = path.listen(static_cast<int>(sampleRate * std::pow(10.0, uniform(-4.0, 0.5))));
        levels.insert(levels.end(), more.begin(), more.end());
      }
      EXPECT_LE(excessDb(levels, sampleRate), 0.1);
    }
  }
}

TEST(LevelGuard, HoldsTheSumOfParametersRaisedInOneBatch) {
  Path path({-40.0f, -10.0f, 0.0f});
  path.listen(100);
  path.set(0, 40.0f), path.set(1, 12.0f), path.set(2, 12.0f), path.tell();
  const auto levels = path.listen(8 * 48000);
  double excess = -100.0;
  for (std::size_t n = 0; n < levels.size(); ++n)
    excess = std::max(excess, levels[n] - (-50.0 + 6.0 + 20.0 * static_cast<double>(n) / kRate));
  EXPECT_LE(excess, 0.1);
  EXPECT_LE(excessDb(std::span(levels).subspan(kRamp)), 0.1);
  EXPECT_NEAR(levels.back(), 64.0, 1e-3);
}

TEST(LevelGuard, GivesTheBurstAtOnceAndTheRestAt20DbPerSecond) {
  Path path({-40.0f, 0.0f, 0.0f});
  path.set(0.0f);
  const auto levels = path.listen(3 * 48000);
  EXPECT_NEAR(levels[kRamp], -34.0 + 0.4, 0.1);
  EXPECT_NEAR(levels[48000], -34.0 + 20.0, 0.05);
  EXPECT_LT(levels[81600 - 480], -0.1);  // 34 dB at 20 dB/s: 1.7 s
  EXPECT_EQ(levels[81600 + 480], 0.0);
  EXPECT_TRUE(std::ranges::is_sorted(levels));
}

TEST(LevelGuard, SpreadsTheBurstOverTheRamp) {
  Path path({-60.0f, 0.0f, 0.0f});
  path.set(20.0f);
  const auto levels = path.listen(kRamp);
  double largest = 0.0;
  for (std::size_t n = 1; n < levels.size(); ++n)
    largest = std::max(largest, Decibels{levels[n]}.linear() - double{Decibels{levels[n - 1]}.linear()});
  EXPECT_LE(largest, 1.1 * 0.001 * 1.1 / kRamp);  // from 0.001 by 6.4 dB in a straight line
}

TEST(LevelGuard, StaysAtExactly1WhereARaiseIsWithinTheBurst) {
  Path path({-10.0f, 0.0f, 0.0f});
  path.set(-4.1f);
  std::vector<float> gains(48000);
  EXPECT_FALSE(path.guard.isIdle());  // the burst has to fill again
  EXPECT_FALSE(path.guard.fill(gains));
  EXPECT_TRUE(std::ranges::all_of(gains, [](float gain) { return gain == 1.0f; }));
  EXPECT_TRUE(path.guard.isIdle());
}

TEST(LevelGuard, FollowsALowerTotalAtOnceWithoutGettingLouder) {
  Path path({-40.0f, 0.0f, 0.0f});
  path.set(0.0f);
  path.listen(24000);
  const double before = path.nextDb();
  EXPECT_NEAR(before, -24.0, 0.1);
  EXPECT_NEAR(path.guard.offsetDb(), -24.0, 0.1);
  path.set(-20.0f);  // still louder than what is heard: goes on rising at the same rate
  const auto rising = path.listen(kRamp);
  EXPECT_NEAR(rising.back(), before + 0.4, 0.02);
  EXPECT_LE(*std::ranges::max_element(rising), before + 0.42);
  EXPECT_NEAR(path.guard.offsetDb(), -3.6, 0.1);
  path.set(-50.0f);
  const auto falling = path.listen(kRamp);
  EXPECT_TRUE(std::ranges::is_sorted(falling, std::greater{}));
  EXPECT_NEAR(falling.back(), -50.0, 1e-3);
  EXPECT_EQ(path.guard.offsetDb(), 0.0f);
  path.nextDb();
  EXPECT_TRUE(path.guard.isIdle());
}

TEST(LevelGuard, CountsARiseFromWhatWasHeardLastBeforeTheMute) {
  Path path({-30.0f, 0.0f, 0.0f});
  path.listen(100);
  path.set(-70.0f);
  path.guard.skip(48000);
  path.set(0.0f);
  path.guard.skip(10 * 48000);
  for (LinearRamp& parameter : path.parameters) parameter.snapToTarget();
  EXPECT_NEAR(path.nextDb(), -24.0, 0.01);
  EXPECT_NEAR(path.listen(48000).back(), -4.0, 0.05);
}

TEST(LevelGuard, IsIdleAfterLoweringIsHeardAndAtStart) {
  Path path({-30.0f, 0.0f, 0.0f});
  EXPECT_TRUE(path.guard.isIdle());
  path.set(-90.0f);
  EXPECT_FALSE(path.guard.isIdle());
  path.listen(kRamp + 1);
  EXPECT_TRUE(path.guard.isIdle());
  path.guard.setTotal(std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(path.guard.isIdle());
  path.set(-65.0f);  // from silence to silence
  path.listen(kRamp);
  EXPECT_TRUE(path.guard.isIdle());
}

TEST(LevelGuard, GivesTheSameBitsHoweverItIsSplit) {
  const auto render = [](std::span<const FrameCount> blocks) {
    LevelGuard guard;
    guard.prepare({kRate, 1024});
    guard.snap(-50.0f);
    guard.setTotal(3.0f);
    std::vector<float> gains;
    for (const FrameCount frames : blocks) {
      const std::size_t at = gains.size();
      gains.resize(at + static_cast<std::size_t>(frames));
      guard.fill(std::span(gains).subspan(at));
      // The rest of the time it is idle: a call that is not made must not matter.
    }
    return gains;
  };
  const auto whole = render(std::array<FrameCount, 1>{4 * 48000});
  EXPECT_EQ(whole, render(testing::splits(4 * 48000, 64)));
  EXPECT_EQ(whole, render(testing::splits(4 * 48000, 333, 7)));
}

}  // namespace
}  // namespace gainstage::dsp
