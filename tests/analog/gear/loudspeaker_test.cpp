#include "analog/gear/loudspeaker.h"

#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

TEST(PoweredLoudspeaker, NeedsTheLevelThatItsMakerSays) {
  // Genelec: -6 dBu make 100 dB SPL at 1 m; one that does 110 dB needs +4 dBu for it; 94 dB at 2 m, 88 dB at
  // 4 m.
  const PoweredLoudspeaker monitor{.splAtZeroDbu = 106.0, .maxSplDb = 110.0};
  EXPECT_NEAR(*splAt(monitor, -6.0, 1.0), 100.0, 1e-9);
  EXPECT_NEAR(*splAt(monitor, -6.0, 2.0), 94.0, 0.05);
  EXPECT_NEAR(*splAt(monitor, -6.0, 4.0), 88.0, 0.05);
  EXPECT_NEAR(*inputDbuForSpl(monitor, 110.0, 1.0), 4.0, 1e-9);
  EXPECT_NEAR(*splAt(monitor, 20.0, 1.0), 110.0, 1e-9);
  EXPECT_FALSE(inputDbuForSpl(monitor, 110.0, 2.0));
  EXPECT_FALSE(splAt({}, 0.0, 1.0));
}

TEST(PassiveLoudspeaker, IsStatedForAVoltOrAWatt) {
  // 2.83 V are 1 W in 8 ohm and 2 W in 4 ohm.
  EXPECT_NEAR(dbPer283VFromDbPerW(87.0, 8.0), 87.0, 1e-9);
  EXPECT_NEAR(dbPer283VFromDbPerW(87.0, 4.0), 90.0, 0.02);
}

TEST(PassiveLoudspeaker, OverloadsAHeadphoneOutputAndStaysQuiet) {
  // 8 ohm, 87 dB, on an output of 3 V, 60 mA, 22 ohm. Its least impedance, 6.4 ohm, would draw 3 / 28.4 = 106
  // mA, 1.8 times what there is; 60 mA make 0.384 V, 23 mW: 87 - 17.3 dB at 1 m, 63.6 dB at 2 m, and a
  // damping factor of 0.29.
  const PassiveLoudspeaker speaker{.impedance = {.nominalOhm = 8.0}, .sensitivityDbPer283V = 87.0};
  const HeadphoneAmplifier output{.outputImpedanceOhm = 22.0, .maxVolts = 3.0, .maxCurrentMa = 60.0};
  const auto hung = onHeadphoneOutput(speaker, output, 2.0);
  ASSERT_TRUE(hung);
  EXPECT_NEAR(hung->leastOhm, 6.4, 1e-9);
  EXPECT_EQ(hung->output.limit, OutputLimit::current);
  EXPECT_NEAR(hung->output.volts, 0.384, 1e-6);
  EXPECT_NEAR(hung->output.milliwatts, 23.0, 0.1);
  EXPECT_NEAR(*hung->splDb, 63.64, 0.02);
  EXPECT_NEAR(hung->dampingFactor, 0.291, 0.001);
  EXPECT_NEAR(*hung->overcurrent, 1.76, 0.01);
  EXPECT_EQ(hung->responseSpreadDb, 0.0);
  EXPECT_FALSE(onHeadphoneOutput(speaker, {}, 2.0));
}

TEST(PassiveLoudspeaker, SoundsOfItsOwnImpedanceThere) {
  const MovingCoil woofer{.coilOhm = 6.2,
                          .resonanceHz = 62.0,
                          .resonanceOhm = 30.0,
                          .q = 4.0,
                          .inductanceH = 0.5e-3,
                          .eddyOhm = 12.0};
  const PassiveLoudspeaker speaker{.impedance = {.nominalOhm = 8.0, .model = woofer, .curve = {}},
                                   .sensitivityDbPer283V = {}};
  const auto hung = onHeadphoneOutput(speaker, {.outputImpedanceOhm = 22.0, .maxVolts = 3.0}, 1.0);
  ASSERT_TRUE(hung);
  EXPECT_NEAR(hung->leastOhm, 6.3, 0.2);
  // 36 ohm at the resonance against 6.3: 20 log10(36.2 / 58.2 x 28.3 / 6.3).
  EXPECT_NEAR(hung->responseSpreadDb, 8.9, 0.3);
  EXPECT_FALSE(hung->splDb);
  EXPECT_FALSE(hung->overcurrent);
  EXPECT_TRUE(hung->output.isUpperBound);
}

}  // namespace
}  // namespace gainstage::analog
