#include "headphones/stereo_image.h"

#include <functional>
#include <gtest/gtest.h>

#include "support/audio.h"
#include "support/rise.h"
#include "support/steps.h"

namespace gainstage::headphones {
namespace {

using testing::Signal;

struct Event {
  FrameCount frame;
  std::function<void(StereoImage&)> change;
};

Signal render(Signal io, const std::vector<Event>& events, unsigned seed = 0, bool snap = false) {
  StereoImage image;
  image.prepare({48000.0, 1024});
  FrameCount at = 0;
  std::size_t next = 0;
  if (snap) {
    for (const Event& event : events) event.change(image);
    image.reset();
    next = events.size();
  }
  testing::renderInPlace(
      io, testing::splits(static_cast<FrameCount>(io[0].size()), 1024, seed), [&](AudioView view) {
        for (FrameCount done = 0; done < view.frames();) {
          while (next < events.size() && events[next].frame <= at) events[next++].change(image);
          const FrameCount until = next < events.size() ? events[next].frame - at : 1 << 30;
          const FrameCount frames = std::min(view.frames() - done, until);
          image.process(view.frameRange(done, frames));
          done += frames;
          at += frames;
        }
      });
  return io;
}

Event width(FrameCount frame, float value) {
  return {frame, [=](StereoImage& image) { image.setWidth(value); }};
}
Event balance(FrameCount frame, float value) {
  return {frame, [=](StereoImage& image) { image.setBalance(value); }};
}
Event mono(FrameCount frame, bool on) {
  return {frame, [=](StereoImage& image) { image.setMono(on); }};
}

TEST(StereoImage, ChangesNoBitWhenNothingIsSet) {
  const Signal in{testing::noise(4800), testing::noise(4800, 0.5f, 2)};
  EXPECT_EQ(render(in, {}), in);
}

TEST(StereoImage, ScalesTheDifferenceByTheWidthAndLeavesTheMiddle) {
  const Signal in{testing::noise(4800), testing::noise(4800, 0.5f, 2)};
  for (const float value : {0.0f, 0.5f, 1.5f, 2.0f}) {
    const Signal out = render(in, {width(0, value)}, 0, true);
    for (std::size_t n = 0; n < 4800; n += 7) {
      EXPECT_NEAR(out[0][n] + out[1][n], in[0][n] + in[1][n], 1e-6);
      EXPECT_NEAR(out[0][n] - out[1][n], value * (in[0][n] - in[1][n]), 1e-6);
    }
  }
}

TEST(StereoImage, LowersTheSideThatBalanceLeadsAwayFrom) {
  const Signal in{testing::dc(0.5f, 100), testing::dc(0.25f, 100)};
  for (const auto& [value, left, right] :
       {std::tuple{0.5f, 0.25f, 0.25f}, {1.0f, 0.0f, 0.25f}, {-0.25f, 0.5f, 0.1875f}, {-1.0f, 0.5f, 0.0f}}) {
    const Signal out = render(in, {balance(0, value)}, 0, true);
    EXPECT_NEAR(out[0].back(), left, 1e-6);
    EXPECT_NEAR(out[1].back(), right, 1e-6);
  }
}

TEST(StereoImage, GivesTheDifferenceBackAfterMonoAsItWas) {
  const Signal in{testing::noise(9600), testing::noise(9600, 0.5f, 2)};
  const Signal out = render(in, {mono(0, true), mono(4800, false)});
  EXPECT_FLOAT_EQ(out[0][4000], 0.5f * (in[0][4000] + in[1][4000]));
  EXPECT_EQ(out[0][4000], out[1][4000]);
  EXPECT_EQ(out[0][6000], in[0][6000]);
}

TEST(StereoImage, NeverRaisesTheDifferenceFasterThanTheRule) {
  const Signal difference{testing::dc(0.5f, 4 * 48000), testing::dc(-0.5f, 4 * 48000)};
  for (const auto& events : std::vector<std::vector<Event>>{
           {width(0, 0.0f), width(4800, 2.0f)},
           {width(0, 0.1f), width(4800, 2.0f)},
           {width(0, 0.0f), width(4800, 0.5f), width(9600, 1.0f), width(14400, 0.2f), width(15000, 2.0f)}}) {
    const Signal out = render(difference, events);
    for (const auto& channel : out) EXPECT_TRUE(testing::risesSafely(channel, 48000.0, 1.0));
    EXPECT_NEAR(std::abs(out[1].back()), 1.0, 0.001);
  }
}

TEST(StereoImage, CountsARiseFromWhatWasHeardBeforeMono) {
  const Signal difference{testing::dc(0.5f, 4 * 48000), testing::dc(-0.5f, 4 * 48000)};
  Signal out = render(difference, {width(0, 0.1f), mono(4800, true), width(24000, 2.0f), mono(48000, false)});
  // Mono's time and its ramp taken out, what is left obeys the rule; the ramp's 20 ms make 0.4 dB.
  out[0].erase(out[0].begin() + 4800, out[0].begin() + 48960);
  EXPECT_TRUE(testing::risesSafely(out[0], 48000.0, 1.0, 20.0, 0.5));
  EXPECT_NEAR(out[0].back(), 1.0, 0.001);
}

TEST(StereoImage, MakesNoStep) {
  const Signal in{testing::sine(220, 48000, 48000, 0.5f), testing::sine(330, 48000, 48000, 0.4f)};
  const Signal out = render(in, {width(9600, 0.5f), mono(14400, true), mono(19200, false),
                                 balance(24000, 0.6f), balance(28800, 0.0f), width(33600, 1.0f)});
  for (const auto& channel : out)
    EXPECT_TRUE(testing::makesNoStep(
        channel,
        {{9600, 10561}, {14400, 15361}, {19200, 20161}, {24000, 24961}, {28800, 33000}, {33600, 37000}}));
}

TEST(StereoImage, GivesTheSameBitsHoweverTheStreamIsSplit) {
  const Signal in{testing::noise(48000), testing::noise(48000, 0.5f, 2)};
  const std::vector<Event> events{width(1000, 0.0f), balance(2000, -0.9f), mono(5000, true),
                                  width(7000, 2.0f), mono(9000, false),    balance(20000, 0.3f),
                                  width(30000, 1.0f)};
  const Signal once = render(in, events);
  for (const unsigned seed : {1u, 2u}) EXPECT_EQ(render(in, events, seed), once);
}

}  // namespace
}  // namespace gainstage::headphones
