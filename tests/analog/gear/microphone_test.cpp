#include "analog/gear/microphone.h"

#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"
#include "analog/gear/noise.h"

namespace gainstage::analog {
namespace {

constexpr RecordingMicrophone kCondenser{.principle = MicrophonePrinciple::condenser,
                                         .pattern = MicrophonePattern::cardioid,
                                         .sensitivityMvPerPa = 28.0,
                                         .outputImpedanceOhm = 200.0,
                                         .selfNoiseDba = 12.0,
                                         .maxSplDb = 117.0,
                                         .needsPhantom = true};
constexpr RecordingMicrophone kDynamic{
    .sensitivityMvPerPa = 1.88, .outputImpedanceOhm = 300.0, .selfNoiseDba = {}, .maxSplDb = {}};

TEST(RecordingMicrophone, HasItsSensitivityInBothUnitsAsMakersPrintThem) {
  // Pairs from data sheets: Lewitt LCT 240 PRO (manual, 4.4), 16.7 mV/Pa and -35.5 dBV/Pa; Shure SM58, 1.88
  // mV/Pa and -54.5 dBV/Pa. 50 mV/Pa are -26.0 dBV/Pa (Sengpiel, "Microphone sensitivity and conversion").
  EXPECT_NEAR(dbvPerPaFromMvPerPa(16.7), -35.5, 0.05);
  EXPECT_NEAR(dbvPerPaFromMvPerPa(50.0), -26.0, 0.05);
  EXPECT_NEAR(dbvPerPaFromMvPerPa(1.88), -54.5, 0.05);
  EXPECT_NEAR(mvPerPaFromDbvPerPa(-35.5), 16.7, 0.1);
  EXPECT_NEAR(mvPerPaFromDbvPerPa(dbvPerPaFromMvPerPa(7.0)), 7.0, 1e-12);
}

TEST(RecordingMicrophone, GivesTheOutputThatItsMakerStatesForItsLoudestSound) {
  // Neumann U 87 Ai, cardioid: 28 mV/Pa, 117 dB SPL, and 390 mV at most.
  EXPECT_NEAR(voltsFromDbu(*maxOutputDbu(kCondenser)), 0.390, 0.010);
  EXPECT_NEAR(decibelsOf(voltsFromDbu(*maxOutputDbu(kCondenser)) / 0.390), 0.0, 0.2);
  // The same sheet: self-noise 12 dB-A, signal-to-noise 82 dB, dynamic range 105 dB.
  EXPECT_NEAR(*signalToNoiseDb(kCondenser), 82.0, 0.05);
  EXPECT_NEAR(*dynamicRangeDb(kCondenser), 105.0, 0.05);
}

TEST(RecordingMicrophone, IsSilentWithoutThePhantomPowerThatItNeeds) {
  EXPECT_EQ(outputDbu(kCondenser, 100.0, false), -INFINITY);
  EXPECT_EQ(phantomEffect(kCondenser, false), PhantomEffect::silent);
  EXPECT_NEAR(outputDbu(kCondenser, kOnePascalSpl, true), dbuFromVolts(0.028), 1e-9);
  EXPECT_EQ(phantomEffect(kCondenser, true), PhantomEffect::none);
  EXPECT_EQ(outputDbu(kDynamic, 100.0, true), outputDbu(kDynamic, 100.0, false));
  EXPECT_EQ(phantomEffect(kDynamic, true), PhantomEffect::none);
  RecordingMicrophone ribbon = kDynamic;
  ribbon.principle = MicrophonePrinciple::ribbon;
  EXPECT_EQ(phantomEffect(ribbon, true), PhantomEffect::risky);
  EXPECT_EQ(phantomEffect(ribbon, false), PhantomEffect::none);
  ribbon.needsPhantom = true;  // an active ribbon
  EXPECT_EQ(phantomEffect(ribbon, true), PhantomEffect::none);
}

TEST(RecordingMicrophone, WithoutElectronicsHasTheNoiseOfItsCoil) {
  // 300 ohm make 0.248 uV, -129.9 dBu A-weighted, which 1.88 mV/Pa take for 16.4 dB SPL.
  // and so.
  const double coil = dbuFromVolts(std::sqrt(4.0 * 1.380649e-23 * 293.15 * 300.0 * 12669.0));
  EXPECT_NEAR(*selfNoiseDbuA(kDynamic, false), coil, 0.01);
  EXPECT_NEAR(*equivalentNoiseDba(kDynamic), 16.4, 0.05);
  RecordingMicrophone unknown = kCondenser;
  unknown.selfNoiseDba.reset();
  EXPECT_FALSE(selfNoiseDbuA(unknown, true));
  EXPECT_FALSE(equivalentNoiseDba(unknown));
  EXPECT_FALSE(signalToNoiseDb(unknown));
}

TEST(PhantomPower, FallsByItsResistorsAsTheStandardHasThem) {
  // IEC 61938: 48 V through 6.8 kohm in each leg; 10 mA leave 14 V, none leaves all of it.
  EXPECT_NEAR(phantomVolts(10.0), 14.0, 0.06);
  EXPECT_NEAR(phantomVolts(0.0), 48.0, 1e-12);
}

TEST(MicrophonePattern, HearsFromBehindAndAllRoundAsTextbooksTabulate) {
  using enum MicrophonePattern;
  // Eargle, The Microphone Book, 2nd edition, chapter 5: output at 180 degrees, random efficiency, distance
  // factor.
  EXPECT_NEAR(patternGain(cardioid, 180.0), 0.0, 1e-12);
  EXPECT_NEAR(decibelsOf(-patternGain(supercardioid, 180.0)), -11.7, 0.1);
  EXPECT_NEAR(decibelsOf(-patternGain(hypercardioid, 180.0)), -6.0, 0.05);
  EXPECT_NEAR(patternGain(bidirectional, 90.0), 0.0, 1e-12);
  EXPECT_NEAR(decibelsOf(patternGain(cardioid, 90.0)), -6.0, 0.05);
  EXPECT_NEAR(decibelsOf(patternGain(supercardioid, 90.0)), -8.6, 0.05);
  EXPECT_NEAR(decibelsOf(patternGain(hypercardioid, 90.0)), -12.0, 0.05);
  EXPECT_NEAR(randomEnergyEfficiency(omnidirectional), 1.0, 1e-12);
  EXPECT_NEAR(10.0 * std::log10(randomEnergyEfficiency(cardioid)), -4.8, 0.05);
  EXPECT_NEAR(10.0 * std::log10(randomEnergyEfficiency(supercardioid)), -5.7, 0.05);
  EXPECT_NEAR(10.0 * std::log10(randomEnergyEfficiency(hypercardioid)), -6.0, 0.05);
  EXPECT_NEAR(distanceFactor(cardioid), 1.7, 0.05);
  EXPECT_NEAR(distanceFactor(supercardioid), 1.9, 0.05);
  EXPECT_NEAR(distanceFactor(hypercardioid), 2.0, 0.05);
  EXPECT_NEAR(distanceFactor(bidirectional), 1.7, 0.05);
}

}  // namespace
}  // namespace gainstage::analog
