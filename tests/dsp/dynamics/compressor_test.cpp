#include "dsp/dynamics/compressor.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;

/// The paper's eq. 4, in its own three cases, as output level for input level.
double paperLaw(double levelDb, double threshold, double ratio, double knee) {
  const double over = levelDb - threshold;
  if (2.0 * over < -knee) return levelDb;
  if (2.0 * std::abs(over) <= knee)
    return levelDb + (1.0 / ratio - 1.0) * std::pow(over + knee / 2.0, 2.0) / (2.0 * knee);
  return threshold + over / ratio;
}

TEST(CompressorLaw, IsThePapersEquation4) {
  for (const float threshold : {-60.0f, -20.0f, 0.0f})
    for (const float ratio : {1.0f, 1.5f, 4.0f, 20.0f})
      for (const float knee : {0.0f, 1.0f, 6.0f, 24.0f}) {
        const CompressorLaw law{threshold, 1.0f - 1.0f / ratio, knee};
        for (float level = -120.0f; level <= 20.0f; level += 0.37f)
          ASSERT_NEAR(level - law.reductionDb(level), paperLaw(level, threshold, ratio, knee), 0.002)
              << level << " dB, threshold " << threshold << ", ratio " << ratio << ", knee " << knee;
      }
}

Compressor prepared(double threshold, float ratio, double knee, double attackMs, double releaseMs) {
  Compressor compressor;
  compressor.prepare({kRate, 1024});
  compressor.setThreshold({threshold});
  compressor.setRatio(ratio);
  compressor.setKnee({knee});
  compressor.setAttack({attackMs});
  compressor.setRelease({releaseMs});
  compressor.reset();
  return compressor;
}

Signal render(Compressor& compressor, Signal io, FrameCount block = 64, unsigned seed = 0) {
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                         [&](AudioView view) { compressor.process(view); });
  return io;
}

/// A magnitude that stands still, without a constant's help: +, -, +, - ...
Mono square(double levelDb, FrameCount frames) {
  Mono samples(static_cast<std::size_t>(frames), Decibels{levelDb}.linear());
  for (std::size_t n = 1; n < samples.size(); n += 2) samples[n] = -samples[n];
  return samples;
}

TEST(Compressor, ItsSettledCurveIsItsLaw) {
  for (const double knee : {0.0, 12.0})
    for (double level = -90.0; level <= 12.0; level += 3.3) {
      Compressor compressor = prepared(-30.0, 4.0f, knee, 1.0, 10.0);
      const Mono out = render(compressor, {square(level, 9600)})[0];
      EXPECT_NEAR(decibels(std::abs(static_cast<double>(out.back()))), paperLaw(level, -30.0, 4.0, knee),
                  0.003)
          << level << " dB, knee " << knee;
    }
}

TEST(Compressor, LeavesEveryBitBelowItsThreshold) {
  Compressor compressor = prepared(-20.0, 4.0f, 6.0, 1.0, 50.0);
  const Mono in = testing::noise(4800, 0.07f);  // -23.1 dB: the knee begins at -23
  EXPECT_EQ(render(compressor, {in})[0], in);
}

/// Reduction in dB at each frame.
std::vector<double> reduction(const Mono& in, const Mono& out) {
  std::vector<double> all;
  for (std::size_t n = 0; n < in.size(); ++n)
    all.push_back(decibels(std::abs(static_cast<double>(in[n]))) -
                  decibels(std::abs(static_cast<double>(out[n]))));
  return all;
}

TEST(Compressor, AttackAndReleaseAreTheTimesOf63PercentOfTheWayInDb) {
  struct Times {
    double attackMs, releaseMs;
  };
  for (const Times times : {Times{0.5, 20.0}, Times{5.0, 100.0}, Times{30.0, 300.0}, Times{50.0, 5.0}}) {
    SCOPED_TRACE(::testing::Message() << times.attackMs << " ms, " << times.releaseMs << " ms");
    Compressor compressor = prepared(-40.0, 4.0f, 0.0, times.attackMs, times.releaseMs);
    constexpr std::size_t kEach = 96000;
    Mono in = square(-80.0, kEach);
    for (const double level : {-10.0, -80.0}) {
      const Mono next = square(level, kEach);
      in.insert(in.end(), next.begin(), next.end());
    }
    const std::vector<double> reduced = reduction(in, render(compressor, {in})[0]);
    const double whole = 30.0 * 0.75;  // 30 dB over, 3/4 of it taken
    EXPECT_NEAR(reduced[2 * kEach - 1], whole, 0.01);
    const auto after = [&](std::size_t start, auto reached) {
      std::size_t n = start;
      while (!reached(reduced[n])) ++n;
      return static_cast<double>(n - start + 1) / kRate * 1e3;
    };
    const double share = 1.0 - std::exp(-1.0);
    EXPECT_NEAR(after(kEach, [&](double db) { return db >= share * whole; }), times.attackMs,
                0.01 * times.attackMs + 0.03);
    EXPECT_NEAR(after(2 * kEach, [&](double db) { return db <= (1.0 - share) * whole; }), times.releaseMs,
                0.01 * times.releaseMs + 0.03);
  }
}

TEST(Compressor, BothChannelsAreTurnedDownAsTheLouderOneAsks) {
  Compressor compressor = prepared(-30.0, 4.0f, 0.0, 1.0, 50.0);
  const Mono loud = square(-10.0, 9600), soft = square(-50.0, 9600);
  for (const bool loudFirst : {true, false}) {
    compressor.reset();
    const Signal out = render(compressor, loudFirst ? Signal{loud, soft} : Signal{soft, loud});
    const double left = decibels(std::abs(static_cast<double>(out[0].back())));
    const double right = decibels(std::abs(static_cast<double>(out[1].back())));
    EXPECT_NEAR(left, loudFirst ? -25.0 : -65.0, 0.003);
    EXPECT_NEAR(right, loudFirst ? -65.0 : -25.0, 0.003);
  }
}

TEST(Compressor, TheSideChainHighPassLetsLowSoundsPassUncompressed) {
  const Mono low = testing::sine(40.0, kRate, 96000, 0.5f);
  Compressor compressor = prepared(-20.0, 10.0f, 0.0, 1.0, 100.0);
  const double without = decibels(testing::peak(std::span(render(compressor, {low})[0]).last(9600)));
  compressor.setSidechainHighPass({320.0});
  compressor.setSidechainHighPassOn(true);
  compressor.reset();
  const Mono out = render(compressor, {low})[0];
  // Three octaves under the side chain's corner: heard 36 dB softer, so under the threshold.
  EXPECT_LT(without, -6.02 - 8.0);
  EXPECT_EQ(out, low);
}

TEST(Compressor, MakeUpGainAddsItsDecibels) {
  Compressor compressor = prepared(0.0, 4.0f, 0.0, 1.0, 50.0);
  compressor.setMakeUp({9.0});
  compressor.reset();
  const Mono out = render(compressor, {square(-40.0, 4800)})[0];
  EXPECT_NEAR(decibels(testing::peak(out)), -31.0, 0.001);
}

TEST(Compressor, GivesTheSameBitsHoweverItIsSplitWhileEverythingMoves) {
  const Signal in{testing::noise(9000, 0.8f, 1), testing::noise(9000, 0.2f, 2)};
  Signal reference;
  for (const FrameCount block : {4500, 1, 7, 64, 96, 1024}) {
    Compressor compressor = prepared(-30.0, 4.0f, 6.0, 5.0, 50.0);
    Signal out(2);
    for (const std::size_t start : {0u, 4500u}) {
      Signal part;
      for (const Mono& channel : in)
        part.emplace_back(channel.begin() + start, channel.begin() + start + 4500);
      part = render(compressor, part, block, block == 1024 ? 5 : 0);
      for (std::size_t c = 0; c < 2; ++c) out[c].insert(out[c].end(), part[c].begin(), part[c].end());
      compressor.setThreshold({-50.0});
      compressor.setRatio(20.0f);
      compressor.setKnee({0.0});
      compressor.setMakeUp({12.0});
      compressor.setSidechainHighPassOn(true);
    }
    if (reference.empty()) reference = out;
    EXPECT_EQ(out, reference) << "blocks of " << block;
  }
}

TEST(DynamicsKernels, LevelsAndGainsAreWithinATenThousandthOfADecibel) {
  CompressorChunk law;
  DynamicsChunk key, attack, release, gain;
  std::fill_n(law.slope.data(), kDynamicsFrames, 1.0f);
  std::fill_n(law.thresholdDb.data(), kDynamicsFrames, -190.0f);
  std::fill_n(law.kneeDb.data(), kDynamicsFrames, CompressorLaw::kNarrowestKneeDb);
  std::fill_n(law.makeUpGain.data(), kDynamicsFrames, 1.0f);
  double worstLevel = 0.0, worstGain = 0.0;
  for (int chunk = 0; chunk < 2000; ++chunk) {
    for (std::size_t n = 0; n < kDynamicsFrames; ++n)  // -180..+60 dB, never twice the same mantissa
      key.values[n] = static_cast<float>(
          std::pow(10.0, (-180.0 + 0.12 * chunk + 0.001953 * static_cast<double>(n)) / 20.0));
    reductionOf(key, law, 1.0f, 0.5f, kDynamicsFrames, attack, release);
    for (std::size_t n = 0; n < kDynamicsFrames; ++n) {
      const double levelDb = decibels(static_cast<double>(key.values[n]));
      worstLevel = std::max(worstLevel, std::abs(static_cast<double>(attack.values[n]) - 190.0 - levelDb));
      EXPECT_EQ(release.values[n], 0.5f * attack.values[n]);
    }
    gainsOf(attack, law.makeUpGain, kDynamicsFrames, gain);
    for (std::size_t n = 0; n < kDynamicsFrames; ++n)
      worstGain = std::max(worstGain, std::abs(decibels(static_cast<double>(gain.values[n])) +
                                               static_cast<double>(attack.values[n])));
  }
  EXPECT_LT(worstLevel, 1e-4);
  EXPECT_LT(worstGain, 1e-4);
}

}  // namespace
}  // namespace gainstage::dsp
