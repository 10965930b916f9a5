#include "dsp/modulation/lfo.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

TEST(Lfo, FollowsTheSineOfItsRateFor60SecondsWithin1e8) {
  for (const StreamFormat& format : testing::formats())
    for (const double hertz : {0.05, 0.8, 5.3, 20.0}) {
      Lfo lfo;
      lfo.prepare(format);
      lfo.setRate({hertz});
      lfo.reset();
      const auto rate = static_cast<double>(static_cast<float>(hertz));
      double worst = 0.0;
      for (FrameTime n = 0; n < static_cast<FrameTime>(60.0 * format.sampleRate); ++n, lfo.advance())
        if (n % 101 == 0)
          worst = std::max(worst, std::abs(lfo.sine() - std::sin(2.0 * M_PI * rate * static_cast<double>(n) /
                                                                 format.sampleRate)));
      EXPECT_LT(worst, 1e-8) << hertz;
    }
}

TEST(Lfo, IsAheadByWhatItIsAsked) {
  Lfo lfo;
  lfo.prepare({48000.0, 64});
  lfo.setRate({1.0});
  lfo.reset();
  for (const double share : {0.0, 0.1, 0.25, 0.5, 0.75, 0.99})
    EXPECT_NEAR(lfo.sine(Lfo::turns(share)), std::sin(2.0 * M_PI * share), 1e-8) << share;
  EXPECT_EQ(lfo.triangle(Lfo::turns(0.125)), 0.5);
  EXPECT_EQ(lfo.triangle(Lfo::turns(0.375)), 0.5);
  EXPECT_EQ(lfo.triangle(Lfo::turns(0.75)), -1.0);
}

TEST(Lfo, ReachesANewRateIn200MsWithoutALeap) {
  Lfo lfo;
  lfo.prepare({48000.0, 64});
  lfo.setRate({1.0});
  lfo.reset();
  lfo.setRate({9.0});
  double before = lfo.sine(), largest = 0.0;
  for (int n = 0; n < 9600; ++n) {
    lfo.advance();
    largest = std::max(largest, std::abs(lfo.sine() - before));
    before = lfo.sine();
  }
  EXPECT_LE(largest, 2.0 * M_PI * 9.0 / 48000.0 * 1.001);
  // Mean of 1 and 9 Hz for 0.2 s: a whole turn.
  EXPECT_NEAR(lfo.sine(), 0.0, 2.0 * M_PI * 5.0 / 48000.0);
  for (int n = 0; n < 48000; ++n) lfo.advance();
  EXPECT_NEAR(lfo.sine(), 0.0, 2.0 * M_PI * 5.0 / 48000.0);
}

}  // namespace
}  // namespace gainstage::dsp
