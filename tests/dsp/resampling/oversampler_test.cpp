#include "dsp/resampling/oversampler.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;
using Phase = Oversampler::Phase;

constexpr int kFactors[] = {1, 2, 4, 8, 16, 32, 64};
constexpr Phase kPhases[] = {Phase::minimum, Phase::linear};
constexpr FrameCount kSettle = 400;  // frames after which nothing of a filter's beginning is left
constexpr FrameCount kFrames = 1600;

std::vector<double> up(Oversampler& oversampler, std::span<const float> in) {
  std::vector<double> out(in.size() * static_cast<std::size_t>(oversampler.factor()));
  RealtimeScope realtime;
  oversampler.up(in, out);
  return out;
}

Mono down(Oversampler& oversampler, std::span<const double> in) {
  Mono out(in.size() / static_cast<std::size_t>(oversampler.factor()));
  RealtimeScope realtime;
  oversampler.down(in, out);
  return out;
}

template <typename Sample>
double decibelsAt(const std::vector<Sample>& samples, std::size_t settle, double hz, double rate) {
  const Mono settled(samples.begin() + static_cast<std::ptrdiff_t>(settle), samples.end());
  return testing::decibels(testing::amplitudeAt(settled, hz, rate));
}

/// For each factor, kind and rate.
template <typename Check>
void forEveryOversampler(Check&& check) {
  for (const Phase phase : kPhases)
    for (const int factor : kFactors)
      for (const double rate : {44100.0, 48000.0}) {
        SCOPED_TRACE(::testing::Message() << (phase == Phase::linear ? "linear" : "minimum") << " phase, "
                                          << factor << " x " << rate);
        Oversampler oversampler;
        oversampler.prepare(factor, phase);
        check(oversampler, rate);
      }
}

TEST(Oversampler, IsFlatTo18kHzAt44And20kHzAt48) {
  forEveryOversampler([](Oversampler& oversampler, double rate) {
    const double top = rate == 48000.0 ? 20000.0 : 18000.0;
    for (double hz = 20.0; hz <= top; hz += (top - 20.0) / 23.0) {
      oversampler.reset();
      const Mono out = down(oversampler, up(oversampler, testing::sine(hz, rate, 6 * kFrames)));
      EXPECT_NEAR(decibelsAt(out, kSettle, hz, rate), 0.0, 0.1) << hz;
    }
  });
}

TEST(Oversampler, KeepsImagesOfTheBandTo18kHz100DbDown) {
  forEveryOversampler([](Oversampler& oversampler, double rate) {
    const double high = rate * oversampler.factor();
    for (const double hz : {100.0, 5000.0, 12000.0, 16000.0, 17500.0, 18000.0}) {
      oversampler.reset();
      const std::vector<double> out = up(oversampler, testing::sine(hz, rate, kFrames));
      const auto settle = static_cast<std::size_t>(kSettle * oversampler.factor());
      for (int k = 1; k <= oversampler.factor() / 2; ++k) {
        EXPECT_LT(decibelsAt(out, settle, k * rate - hz, high), -100.0) << hz << ", image " << k;
        if (2 * k < oversampler.factor()) {
          EXPECT_LT(decibelsAt(out, settle, k * rate + hz, high), -100.0) << hz << ", image " << k;
        }
      }
    }
  });
}

TEST(Oversampler, Keeps100DbBelowTheBandTo18kHzWhateverWouldFoldOntoIt) {
  forEveryOversampler([](Oversampler& oversampler, double rate) {
    const double high = rate * oversampler.factor();
    for (const double hz : {100.0, 5000.0, 12000.0, 16000.0, 17500.0, 18000.0})
      for (int k = 1; k <= oversampler.factor() / 2; ++k)
        for (const double folds : {k * rate - hz, k * rate + hz}) {
          if (folds >= 0.5 * high) continue;
          oversampler.reset();
          const Mono in = testing::sine(folds, high, kFrames * oversampler.factor());
          const Mono out = down(oversampler, std::vector<double>(in.begin(), in.end()));
          EXPECT_LT(decibelsAt(out, kSettle, hz, rate), -100.0) << folds << " Hz onto " << hz;
        }
  });
}

TEST(Oversampler, OfLinearPhaseDelaysEveryFrequencyByItsLatency) {
  for (const int factor : kFactors) {
    Oversampler oversampler;
    oversampler.prepare(factor, Phase::linear);
    const FrameCount latency = oversampler.latencyFrames();
    EXPECT_LE(latency, 40);
    for (const double hz : {50.0, 1000.0, 10000.0, 17000.0}) {
      SCOPED_TRACE(::testing::Message() << factor << " times, " << hz << " Hz");
      oversampler.reset();
      const Mono in = testing::sine(hz, 48000.0, kFrames);
      const Mono out = down(oversampler, up(oversampler, in));
      double worst = 0.0;
      for (FrameCount n = kSettle; n < kFrames; ++n)
        worst = std::fmax(worst, std::abs(static_cast<double>(out[static_cast<std::size_t>(n)]) -
                                          static_cast<double>(in[static_cast<std::size_t>(n - latency)])));
      EXPECT_LT(testing::decibels(worst), -85.0);
    }
  }
}

/// By how much a sine's phase lags, in frames.
double lateness(std::span<const float> out, double hz, double rate) {
  double cosine = 0.0, sine = 0.0;
  for (std::size_t n = kSettle; n < out.size(); ++n) {
    const double angle = 2.0 * std::numbers::pi * hz * static_cast<double>(n) / rate;
    cosine += static_cast<double>(out[n]) * std::cos(angle);
    sine += static_cast<double>(out[n]) * std::sin(angle);
  }
  return -std::atan2(cosine, sine) * rate / (2.0 * std::numbers::pi * hz);
}

TEST(Oversampler, OfMinimumPhaseReportsNoLatencyAndIsAtMostFiveFramesLateAt1kHz) {
  // Half-bands of six all-passes and 100 dB take 1.6 frames each way, the others together 0.9.
  for (const int factor : kFactors) {
    Oversampler oversampler;
    oversampler.prepare(factor, Phase::minimum);
    EXPECT_EQ(oversampler.latencyFrames(), 0);
    // 80 periods of 48 frames from kSettle on.
    const Mono out = down(oversampler, up(oversampler, testing::sine(1000.0, 48000.0, kSettle + 80 * 48)));
    EXPECT_GE(lateness(out, 1000.0, 48000.0), -0.001) << factor;
    EXPECT_LT(lateness(out, 1000.0, 48000.0), 5.0) << factor;
  }
}

TEST(Oversampler, GivesTheSameBitsHoweverTheStreamIsSplitAndAfterAReset) {
  forEveryOversampler([](Oversampler& oversampler, double) {
    const Mono in = testing::noise(3000);
    const std::vector<double> high = up(oversampler, in);
    const Mono expected = down(oversampler, high);
    oversampler.reset();
    std::vector<double> splitHigh;
    Mono split;
    FrameCount at = 0;
    for (const FrameCount frames : testing::splits(3000, 77, 1)) {
      const std::vector<double> part = up(
          oversampler, std::span(in).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(frames)));
      const Mono back = down(oversampler, part);
      splitHigh.insert(splitHigh.end(), part.begin(), part.end());
      split.insert(split.end(), back.begin(), back.end());
      at += frames;
    }
    EXPECT_EQ(splitHigh, high);
    EXPECT_EQ(split, expected);
  });
}

TEST(Oversampler, LeavesEveryBitAtOneTimesTheRate) {
  for (const Phase phase : kPhases) {
    Oversampler oversampler;
    oversampler.prepare(1, phase);
    const Mono in = testing::noise(100);
    EXPECT_EQ(down(oversampler, up(oversampler, in)), in);
  }
}

}  // namespace
}  // namespace gainstage::dsp
