#include "headphones/safe_blend.h"

#include <gtest/gtest.h>

#include "support/audio.h"
#include "support/rise.h"

namespace gainstage::headphones {
namespace {

/// Shares frame by frame, with the target turned at each of the frames given.
testing::Mono shares(SafeBlend& blend, FrameCount frames, const std::vector<FrameCount>& turns) {
  testing::Mono out(static_cast<std::size_t>(frames));
  bool second = false;
  for (FrameCount n = 0; n < frames; ++n) {
    if (std::ranges::find(turns, n) != turns.end()) blend.setTarget(second = !second);
    out[static_cast<std::size_t>(n)] = blend.next();
  }
  return out;
}

SafeBlend blend(double there, double back) {
  SafeBlend blend;
  blend.prepare({48000.0, 64});
  blend.setRange(there, back);
  return blend;
}

TEST(SafeBlend, Takes30MsWhereNothingGetsLouderBy6Db) {
  SafeBlend small = blend(1.9, 1.9);
  const testing::Mono out = shares(small, 9600, {100, 4800});
  EXPECT_LT(out[100 + 1437], 1.0f);
  EXPECT_EQ(out[100 + 1440], 1.0f);
  EXPECT_EQ(out[4800 + 1440], 0.0f);
}

TEST(SafeBlend, HoldsEveryFrequencyToTheRuleThereAndBackAndInBetween) {
  for (const auto& [there, back] : {std::pair{10.0, 1.0}, {1.0, 10.0}, {4.0, 8.0}, {100.0, 2.0}})
    for (const auto& turns :
         std::vector<std::vector<FrameCount>>{{4800},
                                              {4800, 48000},
                                              {4800, 6000, 7200, 8400, 9600, 10800, 12000},
                                              {4800, 5000, 5200, 5400, 5600}}) {
      SafeBlend ranged = blend(there, back);
      testing::Mono louder = shares(ranged, 4 * 48000, turns), softer = louder;
      // The frequency that the second sound makes loudest against the first, and the one it makes softest.
      for (float& share : louder) share = static_cast<float>(1.0 + share * (there - 1.0));
      for (float& share : softer) share = static_cast<float>(1.0 + (1.0 - share) * (back - 1.0));
      EXPECT_TRUE(testing::risesSafely(louder, 48000.0, 1.0, 0.0, 0.01));
      EXPECT_TRUE(testing::risesSafely(softer, 48000.0, 1.0, 0.0, 0.01));
      EXPECT_TRUE(ranged.isSettled());
    }
}

}  // namespace
}  // namespace gainstage::headphones
