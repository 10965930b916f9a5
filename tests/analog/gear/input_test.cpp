#include "analog/gear/input.h"

#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

constexpr AnalogInput kPreamp{.impedanceOhm = 3000.0,
                              .minGainDb = 0.0,
                              .maxGainDb = 56.0,
                              .gainStepDb = 3.0,
                              .clipDbu = 9.0,
                              .einDbu = -128.0,
                              .einBand = NoiseBand::aWeighted,
                              .padDb = 10.0};

TEST(AnalogInput, SettlesForTheGainThatItsStepsAndRangeAllow) {
  EXPECT_NEAR(settableGainDb(kPreamp, 40.0), 39.0, 1e-12);
  EXPECT_NEAR(settableGainDb(kPreamp, 42.0), 42.0, 1e-12);
  EXPECT_NEAR(settableGainDb(kPreamp, -5.0), 0.0, 1e-12);
  EXPECT_NEAR(settableGainDb(kPreamp, 90.0), 54.0, 1e-12);
  AnalogInput knob = kPreamp;
  knob.gainStepDb = 0.0;
  EXPECT_NEAR(settableGainDb(knob, 40.7), 40.7, 1e-12);
  EXPECT_NEAR(settableGainDb(knob, 90.0), 56.0, 1e-12);
}

TEST(AnalogInput, ClipsEarlierByItsGainAndLaterByItsPad) {
  EXPECT_NEAR(*clipDbu(kPreamp, 0.0, false), 9.0, 1e-12);
  EXPECT_NEAR(*clipDbu(kPreamp, 56.0, false), -47.0, 1e-12);
  EXPECT_NEAR(*clipDbu(kPreamp, 20.0, true), -1.0, 1e-12);
  AnalogInput unknown = kPreamp;
  unknown.clipDbu.reset();
  EXPECT_FALSE(clipDbu(unknown, 0.0, false));
}

TEST(AnalogInput, HasItsDataSheetsEinWithTheSourceThatItWasMeasuredWith) {
  EXPECT_NEAR(*inputNoiseDbu(kPreamp, 150.0, NoiseBand::aWeighted), -128.0, 1e-9);
  EXPECT_NEAR(*inputNoiseDbu(kPreamp, 150.0, NoiseBand::flat), -125.61, 0.01);
  // Shorted, only what is its own remains; with 10 kohm, thermal noise is nearly all.
  EXPECT_NEAR(*inputNoiseDbu(kPreamp, 0.0, NoiseBand::aWeighted), powerDifferenceDb(-128.0, -132.90), 0.01);
  EXPECT_NEAR(*inputNoiseDbu(kPreamp, 10e3, NoiseBand::aWeighted), -114.5, 0.1);
  EXPECT_NEAR(*noiseFigureDb(kPreamp, 150.0), 4.9, 0.01);
}

TEST(AnalogInput, HasTheNoiseFigureOfAChipThatStatesVoltageAndCurrent) {
  // 1 nV and 2 pA per root Hz, as integrated preamplifiers state at 60 dB of gain; by hand:
  // sqrt(1^2 + (2 pA x 150 ohm)^2 + 1.558^2) = 1.876 nV per root Hz, over 21,978 Hz: 0.278 uV, -128.9 dBu.
  AnalogInput chip = kPreamp;
  chip.noiseCurrentDensity = 2e-12;
  chip.einDbu = dbuFromVolts(1.876e-9 * std::sqrt(21978.0));
  chip.einBand = NoiseBand::flat;
  EXPECT_NEAR(*chip.einDbu, -128.9, 0.05);
  EXPECT_NEAR(*ownNoiseDensity(chip), 1e-9, 0.005e-9);
  // With 1 kohm, current noise outweighs voltage: sqrt(1 + 4 + 16.2) = 4.60 nV per root Hz.
  EXPECT_NEAR(*inputNoiseDbu(chip, 1000.0, NoiseBand::flat), dbuFromVolts(4.604e-9 * std::sqrt(21978.0)),
              0.01);
}

TEST(AnalogInput, CannotHaveAnEinBelowItsSourcesOwnNoise) {
  EXPECT_TRUE(isEinPossible(-128.0, NoiseBand::aWeighted, 150.0));
  EXPECT_TRUE(isEinPossible(-132.8, NoiseBand::aWeighted, 150.0));
  EXPECT_FALSE(isEinPossible(-133.0, NoiseBand::aWeighted, 150.0));
  EXPECT_FALSE(isEinPossible(-131.0, NoiseBand::flat, 150.0));
  EXPECT_TRUE(isEinPossible(-135.0, NoiseBand::aWeighted, 50.0));
  AnalogInput impossible = kPreamp;
  impossible.einDbu = -140.0;
  EXPECT_EQ(*ownNoiseDensity(impossible), 0.0);
}

TEST(AnalogInput, GetsNoisierByItsPadsAttenuation) {
  const double padded = *inputNoiseDbu(kPreamp, 150.0, NoiseBand::aWeighted, true);
  EXPECT_NEAR(padded, powerSumDb({-128.0 + 10.0, -132.90}), 0.01);
}

}  // namespace
}  // namespace gainstage::analog
