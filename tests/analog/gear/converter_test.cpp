#include "analog/gear/converter.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

#include "analog/gear/air.h"
#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

TEST(Converter, RoundsWithTheNoiseOfTheTextbooks) {
  // 6.02 N + 1.76 dB (Bennett, "Spectra of quantized signals", BSTJ 27, 1948): 98.08 dB for 16 bits, 146.2
  // for 24; dithered with a triangle of 2 LSB, 93.3 and 141.5 dB.
  EXPECT_NEAR(quantizationNoiseDbfs(16, false), -98.08, 0.02);
  EXPECT_NEAR(quantizationNoiseDbfs(24, false), -146.24, 0.02);
  EXPECT_NEAR(quantizationNoiseDbfs(16, true), -93.31, 0.02);
  EXPECT_NEAR(quantizationNoiseDbfs(24, true), -141.47, 0.02);
}

TEST(Converter, HasTheNoiseThatRoundingReallyMakes) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> half(-0.5, 0.5);
  const double amplitude = std::ldexp(0.7, 11), lsb = 1.0;  // 12 bits
  for (const bool dithered : {false, true}) {
    double noise = 0.0;
    constexpr int kFrames = 200000;
    for (int n = 0; n < kFrames; ++n) {
      const double in = amplitude * std::sin(0.0912345678 * n);
      const double out = std::round(in / lsb + (dithered ? half(random) + half(random) : 0.0)) * lsb;
      noise += (out - in) * (out - in);
    }
    const double dbfs = 10.0 * std::log10(noise / kFrames / (0.5 * std::ldexp(1.0, 22)));
    EXPECT_NEAR(dbfs, quantizationNoiseDbfs(12, dithered), 0.1) << dithered;
  }
}

TEST(Converter, LimitsHighTonesByItsClocksJitter) {
  // Kester, MT-008: 1 ns at 10 kHz 84 dB; 100 ps at 100 kHz 84 dB; 100 fs at 100 MHz 84 dB.
  EXPECT_NEAR(jitterSnrDb(10e3, 1e-9), 84.04, 0.01);
  EXPECT_NEAR(jitterSnrDb(100e3, 100e-12), 84.04, 0.01);
  EXPECT_NEAR(jitterSnrDb(100e6, 100e-15), 84.04, 0.01);
  EXPECT_EQ(jitterSnrDb(1e3, 0.0), INFINITY);
}

TEST(Converter, SamplesAJitteringClockAsNoisilyAsItSays) {
  std::mt19937 random(3);
  constexpr double kJitter = 2e-9, kHz = 9876.5, kRate = 48000.0;
  std::normal_distribution<double> late(0.0, kJitter);
  double noise = 0.0, signal = 0.0;
  for (int n = 0; n < 200000; ++n) {
    const double turn = 2.0 * std::numbers::pi * kHz;
    const double at = n / kRate;
    const double clean = std::sin(turn * at);
    const double error = std::sin(turn * (at + late(random))) - clean;
    noise += error * error, signal += clean * clean;
  }
  EXPECT_NEAR(10.0 * std::log10(signal / noise), jitterSnrDb(kHz, kJitter), 0.1);
}

TEST(Converter, AddsItsRoundingToItsAnalogueNoise) {
  Converter converter{.fullScaleDbu = 16.0, .dynamicRangeDba = 111.0, .bits = 24};
  EXPECT_NEAR(converterNoiseDbfs(converter, NoiseBand::aWeighted, 48000.0), -111.0, 0.01);
  EXPECT_NEAR(converterNoiseDbfs(converter, NoiseBand::flat, 48000.0), -108.6, 0.02);
  converter.bits = 16;  // -93.3 over 24 kHz, -96.1 of it A-weighted
  EXPECT_NEAR(converterNoiseDbfs(converter, NoiseBand::aWeighted, 48000.0),
              powerSumDb({-111.0, -93.31 + 10.0 * std::log10(12669.0 / 24000.0)}), 0.01);
  EXPECT_NEAR(dbfsFromDbu(converter, 4.0), -12.0, 1e-12);
  EXPECT_NEAR(dbuFromDbfs(converter, -18.0), -2.0, 1e-12);
}

TEST(Converter, DriftsAndDelaysByTheFramesThatItsFiguresMean) {
  // 20 ppm at 48 kHz: 0.96 frames a second, 3,456 an hour.
  EXPECT_NEAR(driftFrames(20.0, 3600.0, 48000.0), 3456.0, 1e-6);
  EXPECT_NEAR(driftFrames(-50.0, 1.0, 44100.0), -2.205, 1e-9);
  const Converter converter{.filterDelayFrames = 12.0};
  EXPECT_NEAR(filterDelayMs(converter, 48000.0), 0.25, 1e-12);
}

TEST(Air, CarriesSoundAsTablesHaveIt) {
  // ISO 9613-1: 343.2 m/s at 20 °C; 331.3 at 0 (331.29, Kaye and Laby, 2.4.1); 351.9 at 35 (dry).
  EXPECT_NEAR(speedOfSound(20.0), 343.2, 0.01);
  EXPECT_NEAR(speedOfSound(0.0), 331.3, 0.05);
  EXPECT_NEAR(speedOfSound(35.0), 351.9, 0.1);
  EXPECT_NEAR(airDelayMs(1.0), 2.914, 0.001);
  EXPECT_NEAR(distanceLossDb(2.0), 6.02, 0.005);
}

}  // namespace
}  // namespace gainstage::analog
