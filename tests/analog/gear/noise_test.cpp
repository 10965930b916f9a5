#include "analog/gear/noise.h"

#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

TEST(Levels, AreReferredToTheVoltagesOfTheirStandards) {
  // 1 mW in 600 ohm; +4 dBu, a studio's line level, is 1.228 V; -10 dBV, a home's, is 0.316 V and -7.78 dBu
  // (Ballou, Handbook for Sound Engineers, 4th edition, chapter on units).
  EXPECT_NEAR(milliwatts(kZeroDbuVolts, 600.0), 1.0, 1e-12);
  EXPECT_NEAR(voltsFromDbu(4.0), 1.228, 0.0005);
  EXPECT_NEAR(voltsFromDbv(-10.0), 0.3162, 0.00005);
  EXPECT_NEAR(dbuFromDbv(-10.0), -7.78, 0.005);
  EXPECT_NEAR(dbvFromDbu(4.0), 1.78, 0.005);
  EXPECT_NEAR(dbuFromVolts(voltsFromDbu(-63.0)), -63.0, 1e-9);
  EXPECT_NEAR(splFromPascal(1.0), kOnePascalSpl, 1e-9);
  EXPECT_NEAR(pascalFromSpl(114.0), 10.02, 0.005);
}

TEST(Levels, HaveDistortionInPercent) {
  EXPECT_NEAR(dbFromPercent(0.003), -90.46, 0.01);
  EXPECT_NEAR(dbFromPercent(1.0), -40.0, 1e-9);
  EXPECT_NEAR(percentFromDb(-100.0), 0.001, 1e-9);
}

TEST(Levels, AddAndSubtractAsPowers) {
  EXPECT_NEAR(powerSumDb({-100.0, -100.0}), -96.99, 0.005);
  EXPECT_NEAR(powerSumDb({-100.0, -INFINITY}), -100.0, 1e-9);
  EXPECT_NEAR(powerDifferenceDb(powerSumDb({-100.0, -107.0}), -107.0), -100.0, 1e-9);
  EXPECT_EQ(powerDifferenceDb(-100.0, -99.0), -INFINITY);
}

TEST(ThermalNoise, IsThatOfTheTextbooks) {
  // 150 ohm at 20 °C over 20 kHz: 0.22 uV, -133 dBV (Sound Devices, "Microphone preamp noise", technical
  // note), which is -130.9 dBu.
  EXPECT_NEAR(thermalNoiseVolts(150.0, 20000.0), 0.22e-6, 0.001e-6);
  EXPECT_NEAR(dbvFromVolts(thermalNoiseVolts(150.0, 20000.0)), -133.1, 0.05);
  EXPECT_NEAR(dbuFromVolts(thermalNoiseVolts(150.0, 20000.0)), -130.9, 0.05);
  // 1.27 uV over 10 kHz for 10 kohm at room temperature (Horowitz and Hill, The Art of Electronics, 3rd
  // edition, 8.1.1, rounded to 1.3 uV there); 4.02 nV per root Hz for 1 kohm at 20 °C, 0.13 nV sqrt(R).
  EXPECT_NEAR(thermalNoiseVolts(10e3, 10e3), 1.27e-6, 0.005e-6);
  EXPECT_NEAR(thermalNoiseDensity(1000.0), 4.02e-9, 0.01e-9);
  EXPECT_NEAR(thermalNoiseDensity(1.0), 0.127e-9, 0.001e-9);
  // Twice the temperature, half the bandwidth: the same.
  EXPECT_NEAR(thermalNoiseVolts(1e3, 1e4, 586.3), thermalNoiseVolts(1e3, 2e4), 1e-15);
}

TEST(AWeighting, IsTheTableOfItsStandard) {
  // IEC 61672-1:2013, table 3, at nominal frequencies: rounded to 0.1 dB there, from the exact base-10 ones.
  constexpr struct {
    int tenths;  // of a decade above 1 kHz
    double db;
  } kTable[] = {{-17, -50.5}, {-15, -39.4}, {-14, -34.6}, {-12, -26.2}, {-10, -19.1}, {-7, -10.9},
                {-5, -6.6},   {-3, -3.2},   {0, 0.0},     {3, 1.2},     {4, 1.3},     {6, 1.0},
                {8, -0.1},    {9, -1.1},    {10, -2.5},   {12, -6.6},   {13, -9.3}};
  for (const auto& row : kTable)
    EXPECT_NEAR(aWeightingDb(1000.0 * std::pow(10.0, row.tenths / 10.0)), row.db, 0.051) << row.tenths;
}

TEST(NoiseBand, LetsThroughAsMuchAsASumOfSmallStepsSays) {
  double sum = 0.0;
  for (double hz = 22.5; hz < 22000.0; hz += 1.0) sum += std::pow(10.0, aWeightingDb(hz) / 10.0);
  EXPECT_NEAR(noiseBandwidthHz(NoiseBand::aWeighted), sum, 2.0);
  EXPECT_NEAR(noiseBandwidthHz(NoiseBand::aWeighted), 12669.0, 1.0);
  EXPECT_NEAR(convertNoiseDb(-128.0, NoiseBand::flat, NoiseBand::aWeighted), -130.39, 0.005);
  EXPECT_NEAR(convertNoiseDb(-130.39, NoiseBand::aWeighted, NoiseBand::flat), -128.0, 0.005);
}

TEST(IntegratedNoise, OfWhiteNoiseIsItsDensityTimesTheRootOfTheBand) {
  for (const NoiseBand band : {NoiseBand::flat, NoiseBand::aWeighted}) {
    const double volts = integratedNoiseVolts([](double) { return 2e-9; }, band);
    EXPECT_NEAR(decibelsOf(volts / (2e-9 * std::sqrt(noiseBandwidthHz(band)))), 0.0, 0.001);
  }
  // Of pink noise, a density of 1/sqrt(f), the logarithm of the band: ln(1000).
  const double pink = integratedNoiseVolts([](double hz) { return 1.0 / std::sqrt(hz); }, NoiseBand::flat);
  EXPECT_NEAR(pink * pink, std::log(1000.0), 1e-6);
}

}  // namespace
}  // namespace gainstage::analog
