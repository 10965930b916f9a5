#include "headphones/exposure.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "support/audio.h"

namespace gainstage::headphones {
namespace {

constexpr double kFullScale = 115.0;  // dB SPL of a full-scale sine

/// So much of a steady tone of 1 kHz.
void hear(Exposure& exposure, double levelDba, double seconds, double rate, unsigned seed = 0) {
  const auto frames = static_cast<FrameCount>(seconds * rate);
  testing::Signal tone{testing::sine(1000, rate, frames, Decibels{levelDba - kFullScale}.linear())};
  testing::renderInPlace(tone, testing::splits(frames, 1024, seed),
                         [&](AudioView io) { exposure.process(io); });
}

Exposure& prepared(Exposure& exposure, double rate = 48000.0) {
  exposure.prepare({rate, 1024});
  exposure.setFullScale(kFullScale);
  return exposure;
}

// NIOSH publication 98-126, table 1-1: hours that make a day's whole dose.
TEST(Dose, FollowsThePublishedTableOfNiosh) {
  for (const auto& [dba, hours] : {std::pair{82.0, 16.0},
                                   {85.0, 8.0},
                                   {88.0, 4.0},
                                   {91.0, 2.0},
                                   {94.0, 1.0},
                                   {97.0, 0.5},
                                   {100.0, 0.25},
                                   {103.0, 0.125}})
    EXPECT_NEAR(nioshDose(dba, 3600.0 * hours), 1.0, 1e-9) << dba;
  EXPECT_NEAR(nioshAllowedSeconds(86.0) / 60.0, 6 * 60 + 21, 0.5);  // the table: 6 h 21 min
  EXPECT_NEAR(nioshAllowedSeconds(95.0), 47 * 60 + 37, 1.0);        // 47 min 37 s
  EXPECT_NEAR(nioshAllowedSeconds(110.0), 89.0, 1.0);               // 1 min 29 s
  EXPECT_EQ(nioshDose(79.9, 1e6), 0.0);
}

// ITU-T H.870 (2018), table 1 for adults: time a week.
TEST(Dose, FollowsThePublishedTableOfTheWho) {
  for (const auto& [dba, hours] :
       {std::pair{80.0, 40.0}, {83.0, 20.0}, {86.0, 10.0}, {89.0, 5.0}, {92.0, 2.5}, {95.0, 1.25}})
    EXPECT_NEAR(whoDose(dba, 3600.0 * hours), 1.0, 0.02) << dba;  // the table counts 3 dB as a factor of 2
}

TEST(Exposure, MakesTheDoseOfASteadyTone) {
  for (const double rate : {44100.0, 48000.0, 96000.0})
    for (const auto& [dba, hours] : {std::pair{85.0, 8.0}, {88.0, 4.0}, {100.0, 0.25}}) {
      Exposure exposure;
      hear(prepared(exposure, rate), dba, 20.0, rate);
      const Dose dose = exposure.dose();
      EXPECT_NEAR(dose.seconds, 20.0, 1e-9);
      EXPECT_NEAR(dose.niosh / (20.0 / (3600.0 * hours)), 1.0, 0.015) << dba << " dBA at " << rate;
      EXPECT_NEAR(dose.who / whoDose(dba, 20.0), 1.0, 0.015);
      EXPECT_NEAR(*exposure.levelDba(), dba, 0.05);
    }
}

TEST(Exposure, CountsTheLouderEar) {
  Exposure exposure;
  prepared(exposure);
  testing::Signal ears{testing::sine(1000, 48000, 480000, Decibels{-40.0}.linear()),
                       testing::sine(1000, 48000, 480000, Decibels{-25.0}.linear())};
  testing::renderInPlace(ears, testing::splits(480000, 64), [&](AudioView io) { exposure.process(io); });
  EXPECT_NEAR(*exposure.levelDba(), 90.0, 0.05);
  EXPECT_NEAR(exposure.dose().niosh / nioshDose(90.0, 10.0), 1.0, 0.01);
}

TEST(Exposure, CountsEachLevelForAsLongAsItsKnobStoodThere) {
  Exposure exposure;
  hear(prepared(exposure), 90.0, 10.5, 48000.0);
  exposure.setFullScale(kFullScale - 10.0);  // the same samples are 80 dBA now
  hear(exposure, 90.0, 10.0, 48000.0);
  EXPECT_NEAR(exposure.dose().seconds, 20.5, 1e-9);
  EXPECT_NEAR(exposure.dose().who / (whoDose(90.0, 10.5) + whoDose(80.0, 10.0)), 1.0, 0.01);
}

TEST(Exposure, CountsNothingWhereTheLevelIsUnknown) {
  Exposure exposure;
  exposure.prepare({48000.0, 1024});
  hear(exposure, 100.0, 5.0, 48000.0);
  EXPECT_EQ(exposure.dose(), Dose{});
  EXPECT_FALSE(exposure.levelDba());
  exposure.setFullScale(kFullScale);
  hear(exposure, 100.0, 5.0, 48000.0);
  exposure.setFullScale(std::numeric_limits<double>::quiet_NaN());
  hear(exposure, 100.0, 5.0, 48000.0);
  EXPECT_NEAR(exposure.dose().seconds, 5.0, 1e-9);
  EXPECT_FALSE(exposure.levelDba());
}

TEST(Exposure, ReadsTheSameHoweverTheStreamIsSplit) {
  Exposure a, b;
  hear(prepared(a), 95.0, 3.0, 48000.0);
  hear(prepared(b), 95.0, 3.0, 48000.0, 9);
  EXPECT_EQ(a.dose(), b.dose());
  EXPECT_EQ(a.levelDba(), b.levelDba());
}

TEST(Exposure, ForgetsASecondThatIsNotANumberAndGoesOn) {
  Exposure exposure;
  prepared(exposure);
  testing::Signal bad{testing::dc(std::numeric_limits<float>::quiet_NaN(), 64)};
  testing::renderInPlace(bad, testing::splits(64, 64), [&](AudioView io) { exposure.process(io); });
  hear(exposure, 90.0, 10.0, 48000.0);
  EXPECT_TRUE(std::isfinite(exposure.dose().who));
  EXPECT_NEAR(exposure.dose().who / whoDose(90.0, 9.0), 1.0, 0.02);
}

}  // namespace
}  // namespace gainstage::headphones
