#include "dsp/delay/delay_line.h"

#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

TEST(DelayLine, ReadsBackEveryFrameUpToItsLongest) {
  for (const FrameCount longest : {1, 2, 7, 64, 1000}) {
    DelayLine line;
    line.prepare(longest);
    const testing::Mono in = testing::noise(5 * longest + 20);
    for (std::size_t n = 0; n < in.size(); ++n) {
      line.write(in[n]);
      for (const FrameCount delay : {0, 1, longest / 2, longest}) {
        const bool before = static_cast<std::size_t>(delay) > n;
        ASSERT_EQ(line.read(delay), before ? 0.0f : in[n - static_cast<std::size_t>(delay)])
            << delay << " at " << n;
      }
    }
  }
}

TEST(DelayLine, InterpolatesWithin60DbAtATwentiethOfTheRate) {
  const double rate = 48000.0, frequencyHz = 2400.0;
  const testing::Mono in = testing::sine(frequencyHz, rate, 4000);
  for (const double delay : {1.0, 1.25, 7.5, 99.9, 100.0}) {
    DelayLine line;
    line.prepare(100);
    testing::Mono out;
    for (const float sample : in) {
      line.write(sample);
      out.push_back(line.readInterpolated(delay));
    }
    const testing::Mono expected =
        testing::sine(frequencyHz, rate, 4000, 1.0f, -2.0 * M_PI * frequencyHz * delay / rate);
    const double error =
        testing::largestDifference(std::span(out).subspan(200), std::span(expected).subspan(200));
    EXPECT_LT(testing::decibels(error), -60.0) << delay;
  }
}

TEST(DelayLine, ResetForgetsEverything) {
  DelayLine line;
  line.prepare(10);
  for (int n = 0; n < 30; ++n) line.write(1.0f);
  line.reset();
  for (FrameCount delay = 0; delay <= 10; ++delay) EXPECT_EQ(line.read(delay), 0.0f);
}

}  // namespace
}  // namespace gainstage::dsp
