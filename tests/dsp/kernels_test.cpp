#include "dsp/kernels.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Every length up to 70 meets every combination of whole vectors and tail, for vectors of 4 to 16 lanes.
constexpr FrameCount kLongest = 70;

TEST(Kernels, AddAndCopyGiveTheBitsOfTheScalarFormula) {
  for (FrameCount frames = 0; frames <= kLongest; ++frames) {
    const Mono in = testing::noise(frames, 1.0f, 3);
    Mono sum = testing::noise(frames, 1.0f, 4);
    Mono expectedSum = sum, product(in.size()), expectedProduct(in.size());
    for (std::size_t n = 0; n < in.size(); ++n) {
      expectedSum[n] += in[n] * 0.3f;
      expectedProduct[n] = in[n] * 0.3f;
    }
    addScaled(in, 0.3f, sum);
    copyScaled(in, 0.3f, product);
    ASSERT_EQ(sum, expectedSum) << frames;
    ASSERT_EQ(product, expectedProduct) << frames;
  }
}

TEST(Kernels, RampedGainsHaveTheBitsOfLinearRampHoweverTheyAreSplit) {
  const Mono in = testing::noise(700, 1.0f, 5);
  LinearRamp reference(0.9f), adding(0.9f), copying(0.9f);
  for (LinearRamp* ramp : {&reference, &adding, &copying}) {
    ramp->setLength(481);
    ramp->setTarget(-0.123f);
  }
  Mono expected(700), sum(700), product(700);
  for (std::size_t n = 0; n < in.size(); ++n) expected[n] = in[n] * reference.next();
  std::size_t at = 0;
  for (const FrameCount length : testing::splits(700, 50, 9)) {
    const auto frames = static_cast<std::size_t>(length);
    addScaled(std::span(in).subspan(at, frames), adding, std::span(sum).subspan(at, frames));
    copyScaled(std::span(in).subspan(at, frames), copying, std::span(product).subspan(at, frames));
    at += frames;
  }
  EXPECT_EQ(product, expected);
  EXPECT_EQ(sum, expected);
  EXPECT_TRUE(adding.isSettled());
}

TEST(Kernels, AStereoSendTakesOneChannelToBothSidesAndTwoChannelsToTheirOwn) {
  for (const int channels : {1, 2})
    for (const FrameCount moving : {0, 20, 1000}) {
      testing::Signal source{testing::noise(kLongest, 1.0f, 1), testing::noise(kLongest, 1.0f, 2)};
      testing::Signal mix{testing::noise(kLongest, 1.0f, 3), testing::noise(kLongest, 1.0f, 4)};
      testing::Signal expected = mix;
      LinearRamp left(0.5f), right(0.25f);
      for (LinearRamp* ramp : {&left, &right}) {
        ramp->setLength(std::max(1, moving));
        if (moving > 0) ramp->setTarget(0.75f);
      }
      LinearRamp leftReference = left, rightReference = right;
      for (std::size_t n = 0; n < expected[0].size(); ++n) {
        expected[0][n] += source[0][n] * leftReference.next();
        expected[1][n] += source[static_cast<std::size_t>(channels - 1)][n] * rightReference.next();
      }
      const float* in[] = {source[0].data(), source[1].data()};
      float* out[] = {mix[0].data(), mix[1].data()};
      addStereo(ConstAudioView(in, channels, kLongest), left, right, AudioView(out, 2, kLongest));
      EXPECT_EQ(mix, expected) << channels << " channels, moving for " << moving;
    }
}

TEST(Kernels, PeakFindsTheLargestMagnitudeWhereverItStands) {
  for (FrameCount frames = 1; frames <= kLongest; ++frames)
    for (FrameCount at = 0; at < frames; ++at) {
      Mono samples = testing::noise(frames, 0.5f);
      samples[static_cast<std::size_t>(at)] = -0.75f;
      ASSERT_EQ(peak(samples), 0.75f) << at << " of " << frames;
    }
  EXPECT_EQ(peak({}), 0.0f);
}

TEST(Kernels, ASampleThatIsNotFiniteIsFoundWhereverItStands) {
  for (const float bad : {kNan, -kNan, kInfinity, -kInfinity})
    for (FrameCount frames = 1; frames <= kLongest; ++frames)
      for (FrameCount at = 0; at < frames; ++at) {
        Mono samples = testing::noise(frames, 0.5f);
        samples[static_cast<std::size_t>(at)] = bad;
        ASSERT_FALSE(allFinite(samples)) << at << " of " << frames;
      }
  EXPECT_TRUE(allFinite(testing::dc(std::numeric_limits<float>::max(), kLongest)));
  EXPECT_TRUE(allFinite(testing::dc(std::numeric_limits<float>::denorm_min(), kLongest)));
}

}  // namespace
}  // namespace gainstage::dsp
