#include "headphones/spl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gainstage::headphones {
namespace {

/// 250 ohm, 96 dB SPL for 1 mW: 102.0 dB for 1 V. An output of 14 dBu (3.88 V, 11.78 dBV) behind 10 ohm, of
/// which 250 / 260 arrive: -0.34 dB. By hand: 102.02 + 11.78 - 0.34 = 113.46 dB SPL.
ListeningGear textbook() {
  return {.sensitivityDbPerV = {},
          .sensitivityDbPerMw = 96.0,
          .impedanceOhm = 250.0,
          .fullScaleDbu = 14.0,
          .outputImpedanceOhm = 10.0,
          .knobDb = 0.0};
}

TEST(Spl, IsWhatAHandWorksOut) {
  EXPECT_NEAR(*fullScaleDbSpl(textbook()), 113.46, 0.01);
  ListeningGear perVolt = textbook();
  perVolt.sensitivityDbPerMw.reset();
  perVolt.sensitivityDbPerV = 102.0206;
  EXPECT_NEAR(*fullScaleDbSpl(perVolt), 113.46, 0.01);
}

TEST(Spl, FallsWithTheKnobAndWithALoadThatTheOutputHardlyDrives) {
  ListeningGear gear = textbook();
  gear.knobDb = -20.0;
  EXPECT_NEAR(*fullScaleDbSpl(gear), 93.46, 0.01);
  gear.knobDb = 0.0;
  gear.outputImpedanceOhm = 250.0;  // half the voltage: 6.02 instead of 0.34 dB
  EXPECT_NEAR(*fullScaleDbSpl(gear), 113.46 - 5.68, 0.01);
}

TEST(Spl, IsUnknownWhereAnyFigureIsAndSaysWhich) {
  const auto missing = [](ListeningGear gear) {
    EXPECT_FALSE(fullScaleDbSpl(gear));
    return missingFigures(gear);
  };
  ListeningGear gear = textbook();
  gear.knobDb.reset();
  EXPECT_THAT(missing(gear), ::testing::ElementsAre("the position of the output's knob"));
  gear = textbook();
  gear.sensitivityDbPerMw.reset();
  EXPECT_THAT(missing(gear), ::testing::ElementsAre("the headphone's sensitivity"));
  EXPECT_EQ(missing({}).size(), 5u);
  EXPECT_TRUE(missingFigures(textbook()).empty());
}

TEST(Spl, TurnsAPeakIntoTheSampleThatMakesIt) {
  // A full-scale sine of 113.46 dB SPL peaks at 116.47: 100 dB SPL is 16.47 dB below full scale.
  EXPECT_NEAR(dbfsOfPeak(100.0, 113.46), -16.47, 0.001);
}

}  // namespace
}  // namespace gainstage::headphones
