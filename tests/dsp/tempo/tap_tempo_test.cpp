#include "dsp/tempo/tap_tempo.h"

#include <gtest/gtest.h>

namespace gainstage::dsp {
namespace {

TEST(TapTempo, TellsTheTempoFromTheSecondTapOn) {
  TapTempo tempo;
  EXPECT_FALSE(tempo.tap(100.0));
  EXPECT_NEAR(*tempo.tap(100.5), 120.0, 1e-9);
  EXPECT_NEAR(*tempo.tap(101.0), 120.0, 1e-9);
}

TEST(TapTempo, IsNotMovedByOneLateTap) {
  TapTempo tempo;
  for (const double time : {0.0, 0.5, 1.0, 1.5}) tempo.tap(time);
  EXPECT_NEAR(*tempo.tap(2.15), 120.0, 1e-9);
  EXPECT_NEAR(*tempo.tap(2.5), 120.0, 1e-9);
}

TEST(TapTempo, FollowsANewTempoAfterThreeTaps) {
  TapTempo tempo;
  double now = 0.0;
  for (int k = 0; k < 10; ++k) tempo.tap(now += 0.5);
  tempo.tap(now += 0.3);
  tempo.tap(now += 0.3);
  EXPECT_NEAR(*tempo.tap(now += 0.3), 200.0, 1e-6);
}

TEST(TapTempo, ForgetsAfterAPauseOf2Seconds) {
  TapTempo tempo;
  tempo.tap(0.0);
  tempo.tap(0.5);
  EXPECT_FALSE(tempo.tap(2.6));
  EXPECT_NEAR(*tempo.tap(3.6), 60.0, 1e-9);
}

TEST(TapTempo, TakesABouncingContactForOneTap) {
  TapTempo tempo;
  tempo.tap(0.0);
  tempo.tap(0.5);
  EXPECT_NEAR(*tempo.tap(0.51), 120.0, 1e-9);
  EXPECT_NEAR(*tempo.tap(1.0), 120.0, 1e-9);
}

TEST(TapTempo, StaysWithinWhatASessionCanHold) {
  TapTempo tempo;
  tempo.tap(0.0);
  EXPECT_EQ(*tempo.tap(0.06), 400.0);
  EXPECT_FALSE(tempo.tap(-5.0));  // a clock that ran backwards
}

}  // namespace
}  // namespace gainstage::dsp
