#include "dsp/filters/highpass.h"

#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;
using testing::Signal;

Signal render(HighPass& filter, Signal io, std::span<const FrameCount> blocks) {
  testing::renderInPlace(io, blocks, [&](AudioView view) { filter.process(view); });
  return io;
}

/// Gain in dB at one frequency, after half a second to settle.
double gainDb(HighPass& filter, double frequencyHz, double sampleRate) {
  const auto half = static_cast<FrameCount>(sampleRate / 2.0);
  const Mono in = testing::sine(frequencyHz, sampleRate, 3 * half);
  const Mono out = render(filter, {in}, testing::splits(3 * half, 64))[0];
  const auto settled = [&](const Mono& samples) {
    return std::span(samples).subspan(static_cast<std::size_t>(half));
  };
  return testing::decibels(testing::amplitudeAt(settled(out), frequencyHz, sampleRate) /
                           testing::amplitudeAt(settled(in), frequencyHz, sampleRate));
}

HighPass settled(double sampleRate, double cutoffHz, Slope slope) {
  HighPass filter;
  filter.prepare({sampleRate, 1024});
  filter.setOn(true);
  filter.setFrequency({cutoffHz});
  filter.setSlope(slope);
  filter.reset();
  return filter;
}

TEST(HighPass, IsDownBy3DbAtItsCutoffAndFollowsButterworthBelow) {
  for (const double rate : {44100.0, 48000.0, 192000.0})
    for (const double cutoffHz : {20.0, 80.0, 400.0})
      for (int order = 1; order <= 4; ++order) {
        SCOPED_TRACE(::testing::Message() << rate << " Hz, cutoff " << cutoffHz << " Hz, order " << order);
        HighPass filter = settled(rate, cutoffHz, static_cast<Slope>(order - 1));
        EXPECT_NEAR(gainDb(filter, cutoffHz, rate), -3.01, 0.01);
        // |H|^2 = r / (1 + r) with r = (f / fc)^(2 order); the bilinear transform moves it by under 0.02 dB
        // here.
        const double r = std::pow(0.5, 2.0 * order);
        EXPECT_NEAR(gainDb(filter, cutoffHz / 2.0, rate), 10.0 * std::log10(r / (1.0 + r)), 0.02);
        EXPECT_NEAR(gainDb(filter, 20.0 * cutoffHz, rate), 0.0, order == 1 ? 0.02 : 0.001);
      }
}

TEST(HighPass, RemovesAConstantAtItsLowestAndSteepest) {
  HighPass filter = settled(192000.0, 20.0, Slope::dB24);
  const Mono out = render(filter, {testing::dc(1.0f, 192000)}, testing::splits(192000, 64))[0];
  EXPECT_LT(testing::decibels(testing::peak(std::span(out).last(1000))), -140.0);
}

TEST(HighPass, LeavesEveryBitWhenItIsOffAndAgainOnceItsFadeIsOver) {
  HighPass filter;
  filter.prepare({48000.0, 64});
  const Mono in = testing::noise(9600);
  EXPECT_EQ(render(filter, {in}, testing::splits(9600, 64))[0], in);
  filter.setOn(true);
  EXPECT_NE(render(filter, {in}, testing::splits(9600, 64))[0], in);
  filter.setOn(false);
  EXPECT_FALSE(filter.isBypassed());
  const Mono out = render(filter, {in}, testing::splits(9600, 64))[0];
  EXPECT_TRUE(filter.isBypassed());
  EXPECT_TRUE(std::ranges::equal(std::span(out).subspan(960), std::span(in).subspan(960)));
}

TEST(HighPass, GivesTheSameBitsHoweverItIsSplitWhileEverythingMoves) {
  const Signal in{testing::noise(6000, 0.5f, 1), testing::noise(6000, 0.5f, 2)};
  Signal reference;
  for (const FrameCount block : {6000, 1, 7, 64, 96, 1024, -50}) {
    HighPass filter;
    filter.prepare({48000.0, 6000});
    Signal out;
    int change = 0;
    for (const FrameCount start : {0, 1500, 2000, 4500}) {  // the second comes while the first still moves
      switch (change++) {
        case 0:
          filter.setOn(true);
          break;
        case 1:
          filter.setSlope(Slope::dB24);
          break;
        case 2:
          filter.setFrequency({350.0});
          break;
        default:
          filter.setOn(false);
          break;
      }
      const FrameCount frames = start == 0 ? 1500 : start == 1500 ? 500 : start == 2000 ? 2500 : 1500;
      Signal part;
      for (const Mono& channel : in)
        part.emplace_back(channel.begin() + start, channel.begin() + start + frames);
      part = render(filter, part, testing::splits(frames, std::abs(block), block < 0 ? 7 : 0));
      out.resize(2);
      for (std::size_t c = 0; c < 2; ++c) out[c].insert(out[c].end(), part[c].begin(), part[c].end());
    }
    if (reference.empty()) reference = out;
    EXPECT_EQ(out, reference) << "blocks of " << block;
  }
}

TEST(HighPass, BothChannelsAreFilteredAlike) {
  HighPass one = settled(48000.0, 120.0, Slope::dB18), two = settled(48000.0, 120.0, Slope::dB18);
  const Mono left = testing::noise(2000, 0.5f, 1), right = testing::noise(2000, 0.5f, 2);
  const Signal both = render(two, {left, right}, testing::splits(2000, 64));
  EXPECT_EQ(render(one, {left}, testing::splits(2000, 64))[0], both[0]);
  one.reset();
  EXPECT_EQ(render(one, {right}, testing::splits(2000, 64))[0], both[1]);
}

TEST(HighPass, NoChangeStepsMoreThanTheSignalDoes) {
  const double rate = 48000.0;
  struct Setting {
    bool on;
    double cutoffHz;
    Slope slope;
  };
  const Setting settings[] = {{false, 80.0, Slope::dB12}, {true, 80.0, Slope::dB12},
                              {true, 400.0, Slope::dB24}, {true, 20.0, Slope::dB6},
                              {true, 400.0, Slope::dB18}, {true, 400.0, Slope::dB6},
                              {true, 20.0, Slope::dB24},  {false, 400.0, Slope::dB6}};
  for (const double toneHz : {0.0, 55.0, 110.0, 440.0})
    for (std::size_t i = 1; i < std::size(settings); ++i) {
      SCOPED_TRACE(::testing::Message() << toneHz << " Hz, change " << i);
      HighPass filter;
      filter.prepare({rate, 64});
      const auto apply = [&](const Setting& setting) {
        filter.setOn(setting.on);
        filter.setFrequency({setting.cutoffHz});
        filter.setSlope(setting.slope);
      };
      Signal io{toneHz > 0.0 ? testing::sine(toneHz, rate, 96000, 0.5f, 1.0) : testing::dc(0.5f, 96000)};
      apply(settings[i - 1]);
      filter.reset();
      FrameCount at = 0;
      testing::renderInPlace(io, testing::splits(96000, 50), [&](AudioView view) {
        if (at == 48000) apply(settings[i]);
        filter.process(view);
        at += view.frames();
      });
      const std::span<const float> out = io[0];
      const double own =
          std::max(testing::largestStep(out.subspan(43000, 4800)), testing::largestStep(out.last(4800)));
      // A constant has no steps of its own; two sections that fade at once give it those of (1 - t)^2 over 20
      // ms.
      EXPECT_LE(testing::largestStep(out.subspan(47990, 20000)), std::max(1.5 * own, 2.0 * 0.5 / 960.0));
    }
}

}  // namespace
}  // namespace gainstage::dsp
