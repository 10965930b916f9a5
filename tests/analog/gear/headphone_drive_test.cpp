#include "analog/gear/headphone_drive.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"
#include "analog/stored_results.h"

namespace gainstage::analog {
namespace {

constexpr MovingCoil kResonant{250.0, 80.0, 300.0, 0.6, 1e-3, 60.0};
constexpr MovingCoil kLow{32.0, 45.0, 40.0, 1.8, 0.3e-3, 20.0};

Headphone headphone(double ohm, double dbPerMw) {
  return {.impedance = {.nominalOhm = ohm},
          .sensitivityDbPerV = dbPerVFromDbPerMw(dbPerMw, ohm),
          .maxPowerMw = {}};
}

TEST(Headphone, HasItsSensitivityInBothUnitsAsMakersPrintThem) {
  // Sennheiser HD 490 Pro, 130 ohm: 105 dB/V and 96 dB/mW; HD 600, 300 ohm: 97 dB/mW is 102 dB/V; 32
  // ohm: 14.9 dB apart.
  EXPECT_NEAR(dbPerMwFromDbPerV(105.0, 130.0), 96.0, 0.2);
  EXPECT_NEAR(dbPerVFromDbPerMw(97.0, 300.0), 102.2, 0.05);
  EXPECT_NEAR(dbPerVFromDbPerMw(96.0, 32.0), 110.9, 0.05);
  // At 1000 ohm, 1 mW is 1 V.
  EXPECT_NEAR(dbPerVFromDbPerMw(96.0, 1000.0), 96.0, 1e-9);
  // A reviewer's 31 mV for 94 dB SPL at 33 ohm: 124.2 dB/V, 109.4 dB/mW.
  EXPECT_NEAR(dbPerVFromMvFor94Db(31.0), 124.2, 0.05);
  EXPECT_NEAR(dbPerMwFromDbPerV(dbPerVFromMvFor94Db(31.0), 33.0), 109.4, 0.05);
}

TEST(Headphone, TakesThePowerForAnSplThatPublishedTablesHave) {
  // "More power?" (NwAvGuy, 2011): an HD 600 of 97 dB/mW wants 20 mW for 110 dB SPL; 300 ohm: 2.44 V, 8.2 mA.
  const Headphone hd600 = headphone(300.0, 97.0);
  const double volts = *voltsForSpl(hd600, 110.0);
  EXPECT_NEAR(powerMw(hd600, volts), 20.0, 0.1);
  EXPECT_NEAR(volts, 2.45, 0.01);
  EXPECT_NEAR(currentMa(hd600, volts), 8.15, 0.05);
  EXPECT_NEAR(*splAt(hd600, volts), 110.0, 1e-9);
  // The table's other rows: 91 dB/mW and 115 dB: 251.2 mW; 106 dB/mW and 105 dB: 0.8 mW.
  EXPECT_NEAR(powerMw(headphone(32.0, 91.0), *voltsForSpl(headphone(32.0, 91.0), 115.0)), 251.2, 0.1);
  EXPECT_NEAR(powerMw(headphone(64.0, 106.0), *voltsForSpl(headphone(64.0, 106.0), 105.0)), 0.8, 0.01);
}

/// Schiit Magni 2, its maker's figures: 1800 mW at 16 ohm, 1200 at 32, 1000 at 50, 260 at 300, 130 at 600;
/// below 0.2 ohm.
constexpr std::array<RatedPower, 5> kMagni = {
    {{1800.0, 16.0}, {1200.0, 32.0}, {1000.0, 50.0}, {260.0, 300.0}, {130.0, 600.0}}};

TEST(HeadphoneAmplifier, HasTheLimitsThatItsRatedPowersSpeakOf) {
  const auto limits = limitsFromRatings(kMagni, 0.2);
  EXPECT_NEAR(limits.volts, 8.83, 0.02);        // sqrt(0.26 x 300) and sqrt(0.13 x 600)
  EXPECT_NEAR(limits.milliampere, 335.0, 1.0);  // sqrt(1.8 / 16)
  EXPECT_TRUE(limits.isVoltageSeen);
  EXPECT_FALSE(limits.isCurrentSeen);  // but one rating runs into it
  const auto one = limitsFromRatings(std::array{RatedPower{1000.0, 32.0}}, 1.0);
  EXPECT_NEAR(one.volts, 5.657 * 33.0 / 32.0, 0.005);
  EXPECT_FALSE(one.isVoltageSeen || one.isCurrentSeen);
  EXPECT_EQ(limitsFromRatings({}, 1.0).volts, 0.0);
}

TEST(HeadphoneAmplifier, HasNoMoreOutputImpedanceThanItsRatingsAllow) {
  // An interface's +5 dBu at 33 ohm and +11 dBu at 300 ohm (Focusrite Scarlett 4i4, 4th generation): 3.14 V
  // behind 42 ohm would do it.
  const auto rating = [](double dbu, double ohm) {
    return RatedPower{milliwatts(voltsFromDbu(dbu), ohm), ohm};
  };
  const double bound = mostOutputImpedanceOhm(rating(5.0, 33.0), rating(11.0, 300.0));
  EXPECT_NEAR(bound, 42.1, 0.2);
  EXPECT_NEAR(3.134 * 33.0 / (33.0 + bound), voltsFromDbu(5.0), 0.005);
  EXPECT_NEAR(3.134 * 300.0 / (300.0 + bound), voltsFromDbu(11.0), 0.005);
  EXPECT_NEAR(mostOutputImpedanceOhm(kMagni[3], kMagni[4]), 0.0, 1e-9);
  EXPECT_EQ(mostOutputImpedanceOhm({100.0, 16.0}, {250.0, 32.0}), INFINITY);
}

TEST(HeadphoneAmplifier, GivesWhatTheLimitThatBitesFirstAllows) {
  const HeadphoneAmplifier amplifier{.outputImpedanceOhm = 0.2, .maxVolts = 8.83, .maxCurrentMa = 335.0};
  const auto high = largestOutput(amplifier, 300.0);
  EXPECT_EQ(high->limit, OutputLimit::voltage);
  EXPECT_NEAR(high->milliwatts, 260.0, 1.0);
  EXPECT_NEAR(largestOutput(amplifier, 600.0)->milliwatts, 130.0, 1.0);
  const auto low = largestOutput(amplifier, 16.0);
  EXPECT_EQ(low->limit, OutputLimit::current);
  EXPECT_NEAR(low->milliwatts, 1800.0, 10.0);
  EXPECT_NEAR(low->milliampere, 335.0, 1e-6);
  EXPECT_FALSE(low->isUpperBound);
  EXPECT_TRUE(largestOutput({.maxVolts = 2.0}, 32.0)->isUpperBound);
  EXPECT_FALSE(largestOutput({}, 32.0));
}

TEST(HeadphoneAmplifier, WastesWhatItsClassMust) {
  // Sedra and Smith: a class B stage gives 78.5 % at full swing, a push-pull class A 50 %.
  EXPECT_NEAR(idealEfficiency(AmplifierClass::b, 1.0), 0.785, 0.0005);
  EXPECT_NEAR(idealEfficiency(AmplifierClass::a, 1.0), 0.5, 1e-12);
  EXPECT_NEAR(idealEfficiency(AmplifierClass::a, 0.1), 0.005, 1e-12);
  EXPECT_NEAR(idealEfficiency(AmplifierClass::ab, 0.5), 0.393, 0.0005);
  EXPECT_EQ(idealEfficiency(AmplifierClass::d, 0.3), 1.0);
  EXPECT_NEAR(classALimitMa(50.0), 100.0, 1e-12);
}

TEST(HeadphoneDrive, FindsTheLoudestSoundAndWhatLimitsIt) {
  // 300 ohm, 97 dB/mW on 8.83 V: 260 mW, 24.1 dB above 1 mW.
  HeadphoneAmplifier amplifier{.outputImpedanceOhm = 0.2, .maxVolts = 8.83, .maxCurrentMa = 335.0};
  Headphone hd600 = headphone(300.0, 97.0);
  auto sound = largestSound(amplifier, hd600);
  EXPECT_NEAR(*sound->splDb, 121.1, 0.1);
  EXPECT_NEAR(*sound->peakSplDb, 124.2, 0.1);
  EXPECT_EQ(sound->output.limit, OutputLimit::voltage);
  hd600.maxPowerMw = 200.0;
  sound = largestSound(amplifier, hd600);
  EXPECT_EQ(sound->output.limit, OutputLimit::headphonePower);
  EXPECT_NEAR(*sound->splDb, 97.0 + 23.01, 0.01);
  EXPECT_NEAR(sound->output.milliwatts, 200.0, 1e-6);
  EXPECT_FALSE(largestSound({}, headphone(300.0, 97.0)));
  Headphone unknown{.impedance = {.nominalOhm = 32.0}, .sensitivityDbPerV = {}, .maxPowerMw = {}};
  EXPECT_FALSE(largestSound(amplifier, unknown)->splDb);
}

TEST(HeadphoneDrive, AsksForTheGainThatAnSplTakes) {
  // 300 ohm, 97 dB/mW, 110 dB SPL through 100 ohm: 2.45 V x 4/3 = 3.26 V, 12.5 dBu; from a source of 4
  // dBu, 8.5 dB.
  const HeadphoneAmplifier amplifier{.gainDb = 12.0, .outputImpedanceOhm = 100.0};
  const Headphone hd600 = headphone(300.0, 97.0);
  EXPECT_NEAR(*unloadedVoltsForSpl(amplifier, hd600, 110.0), 3.26, 0.01);
  EXPECT_NEAR(*gainForSplDb(amplifier, hd600, 4.0, 110.0), 8.49, 0.02);
  EXPECT_NEAR(*inputDbuForSpl(amplifier, hd600, 110.0), 0.49, 0.02);
}

TEST(HeadphoneDrive, DampsAsLoadOverOutput) {
  const Impedance load{.nominalOhm = 32.0};
  EXPECT_NEAR(dampingFactor(load, 4.0), 8.0, 1e-12);  // the "one eighth" rule's border
  EXPECT_NEAR(dampingFactor(load, 120.0), 0.267, 0.001);
  EXPECT_EQ(dampingFactor(load, 0.0), INFINITY);
  EXPECT_NEAR(dampingFactor({.nominalOhm = 250.0, .model = kResonant, .curve = {}}, 10.0, 80.0), 55.0, 0.1);
}

TEST(HeadphoneDrive, RaisesAPeakAsMuchAsPublished) {
  // "300 ohm with 600 ohm peak 30 ohm Zout changes FR by a measly .4 dB" (diyAudio, thread 298299).
  const Impedance load{
      .nominalOhm = 300.0,
      .model = {},
      .curve = ImpedanceCurve({{99.0, 300.0}, {100.0, 600.0}, {101.0, 300.0}, {1000.0, 300.0}})};
  EXPECT_NEAR(responseChangeDb(load, 30.0, 100.0), 0.40, 0.02);
  const auto change = responseChange({.nominalOhm = 300.0, .model = kResonant, .curve = {}}, 120.0);
  EXPECT_NEAR(change.largestHz, 80.0, 2.0);
  EXPECT_EQ(responseChange({.nominalOhm = 32.0}, 120.0).spreadDb(), 0.0);
}

struct Case {
  MovingCoil coil;
  double outputOhm, groundOhm;
};
/// In the order of the stored results' columns (scripts/gear_netlists.py).
constexpr Case kCases[] = {{kResonant, 0.0, 0.01},  {kResonant, 10.0, 0.05}, {kResonant, 47.0, 0.2},
                           {kResonant, 120.0, 1.0}, {kLow, 0.0, 0.01},       {kLow, 10.0, 0.05},
                           {kLow, 47.0, 0.2},       {kLow, 120.0, 1.0}};

TEST(HeadphoneDrive, ChangesTheResponseAsNgspiceFinds) {
  const StoredResults stored("gear-headphone");
  ASSERT_EQ(stored.rows.size(), 31u);
  ASSERT_EQ(stored.head.size(), 1 + 2 * std::size(kCases));
  for (std::size_t n = 0; n < std::size(kCases); ++n) {
    const Impedance load{.nominalOhm = 0.0, .model = kCases[n].coil, .curve = {}};
    // A return shared with a channel at rest adds to the output's impedance, but for (1 / 152)^2.
    const double output = kCases[n].outputOhm + kCases[n].groundOhm;
    const auto& reference = stored.rows[17];  // 1002 Hz
    for (const auto& row : stored.rows)
      EXPECT_NEAR(responseChangeDb(load, output, row[0]) - responseChangeDb(load, output, reference[0]),
                  row[1 + 2 * n] - reference[1 + 2 * n], 0.01)
          << n << " at " << row[0];
  }
}

TEST(HeadphoneDrive, LeaksThroughASharedReturnAsNgspiceFinds) {
  const StoredResults stored("gear-headphone");
  for (std::size_t n = 0; n < std::size(kCases); ++n) {
    const HeadphoneAmplifier amplifier{.outputImpedanceOhm = kCases[n].outputOhm,
                                       .groundOhm = kCases[n].groundOhm};
    const Impedance load{.nominalOhm = 0.0, .model = kCases[n].coil, .curve = {}};
    for (const auto& row : stored.rows)
      EXPECT_NEAR(groundCrosstalkDb(amplifier, load, row[0]), row[2 + 2 * n] - row[1 + 2 * n], 0.05)
          << n << " at " << row[0];
  }
  // 0.1 ohm of return and 32 ohm: -50 dB, whatever the amplifier.
  EXPECT_NEAR(groundCrosstalkDb({.groundOhm = 0.1}, {.nominalOhm = 32.0}), -50.1, 0.05);
  EXPECT_EQ(groundCrosstalkDb({}, {.nominalOhm = 32.0}), -INFINITY);
}

TEST(HeadphoneDrive, HissesWhereASensitiveEarphoneMeetsANoisyOutput) {
  // -100 dBu A-weighted is 7.75 uV: with 16 ohm and 110 dB/mW (128 dB/V), 25.7 dB SPL, in a quiet room
  // plainly there; with a 250 ohm headphone of 96 dB/mW, -0.2 dB SPL, gone.
  const HeadphoneAmplifier amplifier{.noiseDbuA = -100.0};
  EXPECT_NEAR(*hissDba(amplifier, headphone(16.0, 110.0)), 25.7, 0.1);
  EXPECT_NEAR(*hissDba(amplifier, headphone(250.0, 96.0)), -0.2, 0.1);
  EXPECT_NEAR(*signalToHissDb(amplifier, headphone(16.0, 110.0), 85.0), 59.3, 0.1);
  EXPECT_FALSE(hissDba({}, headphone(16.0, 110.0)));
}

}  // namespace
}  // namespace gainstage::analog
