#include "analog/gear/listening_path.h"

#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

/// 300 ohm and 97 dB/mW on an output of 10 ohm that does 3 V and 60 mA; full scale is 6 dBu, 6 dB of gain.
ListeningPath path() {
  return {.converter = {.fullScaleDbu = 6.0, .dynamicRangeDba = 110.0},
          .amplifier = {.gainDb = 6.0,
                        .outputImpedanceOhm = 10.0,
                        .maxVolts = 3.0,
                        .maxCurrentMa = 60.0,
                        .noiseDbuA = -105.0,
                        .distortionDb = -90.0},
          .headphone = {.impedance = {.nominalOhm = 300.0},
                        .sensitivityDbPerV = dbPerVFromDbPerMw(97.0, 300.0),
                        .maxPowerMw = 500.0}};
}

TEST(ListeningPath, HasTheLevelsThatOhmsLawGives) {
  // -6 dBFS is 0 dBu; 6 dB more are 1.546 V, of which 300 / 310 reach the headphone: 1.496 V, 4.99 mA, 7.46
  // mW, 8.73 dB above 1 mW.
  const auto level = heardLevel(path(), -6.0);
  ASSERT_TRUE(level);
  EXPECT_NEAR(level->unloadedVolts, 1.5455, 0.0005);
  EXPECT_NEAR(level->volts, 1.4957, 0.0005);
  EXPECT_NEAR(level->milliampere, 4.986, 0.002);
  EXPECT_NEAR(level->milliwatts, 7.457, 0.005);
  EXPECT_NEAR(*level->splDb, 105.73, 0.01);
  EXPECT_FALSE(level->isClipped);
  const auto points = levelPoints(path(), -6.0);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_NEAR(points[0].levelDbu, 0.0, 1e-9);
  EXPECT_NEAR(points[1].levelDbu, 6.0, 1e-9);
  EXPECT_NEAR(points[2].levelDbu, 5.715, 0.001);
  EXPECT_NEAR(*points[0].headroomDb(), 6.0, 1e-9);
  EXPECT_NEAR(*points[1].headroomDb(), 20.0 * std::log10(3.0 / 1.5455), 0.005);
  EXPECT_NEAR(*points[2].headroomDb(), *points[1].headroomDb(), 1e-9);
}

TEST(ListeningPath, ClipsWhereItsAmplifierDoesAndSaysSo) {
  const auto level = heardLevel(path(), 0.0);  // 3.08 V wanted
  EXPECT_TRUE(level->isClipped);
  EXPECT_NEAR(level->unloadedVolts, 3.0, 1e-9);
  ListeningPath low = path();
  low.headphone.impedance.nominalOhm = 16.0;
  EXPECT_NEAR(heardLevel(low, 0.0)->milliampere, 60.0, 1e-9);
  low.headphone.maxPowerMw = 40.0;
  EXPECT_TRUE(heardLevel(low, 0.0)->isOverHeadphone);
  EXPECT_NEAR(*levelPoints(low, 0.0)[2].largestDbu, dbuFromVolts(std::sqrt(0.040 * 16.0)), 1e-6);
}

TEST(ListeningPath, KnowsTheSamplesThatAnSplTakes) {
  const double dbfs = *dbfsForSpl(path(), 85.0);
  EXPECT_NEAR(*heardLevel(path(), dbfs)->splDb, 85.0, 1e-9);
  EXPECT_NEAR(dbfs, -26.73, 0.01);
  ListeningPath turned = path();
  turned.volumeDb = -20.0;
  EXPECT_NEAR(*dbfsForSpl(turned, 85.0), dbfs + 20.0, 1e-9);
}

TEST(ListeningPath, HissesFromConverterAndAmplifierOfWhichTheKnobTurnsOne) {
  // -110 dBFS is -98 dBu behind the amplifier, -105 dBu its own; across 300 of 310 ohm, 102.2 dB/V: 1.73 and
  // -5.27 dB SPL.
  const auto noise = heardNoise(path());
  ASSERT_TRUE(noise);
  EXPECT_NEAR(noise->converterDba, 1.73, 0.02);
  EXPECT_NEAR(noise->amplifierDba, -5.27, 0.02);
  EXPECT_NEAR(noise->totalDba, powerSumDb({1.73, -5.27}), 0.02);
  EXPECT_TRUE(noise->isComplete);
  ListeningPath turned = path();
  turned.volumeDb = -20.0;
  EXPECT_NEAR(heardNoise(turned)->converterDba, noise->converterDba - 20.0, 1e-9);
  EXPECT_NEAR(heardNoise(turned)->amplifierDba, noise->amplifierDba, 1e-9);
  // At 105.73 dB SPL: distortion of 15.73 dB outweighs them.
  EXPECT_NEAR(*signalToNoiseAndDistortionDb(path(), -6.0), 105.73 - powerSumDb({noise->totalDba, 15.73}),
              0.01);
  EXPECT_LT(*signalToNoiseAndDistortionDb(path(), -80.0), 31.0);
}

TEST(ListeningPath, SaysNothingOfWhatItDoesNotKnow) {
  ListeningPath vague = path();
  vague.amplifier.gainDb.reset();
  EXPECT_FALSE(heardLevel(vague, 0.0));
  EXPECT_FALSE(dbfsForSpl(vague, 85.0));
  EXPECT_FALSE(heardNoise(vague)->isComplete);
  vague = path();
  vague.headphone.sensitivityDbPerV.reset();
  EXPECT_FALSE(heardLevel(vague, 0.0)->splDb);
  EXPECT_FALSE(heardNoise(vague));
  EXPECT_FALSE(signalToNoiseAndDistortionDb(vague, 0.0));
  vague = path();
  vague.amplifier.maxVolts.reset();
  vague.amplifier.maxCurrentMa.reset();
  EXPECT_FALSE(levelPoints(vague, 0.0)[1].largestDbu);
  EXPECT_FALSE(heardLevel(vague, 0.0)->isClipped);
}

}  // namespace
}  // namespace gainstage::analog
