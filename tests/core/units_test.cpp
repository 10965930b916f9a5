#include "core/units.h"

#include <gtest/gtest.h>

#include "core/stream_format.h"

namespace gainstage {
namespace {

TEST(Decibels, AreTwentyTimesTheLogarithmOfAnAmplitude) {
  EXPECT_FLOAT_EQ((0_dB).linear(), 1.0f);
  EXPECT_FLOAT_EQ((20_dB).linear(), 10.0f);
  EXPECT_FLOAT_EQ((-6.0205999132796239_dB).linear(), 0.5f);
  EXPECT_DOUBLE_EQ(Decibels::fromLinear(0.1).value, -20.0);
}

TEST(Decibels, OffIsSilenceBothWays) {
  EXPECT_EQ(Decibels::off().linear(), 0.0f);
  EXPECT_EQ(Decibels::fromLinear(0.0), Decibels::off());
  EXPECT_LT(Decibels::off(), -1000_dB);
}

TEST(Literals, CarryTheirUnit) {
  EXPECT_EQ(1.5_kHz, 1500_Hz);
  EXPECT_EQ(2_s, 2000_ms);
  EXPECT_DOUBLE_EQ((50_ms).seconds(), 0.05);
  EXPECT_DOUBLE_EQ((-3.5_dB).value, -3.5);
}

TEST(StreamFormat, RoundsATimeToTheNearestFrameAndNeverToNone) {
  const StreamFormat format{.sampleRate = 44100.0};
  EXPECT_EQ(format.frames(20_ms), 882);
  EXPECT_EQ(format.frames(0.05_ms), 2);    // 2.205
  EXPECT_EQ(format.frames(0.0572_ms), 3);  // 2.523
  EXPECT_EQ(format.frames(0_ms), 1);
  EXPECT_EQ(format.frames(0.001_ms), 1);
  EXPECT_EQ((StreamFormat{.sampleRate = 384000.0}).frames(10_s), 3840000);
}

}  // namespace
}  // namespace gainstage
