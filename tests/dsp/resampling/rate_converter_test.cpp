#include "dsp/resampling/rate_converter.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "dsp/resampling/equiripple.h"
#include "dsp/resampling/lowpass_kernel.h"
#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;

/// Fourier transform of the kernel, by summing it 64 times in each period of the frequency where it stops.
double response(const LowpassKernel& kernel, Hertz stop, double frequencyHz) {
  const double step = 1.0 / (64.0 * stop.value);
  double sum = kernel.at(0.0);
  for (double t = step; t <= kernel.halfLength(); t += step)
    sum += 2.0 * kernel.at(t) * std::cos(2.0 * std::numbers::pi * frequencyHz * t);
  return sum * step;
}

TEST(LowpassKernel, KeepsItsBandsForEveryUsualRate) {
  for (const double rate : {16000.0, 32000.0, 44100.0, 48000.0, 88200.0, 96000.0, 192000.0}) {
    SCOPED_TRACE(rate);
    const auto [pass, stop] = conversionBands(rate);
    const LowpassKernel kernel(pass, stop);
    for (double f = 0.0; f <= pass.value; f += pass.value / 199.0)
      EXPECT_NEAR(decibels(response(kernel, stop, f)), 0.0, f < pass.value / 1.5 ? 0.018 : 0.045) << f;
    for (double f = stop.value; f < 20.0 * stop.value; f += stop.value / 29.0)
      EXPECT_LT(decibels(std::abs(response(kernel, stop, f))), -91.5) << f;
    EXPECT_EQ(kernel.at(kernel.halfLength() * 1.000001), 0.0);
  }
}

TEST(LowpassKernel, LeavesTheBandTo18kHzAndNothingBeyondTheLowerRatesHalf) {
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    EXPECT_GE(conversionBands(rate).pass.value, 18000.0);
    EXPECT_LE(conversionBands(rate).stop.value, 0.5 * rate + 150.0);
  }
  // Below, images of what passes still begin behind the stop.
  for (const double rate : {8000.0, 22050.0, 32000.0})
    EXPECT_LE(conversionBands(rate).stop.value, rate - conversionBands(rate).pass.value);
}

TEST(EquirippleLowpass, MissesBothBandsByTheSameWeightedErrorAndTouchesItAsOftenAsItMust) {
  constexpr int kHalf = 30;
  const EquirippleLowpass design =
      designLowpass({.passEnd = 0.2, .stopBegin = 0.25, .stopWeight = [](double) { return 10.0; }}, kHalf);
  const auto errorAt = [&](double f) {
    double sum = design.taps[0];
    for (int k = 1; k <= kHalf; ++k)
      sum += 2.0 * design.taps[static_cast<std::size_t>(k)] * std::cos(2.0 * std::numbers::pi * f * k);
    return f <= 0.2 ? sum - 1.0 : 10.0 * sum;
  };
  // By Chebyshev's alternation theorem: half + 2 extremes of alternating sign, none of them larger.
  int extremes = 0;
  double sign = 0.0;
  for (int i = 0; i <= 20000; ++i) {
    const double f = 0.5 * i / 20000.0;
    if (f > 0.2 && f < 0.25) continue;
    const double error = errorAt(f);
    EXPECT_LE(std::abs(error), 1.05 * design.ripple);
    if (std::abs(error) > 0.95 * design.ripple && error * sign <= 0.0) {
      ++extremes;
      sign = error;
    }
  }
  EXPECT_GE(extremes, kHalf + 2);
}

TEST(RateConverter, GivesAsManyFramesAsTheRatesSayAndEachAtItsTime) {
  for (const auto& [from, to] : {std::pair{44100.0, 48000.0},
                                 {48000.0, 44100.0},
                                 {96000.0, 44100.0},
                                 {48000.0, 192000.0},
                                 {11025.0, 48000.0},
                                 {48000.0, 8000.0}}) {
    SCOPED_TRACE(std::to_string(from) + " to " + std::to_string(to));
    const auto table = RateTable::make(from, to);
    ASSERT_TRUE(table.ok()) << table.error().message;
    RateConverter converter;
    const auto frames = static_cast<FrameCount>(from);
    converter.prepare(*table, frames);
    const double frequency = 500.0, delay = static_cast<double>((*table)->delay()) / (*table)->steps() / from;
    Mono out(static_cast<std::size_t>(to) + 1000);
    out.resize(static_cast<std::size_t>(converter.process(testing::sine(frequency, from, frames), out)));
    EXPECT_NEAR(static_cast<double>(out.size()), to, 1.0);
    double largest = 0.0;
    for (std::size_t m = out.size() / 10; m < out.size(); ++m) {
      const double expected =
          std::sin(2.0 * std::numbers::pi * frequency * (static_cast<double>(m) / to - delay));
      largest = std::max(largest, std::abs(static_cast<double>(out[m]) - expected));
    }
    EXPECT_LT(largest, 0.006);  // the passband's ripple
  }
}

TEST(RateConverter, GivesTheSameBitsHoweverItsInputAndOutputAreSplit) {
  const auto table = RateTable::make(44100.0, 48000.0);
  ASSERT_TRUE(table.ok());
  const Mono in = testing::noise(5000);
  RateConverter converter;
  converter.prepare(*table, 5000);
  Mono whole(6000);
  whole.resize(static_cast<std::size_t>(converter.process(in, whole)));
  for (const FrameCount block : {1, 7, 64}) {
    converter.reset(0);
    Mono out(6000);
    std::size_t at = 0, made = 0;
    for (const FrameCount frames : testing::splits(5000, block)) {
      RealtimeScope realtime;
      made += static_cast<std::size_t>(converter.process(
          std::span(in).subspan(at, static_cast<std::size_t>(frames)), std::span(out).subspan(made)));
      at += static_cast<std::size_t>(frames);
    }
    out.resize(made);
    EXPECT_EQ(out, whole) << "blocks of " << block;
  }
}

TEST(RateConverter, RefusesWhatItCannotConvertInASentence) {
  for (const auto& [from, to] :
       {std::pair{44100.5, 48000.0}, {7999.0, 48000.0}, {48000.0, 1e6}, {383999.0, 192000.0}}) {
    const auto table = RateTable::make(from, to);
    ASSERT_FALSE(table.ok());
    EXPECT_EQ(table.error().kind, ErrorKind::usage);
    EXPECT_EQ(table.error().message.back(), '.');
  }
}

}  // namespace
}  // namespace gainstage::dsp
