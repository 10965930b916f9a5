#include <gtest/gtest.h>

#include "headphones/ceiling_render.h"
#include "support/rise.h"
#include "support/steps.h"

namespace gainstage::headphones {
namespace {

TEST(Ceiling, LetsGoNoFasterThanTheRuleWhenItIsRaisedOrSwitchedOff) {
  const testing::Mono loud = testing::sine(440, kRate, 5 * 48000, 0.9f);
  for (const auto& changes : std::vector<std::vector<Change>>{
           {{0, -46.0f}, {24000, -1.0f}},
           {{0, -46.0f}, {24000, -46.0f, false}},
           {{0, -40.0f}, {24000, -30.0f}, {26400, -20.0f}, {28800, 0.0f, false}},
           {{0, -40.0f}, {24000, -40.0f, false}, {25000, -40.0f, true}, {30000, 0.0f}},
           {{0, -30.0f}, {24000, -30.0f, false}, {24100, -50.0f, true}, {48000, 0.0f}}}) {
    const testing::Mono out = render(loud, changes);
    EXPECT_TRUE(testing::risesSafely(std::span(out).subspan(4800), kRate, 1.0));
    EXPECT_NEAR(testing::peak(std::span(out).last(4800)), 0.9, 0.01);
  }
}

TEST(Ceiling, HoldsAPathThatGetsLouderWhileItIsRaised) {
  // What comes in is raised by 20 dB in the frame in which the ceiling is.
  testing::Mono in = testing::sine(440, kRate, 4 * 48000, 0.09f);
  for (std::size_t n = 24000; n < in.size(); ++n) in[n] *= 10.0f;
  const std::vector<Change> changes{{0, -40.0f}, {24000, 0.0f}};
  const testing::Mono out = render(in, changes);
  EXPECT_TRUE(testing::risesSafely(std::span(out).subspan(4800), kRate, 1.0));
}

TEST(Ceiling, IsBitExactAgainOnceItHasLetGo) {
  const testing::Mono in = testing::sine(440, kRate, 5 * 48000, 0.9f);
  const std::vector<Change> changes{{0, -46.0f}, {24000, -46.0f, false}};
  const testing::Mono out = render(in, changes);
  EXPECT_TRUE(std::equal(in.end() - 4800, in.end(), out.end() - 4800));
}

TEST(Ceiling, LetsGoInTheSameBitsHoweverItIsSplit) {
  const testing::Signal in{testing::sine(440, kRate, 3 * 48000, 0.9f)};
  const std::vector<Change> changes{{0, -46.0f}, {24000, -46.0f, false}, {90000, -30.0f, true}};
  const auto once = render(in, {kRate, 1024}, testing::splits(3 * 48000, 1024), changes);
  EXPECT_EQ(render(in, {kRate, 1024}, testing::splits(3 * 48000, 1024, 3), changes), once);
}

}  // namespace
}  // namespace gainstage::headphones
