#include "headphones/crossfeed.h"

#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>

#include "support/audio.h"
#include "support/steps.h"

namespace gainstage::headphones {
namespace {

using testing::Signal;

Crossfeed crossfeed(const CrossfeedSetting& setting, const StreamFormat& format) {
  Crossfeed crossfeed;
  crossfeed.prepare(format);
  crossfeed.set(setting);
  crossfeed.setOn(true);
  crossfeed.reset();
  return crossfeed;
}

void run(Crossfeed& crossfeed, Signal& io, FrameCount block = 64, unsigned seed = 0) {
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) { crossfeed.process(view); });
}

/// What the near and the far ear hear of a tone in one channel.
struct Ears {
  std::complex<double> near, far;
};

Ears measure(const CrossfeedSetting& setting, double hz, double rate) {
  const auto frames = static_cast<FrameCount>(rate / 2.0);
  Crossfeed filter = crossfeed(setting, {rate, 64});
  Signal io{testing::impulse(frames), testing::silence(frames)};
  run(filter, io);
  Ears ears;
  for (FrameCount n = 0; n < frames; ++n) {
    const auto turn = std::polar(1.0, -2.0 * std::numbers::pi * hz * n / rate);
    ears.near += static_cast<double>(io[0][static_cast<std::size_t>(n)]) * turn;
    ears.far += static_cast<double>(io[1][static_cast<std::size_t>(n)]) * turn;
  }
  return ears;
}

double db(std::complex<double> gain) { return testing::decibels(std::abs(gain)); }

const CrossfeedSetting kSettings[] = {
    kUsualCrossfeed, kMoyCrossfeed, kMeierCrossfeed, {300.0, 15.0}, {2000.0, 1.0}};

TEST(Crossfeed, FeedsTheFarEarAsMuchSofterAsItSays) {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0})
    for (const CrossfeedSetting& setting : kSettings) {
      const Ears lows = measure(setting, 10.0, rate);
      EXPECT_NEAR(db(lows.near) - db(lows.far), setting.feedDb, 0.02) << setting.cutHz << " at " << rate;
    }
}

TEST(Crossfeed, KeepsTheLevelOfLowsThatBothChannelsShare) {
  for (const CrossfeedSetting& setting : kSettings) {
    const Ears lows = measure(setting, 10.0, 48000.0);
    EXPECT_NEAR(db(lows.near + lows.far), 0.0, 0.01);
  }
}

// The published figures of the filter: near lows at F/6 - 3 dB and far lows at -5/6 F - 3 dB relative to the
// near highs, the far ear's first-order low-pass 3 dB down at its cut.
TEST(Crossfeed, HasThePublishedLevels) {
  for (const double rate : {44100.0, 96000.0})
    for (const CrossfeedSetting& setting : {kUsualCrossfeed, kMoyCrossfeed, kMeierCrossfeed}) {
      const Ears lows = measure(setting, 10.0, rate), highs = measure(setting, 15000.0, rate);
      EXPECT_NEAR(db(lows.near) - db(highs.near), setting.feedDb / 6.0 - 3.0, 0.15);
      EXPECT_NEAR(db(lows.far) - db(highs.near), -5.0 / 6.0 * setting.feedDb - 3.0, 0.15);
      EXPECT_NEAR(db(measure(setting, setting.cutHz, rate).far) - db(lows.far), -3.01, 0.05);
    }
}

// Published with the presets: 260 us (700 Hz, 4.5 and 6 dB) and 280 us (650 Hz, 9.5 dB) between the ears.
TEST(Crossfeed, DelaysTheFarEarsLowsAsAHeadDoes) {
  const auto delayUs = [](const CrossfeedSetting& setting) {
    const double hz = 20.0;
    const Ears ears = measure(setting, hz, 48000.0);
    return (std::arg(ears.near) - std::arg(ears.far)) / (2.0 * std::numbers::pi * hz) * 1e6;
  };
  EXPECT_NEAR(delayUs(kUsualCrossfeed), 260.0, 25.0);
  EXPECT_NEAR(delayUs(kMoyCrossfeed), 260.0, 25.0);
  EXPECT_NEAR(delayUs(kMeierCrossfeed), 280.0, 25.0);
}

TEST(Crossfeed, MakesNoFrequencyLouderThanItWasAtTheLouderEar) {
  for (const CrossfeedSetting& setting : kSettings)
    for (double hz = 20.0; hz < 20000.0; hz *= 1.2) {
      const Ears ears = measure(setting, hz, 48000.0);
      EXPECT_LT(std::abs(ears.near) + std::abs(ears.far), 1.0005) << hz;
    }
}

TEST(Crossfeed, IsBitExactWhenOffAndTheSameHoweverSplit) {
  const Signal in{testing::noise(9600), testing::noise(9600, 0.5f, 2)};
  Crossfeed off;
  off.prepare({48000.0, 64});
  Signal out = in;
  run(off, out);
  EXPECT_EQ(out, in);
  Signal whole = in, split = in;
  for (auto& [io, seed] : {std::pair<Signal&, unsigned>{whole, 0}, {split, 7}}) {
    Crossfeed filter = crossfeed(kUsualCrossfeed, {48000.0, 1024});
    Signal first{{io[0].begin(), io[0].begin() + 4800}, {io[1].begin(), io[1].begin() + 4800}};
    Signal second{{io[0].begin() + 4800, io[0].end()}, {io[1].begin() + 4800, io[1].end()}};
    run(filter, first, 1024, seed);
    filter.set(kMeierCrossfeed);
    filter.setOn(false);
    run(filter, second, 1024, seed);
    for (std::size_t c = 0; c < 2; ++c) {
      std::ranges::copy(first[c], io[c].begin());
      std::ranges::copy(second[c], io[c].begin() + 4800);
    }
  }
  EXPECT_EQ(whole, split);
  EXPECT_EQ(whole[0].back(), in[0].back());  // off again, and untouched
}

TEST(Crossfeed, MakesNoStepWhenSwitchedOrMoved) {
  const double rate = 48000.0;
  Signal io{testing::sine(220, rate, 48000, 0.5f), testing::sine(330, rate, 48000, 0.3f)};
  Crossfeed filter;
  filter.prepare({rate, 64});
  FrameCount at = 0;
  testing::renderInPlace(io, testing::splits(48000, 64), [&](AudioView view) {
    if (at == 9600) filter.setOn(true);
    if (at == 19200) filter.set({2000.0, 1.0});
    if (at == 28800) filter.setOn(false);
    filter.process(view);
    at += view.frames();
  });
  for (const auto& channel : io)
    EXPECT_TRUE(testing::makesNoStep(channel, {{9600, 12100}, {19200, 20300}, {28800, 31300}}));
}

}  // namespace
}  // namespace gainstage::headphones
