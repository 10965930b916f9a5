#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

#include "headphones/ceiling_render.h"

namespace gainstage::headphones {
namespace {

using testing::Mono;
using testing::Signal;

bool sameBits(const Mono& a, const Mono& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}
bool sameBits(const Signal& a, const Signal& b) {
  return std::ranges::equal(a, b, [](const Mono& x, const Mono& y) { return sameBits(x, y); });
}

/// Signals of every kind of trouble, 0.5 s of two channels.
Signal trouble(const StreamFormat& format, unsigned seed) {
  const FrameCount frames = format.frames(500_ms);
  Signal signal{testing::noise(frames, 0.5f, seed), testing::sine(997.0, format.sampleRate, frames, 3.0f)};
  std::mt19937 random(seed);
  const float infinity = std::numeric_limits<float>::infinity();
  const std::array specials{infinity, -infinity,   std::nanf(""), -std::nanf(""),
                            3e38f,    -1e30f,      1e-40f,        100.0f,
                            1.0f,     -1.0000001f, kDefault,      std::nextafter(kDefault, 1.0f)};
  for (int k = 0; k < 300; ++k)
    signal[random() % 2][random() % signal[0].size()] = specials[random() % specials.size()];
  return signal;
}

TEST(Ceiling, LetsNoSampleAboveItsSettingWhateverComesIn) {
  for (const StreamFormat& format : testing::formats()) {
    SCOPED_TRACE(format.sampleRate);
    const Signal in = trouble(format, static_cast<unsigned>(format.maxFrames));
    const auto blocks = testing::splits(static_cast<FrameCount>(in[0].size()), format.maxFrames, 3);
    const Signal out = render(in, format, blocks);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t n = 0; n < in[c].size(); ++n) {
        ASSERT_LE(std::abs(out[c][n]), kDefault);
        if (std::isnan(in[c][n])) {
          ASSERT_EQ(out[c][n], 0.0f);
        }
      }
    }
  }
}

TEST(Ceiling, StaysBelowTheHigherOfTwoSettingsWhileItMovesAndBelowTheNewOneAfter) {
  const StreamFormat format{kRate, 64};
  Signal in = trouble(format, 5);
  const std::array changes{Change{2000, -12.0f}, Change{6000, -3.5f}, Change{9000, -60.0f},
                           Change{9100, 0.0f}, Change{14000, -20.0f}};
  const Signal out =
      render(in, format, testing::splits(static_cast<FrameCount>(in[0].size()), 64, 9), changes);
  for (std::size_t n = 0; n < in[0].size(); ++n) {
    float allowed = kDefault;
    for (const Change& change : changes) {
      const float setting = Decibels{change.ceilingDbfs}.linear();
      const auto frame = static_cast<std::size_t>(change.frame);
      if (n >= frame) allowed = n < frame + 959 ? std::max(allowed, setting) : setting;
    }
    for (const Mono& channel : out) ASSERT_LE(std::abs(channel[n]), allowed) << n;
  }
}

TEST(Ceiling, LeavesWhatStaysBelowUntouchedToTheBit) {
  Mono in = testing::noise(48000, 0.89f);
  in[100] = kDefault;
  in[200] = -kDefault;
  in[300] = -0.0f;
  const Mono out = render(in);
  EXPECT_TRUE(sameBits(in, out));
}

TEST(Ceiling, IsUntouchedAgainWithin2SecondsAfterAPeak) {
  Mono in = testing::sine(220.0, kRate, 4 * 48000, 0.8f);
  for (std::size_t n = 1000; n < 3000; ++n) in[n] *= 10.0f;
  const Mono out = render(in);
  const std::size_t from = 2 * 48000;
  EXPECT_TRUE(std::equal(in.begin() + from, in.end(), out.begin() + from));
}

TEST(Ceiling, SwitchedOffChangesNoBitNotEvenOfWhatIsNotANumber) {
  const StreamFormat format{kRate, 64};
  const Signal in = trouble(format, 2);
  const std::array changes{Change{0, -1.0f, false}};
  const Signal out = render(in, format, testing::splits(static_cast<FrameCount>(in[0].size()), 64), changes);
  for (std::size_t c = 0; c < 2; ++c)
    EXPECT_TRUE(sameBits(Mono(in[c].begin() + 960, in[c].end()), Mono(out[c].begin() + 960, out[c].end())));
}

TEST(Ceiling, IsSwitchedOnAndOffWithoutAStep) {
  const Mono in = testing::sine(50.0, kRate, 48000, 1.6f);
  const std::array changes{Change{0, -1.0f, false}, Change{20000, -1.0f, true}, Change{30000, -1.0f, false}};
  const Mono out = render(in, changes);
  EXPECT_LE(testing::largestStep(std::span(out).subspan(1000)), 1.2 * testing::largestStep(in));
  EXPECT_LE(testing::peak(std::span(out).subspan(20960, 9000)), kDefault);
}

TEST(Ceiling, GivesTheSameBitsHoweverItIsSplit) {
  const StreamFormat format{kRate, 1024};
  Signal in = trouble(format, 4);
  for (std::size_t n = 8000; n < 14000; ++n) in[0][n] = in[1][n] = 1e-3f;  // long enough to hold, not to rest
  const auto frames = static_cast<FrameCount>(in[0].size());
  const std::array changes{Change{700, -6.0f}, Change{5000, -6.0f, false}, Change{7777, -2.0f}};
  const Signal whole = render(in, format, std::array{frames}, changes);
  for (const FrameCount block : {1, 7, 64, 1024})
    EXPECT_TRUE(sameBits(whole, render(in, format, testing::splits(frames, block), changes))) << block;
  EXPECT_TRUE(sameBits(whole, render(in, format, testing::splits(frames, 300, 8), changes)));
}

TEST(Ceiling, GivesTheSameBitsHoweverItIsSplitBetweenRestingAndWorking) {
  Mono in = testing::sine(331.0, kRate, 5 * 48000, 0.85f);
  for (const std::size_t at : {5003u, 100001u, 222222u}) in[at] = 1.5f;  // rests before each of them
  const auto frames = static_cast<FrameCount>(in.size());
  const StreamFormat format{kRate, 1024};
  const Signal whole = render({in}, format, std::array{frames});
  for (const FrameCount block : {1, 64, 1000})
    EXPECT_TRUE(sameBits(whole, render({in}, format, testing::splits(frames, block)))) << block;
}

TEST(Ceiling, HoldsTheGainStillWithinAPeriodOf30Hz) {
  Mono in = testing::sine(30.0, kRate, 96000, 1.5f);
  for (float& sample : in) sample = std::max(sample, -0.3f);  // one peak a period
  const Mono out = render(in);
  for (std::size_t n = 48000; n < in.size(); ++n) ASSERT_NEAR(out[n], in[n] * kDefault / 1.5f, 1e-5f);
}

TEST(Ceiling, KeepsTheBalanceOfLinkedChannels) {
  const StreamFormat format{kRate, 64};
  const Signal in{testing::sine(440.0, kRate, 24000, 2.0f), testing::noise(24000, 0.1f)};
  const Signal out = render(in, format, testing::splits(24000, 64));
  for (std::size_t n = 12000; n < 24000; ++n) ASSERT_NEAR(out[1][n], in[1][n] * kDefault / 2.0f, 1e-6f);
}

TEST(Ceiling, TellsTheSmallestGainOfTheLastCall) {
  Ceiling ceiling;
  ceiling.prepare({kRate, 64});
  AudioBuffer io(1, 64);
  io.channel(0)[10] = 2.0f;
  ceiling.process(io.view());
  EXPECT_NEAR(testing::decibels(ceiling.lowestGain()), -1.0 - 6.02, 0.01);
  for (int k = 0; k < 2000; ++k) ceiling.process(io.view());
  io.view().clear();
  for (int k = 0; k < 2000; ++k) ceiling.process(io.view());
  EXPECT_EQ(ceiling.lowestGain(), 1.0f);
}

TEST(Ceiling, IsNotSilencedByAStrayInfinity) {
  Mono in = testing::sine(440.0, kRate, 48000, 0.5f);
  in[100] = std::numeric_limits<float>::infinity();
  const Mono out = render(in);
  EXPECT_NEAR(testing::decibels(testing::rms(std::span(out).subspan(19200, 4800))), -9.03, 3.0);
}

TEST(Ceiling, StartsAnewAfterReset) {
  Ceiling used, fresh;
  for (Ceiling* ceiling : {&used, &fresh}) ceiling->prepare({kRate, 64});
  AudioBuffer loud(1, 50);
  std::ranges::fill(loud.channel(0), 5.0f);
  used.process(loud.view());
  used.reset();
  AudioBuffer a(1, 64), b(1, 64);
  for (AudioBuffer* io : {&a, &b}) std::ranges::fill(io->channel(0), 0.8f);
  used.process(a.view());
  fresh.process(b.view());
  EXPECT_TRUE(std::ranges::equal(a.channel(0), b.channel(0)));
}

}  // namespace
}  // namespace gainstage::headphones
