#include "analog/gear/passive_pickup.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "analog/circuit/taper.h"
#include "analog/gear/levels.h"
#include "analog/stored_results.h"

namespace gainstage::analog {
namespace {

constexpr PassivePickup kHumbucker{
    .inductanceH = 4.5, .resistanceOhm = 8200.0, .capacitanceF = 90e-12, .eddyOhm = 600e3};

/// A single coil with two pots of 250 kohm, 3 m of cable and a common instrument input.
GuitarOutput singleCoil(double inputOhm = 1e6) { return {.inputOhm = inputOhm, .inputF = 10e-12}; }

/// In the order of the stored results' columns (scripts/gear_netlists.py).
std::array<GuitarOutput, 7> netlistSettings() {
  std::array<GuitarOutput, 7> all;
  all.fill(singleCoil());
  all[1].inputOhm = 10e3;
  all[2].cable = {.metres = 10.0, .faradPerMetre = 150e-12};
  all[2].inputOhm = 47e3;
  all[2].controls.volumeShare = 0.5;
  all[3].controls.toneShare = 0.0;
  all[4].controls.toneShare = 0.3;
  all[4].controls.volumeShare = 0.1;
  all[4].inputOhm = 220e3;
  all[5].pickup = all[6].pickup = kHumbucker;
  all[5].controls.volumeOhm = all[6].controls.volumeOhm = 500e3;
  all[5].controls.toneOhm = all[6].controls.toneOhm = 500e3;
  all[6].inputOhm = 10e6;
  all[6].cable.metres = 0.2;
  return all;
}

TEST(GuitarOutput, RespondsWithinAFiftiethOfADecibelOfNgspice) {
  const StoredResults stored("gear-pickup-response");
  ASSERT_EQ(stored.rows.size(), 31u);
  const auto settings = netlistSettings();
  ASSERT_EQ(stored.head.size(), 1 + 2 * settings.size());
  for (const auto& row : stored.rows) {
    for (std::size_t n = 0; n < settings.size(); ++n) {
      const auto response = settings[n].response(row[0]);
      EXPECT_NEAR(decibelsOf(std::abs(response)), row[1 + 2 * n], 0.02) << n << " at " << row[0] << " Hz";
      EXPECT_NEAR(std::remainder(std::arg(response) * 180.0 / std::numbers::pi - row[2 + 2 * n], 360.0), 0.0,
                  0.1)
          << n << " at " << row[0] << " Hz";
    }
  }
}

TEST(GuitarOutput, HasTheThermalNoiseThatNgspiceFinds) {
  const StoredResults stored("gear-pickup-noise");
  ASSERT_EQ(stored.rows.size(), 31u);
  const auto settings = netlistSettings();
  for (const auto& row : stored.rows) {
    for (std::size_t n = 0; n < settings.size(); ++n) {
      const double density = thermalNoiseDensity(settings[n].impedance(row[0]).real());
      EXPECT_NEAR(decibelsOf(density / 1e-9), row[1 + n], 0.05) << n << " at " << row[0] << " Hz";
    }
  }
}

/// Peak of a coil with C and R across it, by hand: H = 1 / (1 + r/R - w^2 L C + j w (r C + L/R)), a low-pass
/// of the second order with f0^2 = (1 + r/R) / (4 pi^2 L C) and d = 1/Q = (r sqrt(C/L) + sqrt(L/C)/R) /
/// sqrt(1 + r/R): f0 sqrt(1 - d^2/2), 1 / (d sqrt(1 - d^2/4)) high.
Resonance lowPassPeak(double henry, double coilOhm, double farad, double loadOhm) {
  const double stiffer = std::sqrt(1.0 + coilOhm / loadOhm);
  const double d = (coilOhm * std::sqrt(farad / henry) + std::sqrt(henry / farad) / loadOhm) / stiffer;
  const double f0 = stiffer / (2.0 * std::numbers::pi * std::sqrt(henry * farad));
  return {f0 * std::sqrt(1.0 - d * d / 2.0), -decibelsOf(d * std::sqrt(1.0 - d * d / 4.0))};
}

TEST(GuitarOutput, ResonatesWhereCoilAndCapacitancesMakeIt) {
  // Straight into the jack: 120 + 300 + 10 pF and 1 Mohm beside 2.4 H, 4.94 kHz, 16.3 dB.
  GuitarOutput bare = singleCoil();
  bare.controls.volumeOhm = bare.controls.toneOhm = 0.0;
  const auto found = resonance(bare);
  const Resonance byHand = lowPassPeak(2.4, 6000.0, 430e-12, 1e6);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->hz, byHand.hz, 1.0);
  EXPECT_NEAR(found->heightDb, byHand.heightDb, 0.01);
  // Pots of 250 kohm damp it, a longer cable moves it down, both as guitarists know.
  const auto damped = resonance(singleCoil());
  ASSERT_TRUE(damped);
  EXPECT_LT(damped->heightDb, found->heightDb - 8.0);
  GuitarOutput longer = singleCoil();
  longer.cable.metres = 10.0;
  const double squeezed = std::sqrt(430.0 / 1130.0);
  EXPECT_NEAR(resonance(longer)->hz / damped->hz, squeezed, 0.06);
}

TEST(GuitarOutput, LosesItsPeakAndItsTrebleAtTenKilohms) {
  EXPECT_FALSE(resonance(singleCoil(10e3)));
  const double peakHz = resonance(singleCoil())->hz;
  // What 10 kohm leave is a first-order low-pass at (6 + 10) kohm / (2 pi 2.4 H) = 1.06 kHz: 3 dB down there.
  EXPECT_NEAR(singleCoil(10e3).responseDb(1061.0) - singleCoil(10e3).responseDb(50.0), -3.0, 0.3);
  EXPECT_LT(trebleChangeDb(singleCoil(10e3), peakHz), -15.0);
  EXPECT_NEAR(trebleChangeDb(singleCoil(1e6), peakHz), 0.0, 1e-9);
  EXPECT_GT(trebleChangeDb(singleCoil(10e6), peakHz), 0.5);
  // And the level: 6 kohm against 10 kohm beside 250 kohm of pot, -4.2 dB.
  EXPECT_NEAR(singleCoil(10e3).responseDb(1.0), -20.0 * std::log10(1.0 + 6000.0 / (10e3 * 25.0 / 26.0)),
              0.01);
}

TEST(GuitarOutput, TurnsDownByItsPots) {
  GuitarOutput guitar = singleCoil();
  guitar.controls.volumeShare = 0.0;
  EXPECT_LT(guitar.responseDb(1000.0), -120.0);
  guitar.controls.volumeShare = 0.1;
  EXPECT_NEAR(guitar.responseDb(100.0) - singleCoil().responseDb(100.0), -20.0, 0.5);
  EXPECT_NEAR(audioTaper(0.5), 0.1, 1e-12);
  EXPECT_NEAR(audioTaper(0.0), 0.0, 1e-12);
  EXPECT_NEAR(audioTaper(1.0), 1.0, 1e-12);
  // The tone pot shut: its 22 nF lie beside the coil, 200 kohm of volume pot and input across.
  guitar = singleCoil();
  guitar.controls.toneShare = 0.0;
  const Resonance byHand = lowPassPeak(2.4, 6000.0, 22.43e-9, 200e3);
  EXPECT_NEAR(byHand.hz, 625.0, 5.0);
  EXPECT_NEAR(resonance(guitar)->hz, byHand.hz, 1.0);
}

TEST(GuitarOutput, HissesMoreThanAMicrophoneForItsImpedanceIsHigh) {
  const AnalogInput input{.kind = InputKind::instrument,
                          .impedanceOhm = 1e6,
                          .capacitanceF = 10e-12,
                          .clipDbu = 12.0,
                          .einDbu = -125.0};
  const auto guitar = inputNoiseDbu(singleCoil(), input, NoiseBand::aWeighted);
  ASSERT_TRUE(guitar);
  // The integral of ngspice's densities (every third of an octave, A-weighted) with the preamplifier's own
  // noise.
  const StoredResults stored("gear-pickup-noise");
  const double own = *ownNoiseDensity(input);
  double power = 0.0;
  for (const auto& row : stored.rows) {
    const double thermal = 1e-9 * ratioOf(row[1]);
    power += (thermal * thermal + own * own) * std::pow(10.0, aWeightingDb(row[0]) / 10.0) * row[0] *
             std::log(10.0) / 10.0;
  }
  EXPECT_NEAR(*guitar, dbuFromVolts(std::sqrt(power)), 0.3);
  EXPECT_GT(*guitar, *inputNoiseDbu(input, 150.0, NoiseBand::aWeighted) + 10.0);
  AnalogInput unknown = input;
  unknown.einDbu.reset();
  EXPECT_FALSE(inputNoiseDbu(singleCoil(), unknown, NoiseBand::flat));
}

}  // namespace
}  // namespace gainstage::analog
