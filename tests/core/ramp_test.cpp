#include "core/ramp.h"

#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage {
namespace {

TEST(LinearRamp, ArrivesExactlyAfterItsLengthInEqualSteps) {
  LinearRamp ramp(1.0f);
  ramp.setLength(480);
  ramp.setTarget(0.25f);
  testing::Mono values(500);
  ramp.fill(values);
  EXPECT_LT(values[478], 1.0f);
  EXPECT_NE(values[478], 0.25f);
  EXPECT_EQ(values[479], 0.25f);
  EXPECT_EQ(values[499], 0.25f);
  EXPECT_LE(testing::largestStep(values), 1.001 * 0.75 / 480);
}

TEST(LinearRamp, GivesTheSameBitsHoweverItIsSplit) {
  LinearRamp whole(0.1f), split(0.1f);
  for (LinearRamp* ramp : {&whole, &split}) {
    ramp->setLength(333);
    ramp->setTarget(-0.77f);
  }
  testing::Mono a(400), b(400);
  whole.fill(a);
  std::size_t at = 0;
  for (const int frames : testing::splits(400, 31, 5)) {
    split.fill(std::span(b).subspan(at, static_cast<std::size_t>(frames)));
    at += static_cast<std::size_t>(frames);
  }
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace gainstage
