#include "dsp/reverb/reverb.h"

#include <cmath>
#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <numbers>
#include <numeric>

#include "dsp/reverb/reverb_measures.h"
#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;

struct Settings {
  double decaySeconds = 1.8;
  double dampingHz = 6000.0;
  double predelayMs = 0.0;
  double lowCutHz = 20.0;
};

std::unique_ptr<Reverb> makeReverb(const Settings& settings = {},
                                   const StreamFormat& format = {kRate, 1024}) {
  auto reverb = std::make_unique<Reverb>();
  reverb->prepare(format);
  reverb->setDecay(settings.decaySeconds);
  reverb->setDamping(Hertz{settings.dampingHz});
  reverb->setPredelay(Milliseconds{settings.predelayMs});
  reverb->setLowCut(Hertz{settings.lowCutHz});
  reverb->reset();
  return reverb;
}

/// `before` is told the frame before each call.
template <typename Before>
Signal render(Reverb& reverb, Signal io, std::span<const FrameCount> blocks, Before&& before) {
  FrameCount at = 0;
  testing::renderInPlace(io, blocks, [&](AudioView view) {
    before(at);
    reverb.process(view);
    at += view.frames();
  });
  return io;
}
Signal render(Reverb& reverb, Signal io) {
  const auto blocks = testing::splits(static_cast<FrameCount>(io[0].size()), 64);
  return render(reverb, std::move(io), blocks, [](FrameCount) {});
}

Signal impulseResponse(const Settings& settings, double seconds, double sampleRate = kRate) {
  const auto reverb = makeReverb(settings, {sampleRate, 64});
  const auto frames = static_cast<FrameCount>(seconds * sampleRate);
  return render(*reverb, {testing::impulse(frames), testing::impulse(frames)});
}

// Measured at 48 kHz, decay 1.8 s, damping 6 kHz, RT60 by octave from 125 Hz: 1.85 1.83 1.82 1.76 1.62 1.28
// 0.83 s.
TEST(Reverb, DecaysInTheTimeSetAt1kHz) {
  for (const double seconds : {0.3, 0.6, 1.8, 5.0, 10.0}) {
    for (const double sampleRate : {44100.0, 96000.0}) {
      SCOPED_TRACE(seconds);
      const Signal response = impulseResponse({.decaySeconds = seconds}, 0.2 + 0.8 * seconds, sampleRate);
      for (const Mono& channel : response)
        EXPECT_NEAR(reverberationSeconds(octave(channel, 1000.0, sampleRate), sampleRate), seconds,
                    0.1 * seconds);
    }
  }
}

TEST(Reverb, DecaysAlikeBelow1kHzAndHalfAsLongAtTheDamping) {
  const Signal response = impulseResponse({.decaySeconds = 2.0, .dampingHz = 4000.0}, 2.0);
  for (const double hz : {125.0, 250.0, 500.0})
    EXPECT_NEAR(reverberationSeconds(octave(response[0], hz, kRate), kRate), 2.0, 0.24) << hz;
  for (const double hz : {4000.0, 8000.0}) {
    const double seconds = reverberationSeconds(octave(response[0], hz, kRate, 3.0), kRate);
    EXPECT_NEAR(seconds, hz == 4000.0 ? 1.05 : 0.6, 0.1) << hz;
  }
}

TEST(Reverb, IsAsDenseAsNoiseAfter150Ms) {
  const Signal response = impulseResponse({}, 1.0);
  const auto density = [&](double from, double to) {
    double sum = 0.0;
    int windows = 0;
    for (double seconds = from; seconds < to; seconds += 0.01)
      for (const Mono& channel : response) sum += echoDensity(channel, seconds), ++windows;
    return sum / windows;
  };
  EXPECT_GE(density(0.13, 0.17), 0.92);  // measured: 0.98
  EXPECT_GE(density(0.17, 0.60), 0.97);  // 1.00
  EXPECT_GE(density(0.06, 0.10), 0.60);  // 0.74
}

TEST(Reverb, HasNoModesThatRingOut) {
  // The levels at the frequencies of a late response spread by 5.57 dB where modes are many and independent
  // (Schroeder, "Statistical parameters of the frequency response curves of large rooms", JAES 35(5), 1987);
  // where a few outlast the others, by more. Measured: 6.2; 6.5 without the sway.
  double sum = 0.0, highest = 0.0;
  int spreads = 0;
  for (const double seconds : {1.8, 5.0}) {
    const Signal response = impulseResponse({.decaySeconds = seconds, .dampingHz = 20000.0}, seconds + 1.0);
    for (const Mono& channel : response) {
      Mono late(channel.begin() + static_cast<std::ptrdiff_t>(0.3 * seconds * kRate), channel.end());
      late.resize(32768);
      for (std::size_t n = 0; n < late.size(); ++n)  // as if it did not decay
        late[n] *= static_cast<float>(std::pow(10.0, 3.0 * static_cast<double>(n) / (seconds * kRate)));
      Mono levels;
      for (double hz = 300.0; hz < 3000.0; hz += 12.0)
        levels.push_back(static_cast<float>(decibels(testing::amplitudeAt(late, hz, kRate))));
      const double mean =
          std::accumulate(levels.begin(), levels.end(), 0.0) / static_cast<double>(levels.size());
      for (float& level : levels) level -= static_cast<float>(mean);
      sum += testing::rms(levels), ++spreads;
      highest = std::max<double>(highest, *std::ranges::max_element(levels));
    }
  }
  EXPECT_NEAR(sum / spreads, 5.57, 0.9);
  EXPECT_LE(highest, 16.0);
}

TEST(Reverb, GivesTwoOutputsThatDoNotResembleEachOther) {
  const Signal response = impulseResponse({}, 1.5);
  for (int lag = -40; lag <= 40; ++lag) {
    double product = 0.0;
    for (std::size_t n = 100; n + 100 < response[0].size(); ++n)
      product += static_cast<double>(response[0][n]) *
                 static_cast<double>(response[1][n + static_cast<std::size_t>(lag + 40) - 40]);
    const double frames = static_cast<double>(response[0].size());
    EXPECT_LE(std::abs(product) / frames / testing::rms(response[0]) / testing::rms(response[1]), 0.2) << lag;
  }
}

TEST(Reverb, GivesANoiseThePowerItCameWith) {
  for (const double seconds : {0.5, 1.8, 6.0}) {
    const auto reverb = makeReverb({.decaySeconds = seconds, .dampingHz = 20000.0});
    const Mono in = octave(testing::noise(20 * 48000), 700.0, kRate);
    const Signal out = render(*reverb, {in, in});
    for (const Mono& channel : out)
      EXPECT_NEAR(decibels(testing::rms(std::span(channel).subspan(8 * 48000)) / testing::rms(in)), 0.0, 1.5);
  }
}

TEST(Reverb, TakesTheLowsOutOfWhatComesIn) {
  const auto level = [](double hz, double lowCutHz) {
    const auto reverb = makeReverb({.lowCutHz = lowCutHz});
    const Mono in = octave(testing::noise(192000), hz, kRate, 3.0);
    return decibels(testing::rms(render(*reverb, {in, in})[0]));
  };
  EXPECT_NEAR(level(100.0, 400.0) - level(100.0, 20.0), -24.1, 1.0);  // two octaves at 12 dB
  EXPECT_NEAR(level(1600.0, 400.0) - level(1600.0, 20.0), 0.0, 0.2);
}

TEST(Reverb, SoundsFirstAfterThePredelay) {
  const auto first = [](double predelayMs) {
    const Signal response = impulseResponse({.predelayMs = predelayMs}, 0.5);
    const double peak = testing::peak(response[0]);
    return std::ranges::find_if(response[0], [=](float x) { return std::abs(x) > 0.01 * peak; }) -
           response[0].begin();
  };
  const auto without = first(0.0);
  EXPECT_GE(without, 0.020 * kRate);
  EXPECT_LE(without, 0.030 * kRate);
  EXPECT_EQ(first(120.0), without + 5760);
}

TEST(Reverb, GivesTheSameBitsHoweverItIsSplit) {
  const FrameCount frames = 3 * 48000;
  Signal in{testing::silence(frames), testing::silence(frames)};
  for (std::size_t n = 1234; n < 30000; ++n)
    in[n % 2][n] = testing::noise(1, 0.3f, static_cast<unsigned>(n))[0];
  for (std::size_t n = 140000; n < 141000; ++n) in[0][n] = 0.1f;  // wakes it up from its rest
  const auto rendered = [&](FrameCount block, unsigned seed) {
    const auto reverb = makeReverb({.decaySeconds = 0.3, .predelayMs = 15.0});
    std::vector<FrameCount> blocks;
    for (const FrameCount length : {9000, 200, 30000, frames - 39200})  // changes come between
      std::ranges::copy(testing::splits(length, block, seed), std::back_inserter(blocks));
    return render(*reverb, in, blocks, [&](FrameCount at) {
      if (at == 9000) reverb->setDecay(0.4), reverb->setPredelay(40_ms);
      if (at == 9200) reverb->setPredelay(30_ms), reverb->setLowCut(300_Hz);
      if (at == 39200) reverb->setDamping(3_kHz);
    });
  };
  const Signal whole = rendered(1024, 0);
  EXPECT_GT(testing::peak(std::span(whole[0]).subspan(141000)), 1e-3);
  for (const FrameCount block : {1, 7, 64}) EXPECT_EQ(whole, rendered(block, 0)) << block;
  EXPECT_EQ(whole, rendered(500, 3));
}

TEST(Reverb, GivesTheSameBitsWithWhateverInstructionsTheMachineHas) {
  const auto rendered = [](std::int64_t targets) {
    hwy::GetChosenTarget().Update(targets);
    const auto reverb = makeReverb();
    return render(*reverb, {testing::noise(9600), testing::noise(9600, 0.5f, 2)});
  };
  const std::int64_t all = hwy::SupportedTargets();
  const Signal best = rendered(all);
  EXPECT_EQ(best, rendered(0));  // none: what every machine can do
  for (std::int64_t left = all; left != 0; left &= left - 1) EXPECT_EQ(best, rendered(left & -left));
  hwy::GetChosenTarget().Update(all);
}

TEST(Reverb, RestsOnceItsTailIsInaudibleAndWakesAtTheFirstSound) {
  const auto reverb = makeReverb({.decaySeconds = 1.0});
  EXPECT_TRUE(reverb->isIdle());
  const Signal burst = render(*reverb, {testing::noise(4800), testing::noise(4800)});
  EXPECT_FALSE(reverb->isIdle());
  FrameCount frames = 0;
  double last = 1.0;
  for (; !reverb->isIdle() && frames < 10 * 48000; frames += 480) {
    const Signal tail = render(*reverb, {testing::silence(480), testing::silence(480)});
    if (!reverb->isIdle()) last = testing::peak(tail[0]);
  }
  EXPECT_LE(decibels(last), -120.0);
  EXPECT_LE(frames, 4 * 48000);
  EXPECT_EQ(testing::peak(render(*reverb, {testing::silence(4800), testing::silence(4800)})[0]), 0.0);
  // Awake again it is as new.
  const Signal again = render(*reverb, {testing::noise(4800), testing::noise(4800)});
  EXPECT_EQ(again, burst);
}

TEST(Reverb, ChangesItsSettingsWithoutAClick) {
  const Mono tone = testing::sine(330.0, kRate, 4 * 48000, 0.3f);
  const auto steps = [&](bool changing) {
    const auto reverb = makeReverb();
    const auto blocks = testing::splits(4 * 48000, 480);
    int change = 0;
    const Signal out = render(*reverb, {tone, tone}, blocks, [&](FrameCount at) {
      if (!changing || at < 48000) return;
      switch (change++ % 10) {
        case 0:
          return reverb->setDecay(at % 3 == 0 ? 0.5 : 4.0);
        case 2:
          return reverb->setDamping(Hertz{at % 960 == 0 ? 1500.0 : 9000.0});
        case 4:
          return reverb->setPredelay(Milliseconds{static_cast<double>(at % 200)});
        case 6:
          return reverb->setLowCut(Hertz{at % 960 == 0 ? 400.0 : 40.0});
        case 8:
          return reverb->setOn(change % 20 != 9);
        default:
          return;
      }
    });
    // How fast a smooth signal bends: an inaudible click shows here long before it shows as a step.
    const auto settled = std::span(out[0]).subspan(48000);
    double bend = 0.0;
    for (std::size_t n = 2; n < settled.size(); ++n)
      bend = std::max(bend,
                      std::abs(double{settled[n]} - 2.0 * double{settled[n - 1]} + double{settled[n - 2]}));
    return std::pair(testing::largestStep(settled), bend / testing::peak(settled));
  };
  const auto [still, stillBend] = steps(false);
  const auto [moving, movingBend] = steps(true);
  EXPECT_LE(moving, 4.0 * still);  // a shorter decay lets more of the tone in: level, not clicks
  EXPECT_LE(movingBend, 3.0 * stillBend);
}

TEST(Reverb, IsSilentWithin50MsOfBeingSwitchedOffAndFreshWhenSwitchedOn) {
  const auto reverb = makeReverb();
  render(*reverb, {testing::noise(48000), testing::noise(48000)});
  reverb->setOn(false);
  const Signal off = render(*reverb, {testing::noise(4800), testing::noise(4800)});
  EXPECT_EQ(testing::peak(std::span(off[0]).subspan(2400)), 0.0);
  EXPECT_TRUE(reverb->isIdle());
  reverb->setOn(true);
  EXPECT_EQ(testing::peak(render(*reverb, {testing::silence(9600), testing::silence(9600)})[0]), 0.0);
}

TEST(Reverb, TakesNoHarmFromWhatIsNotANumber) {
  const auto reverb = makeReverb({.decaySeconds = 0.5});
  Signal in{testing::noise(9600), testing::noise(9600)};
  in[0][100] = std::nanf("");
  in[1][200] = std::numeric_limits<float>::infinity();
  in[0][300] = 3e38f;
  const Signal out = render(*reverb, in);
  for (const Mono& channel : out) {
    EXPECT_TRUE(testing::allFinite(channel));
    EXPECT_LE(testing::peak(channel), 4.0);
  }
}

TEST(Reverb, MakesTwoChannelsOfOne) {
  const auto one = makeReverb(), two = makeReverb();
  AudioBuffer in(1, 512), out(2, 512), both(2, 512);
  const Mono noise = testing::noise(512);
  for (int k = 0; k < 10; ++k) {
    std::ranges::copy(noise, in.channel(0).begin());
    for (int c = 0; c < 2; ++c) std::ranges::copy(noise, both.channel(c).begin());
    one->process(std::as_const(in).view(), out.view());
    two->process(both.view());
    for (int c = 0; c < 2; ++c) EXPECT_TRUE(std::ranges::equal(out.channel(c), both.channel(c)));
  }
}

}  // namespace
}  // namespace gainstage::dsp
