#include "support/steps.h"

#include <cmath>

#include "support/audio.h"

namespace gainstage::testing {
namespace {

Mono muted(FrameCount fadeFrames) {
  Mono samples = sine(200.0, 48000.0, 4800, 0.5f);
  for (std::size_t n = 2000; n < samples.size(); ++n)
    samples[n] *= std::max(0.0f, 1.0f - static_cast<float>(n - 1999) / static_cast<float>(fadeFrames));
  return samples;
}

TEST(Steps, AreFineInASlowMute) { EXPECT_TRUE(makesNoStep(muted(960), {{2000, 2960}})); }

TEST(Steps, AreFoundInAMuteWithoutAFade) {
  Mono samples = sine(200.0, 48000.0, 4800, 0.5f, 1.0);
  std::fill(samples.begin() + 2000, samples.end(), 0.0f);
  const auto result = makesNoStep(samples, {{2000, 2000}});
  EXPECT_FALSE(result);
  EXPECT_NE(std::string(result.message()).find("at frame 2000"), std::string::npos);
}

TEST(Steps, AreFoundOnTheFrameAfterATransition) {
  Mono samples = muted(960);
  std::fill(samples.begin() + 2960, samples.end(), 0.3f);
  EXPECT_FALSE(makesNoStep(samples, {{2000, 2960}}));
}

TEST(Steps, AreMeasuredAgainstTheOutputsBesideThem) {
  Mono samples = sine(100.0, 48000.0, 9600, 0.5f);
  for (std::size_t n = 6000; n < samples.size(); ++n) samples[n] = 0.5f * (n % 2 == 0 ? 1.0f : -1.0f);
  samples[2000] += 0.2f;  // loud as the third stretch is, it does not excuse a step between the first two
  EXPECT_FALSE(makesNoStep(samples, {{1990, 2010}, {5990, 6010}}));
  samples[2000] -= 0.2f;
  EXPECT_TRUE(makesNoStep(samples, {{1990, 2010}, {5990, 6010}}));
}

TEST(Steps, AreNotJudgedWithoutASettledOutputAndNotForgivenWhereNotANumber) {
  Mono samples = sine(200.0, 48000.0, 4800, 0.5f);
  EXPECT_FALSE(makesNoStep(samples, {{0, 100}}));
  EXPECT_FALSE(makesNoStep(samples, {{4000, 4799}}));
  samples[2000] = std::nanf("");
  EXPECT_FALSE(makesNoStep(samples, {{1990, 2010}}));
}

}  // namespace
}  // namespace gainstage::testing
