#include "analog/cabinet/sound_field.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "analog/cabinet/microphone.h"
#include "support/audio.h"

namespace gainstage::analog {
namespace {

using testing::decibels;

double waveNumber(double hz) { return 2.0 * std::numbers::pi * hz / kSpeedOfSound; }

TEST(Piston, HasTheClosedFormsPressureOnItsAxis) {
  // |p| = 2 sin(k (sqrt(z^2 + a^2) - z) / 2), here over k a^2 / 2 (Beranek & Mellow 2012, chapter 13).
  constexpr double a = 0.13;
  for (const double z : {0.02, 0.03, 0.1, 0.5, 2.0})
    for (const double hz : {40.0, 200.0, 500.0, 1000.0}) {
      const double k = waveNumber(hz);
      const double expected = std::abs(2.0 * std::sin(0.5 * k * (std::hypot(z, a) - z))) / (0.5 * k * a * a);
      EXPECT_NEAR(decibels(std::abs(pistonField(a, {0.0, 0.0, z}, k).pressure) / expected), 0.0, 0.15)
          << z << " m, " << hz << " Hz";
    }
}

TEST(Piston, RadiatesFarOffAsItsDirectivitySays) {
  constexpr double a = 0.13, far = 40.0;
  for (const double hz : {200.0, 800.0, 1500.0})
    for (const double degrees : {0.0, 20.0, 45.0, 70.0}) {
      const double k = waveNumber(hz), angle = degrees * std::numbers::pi / 180.0;
      const Point where{far * std::sin(angle), 0.0, far * std::cos(angle)};
      const double x = k * a * std::sin(angle);
      if (x > 3.0) continue;
      const double bessel = x == 0.0 ? 1.0 : 2.0 * std::cyl_bessel_j(1.0, x) / x;
      EXPECT_NEAR(pistonDirectivity(x), bessel, 1e-7);
      EXPECT_NEAR(std::abs(pistonField(a, where, k).pressure) * far, std::abs(bessel), 0.01)
          << hz << " " << degrees;
    }
}

TEST(Microphone, NearAPointSourceHasTheExactProximityEffect) {
  // 1 + 1 / (j k r) for a figure of eight, half of it with half the pressure for a cardioid.
  constexpr double r = 0.1;
  for (const double hz : {50.0, 100.0, 400.0, 2000.0}) {
    const double k = waveNumber(hz);
    const SoundField field = sphericalWave({0.0, 0.0, r}, r, k);
    const auto gain = [&](MicrophoneKind kind) {
      return decibels(std::abs(capsuleSignal(kind, field, {0.0, 0.0, 1.0})) * r);
    };
    const double kr = k * r;
    EXPECT_NEAR(gain(MicrophoneKind::ribbon), 10.0 * std::log10(1.0 + 1.0 / (kr * kr)), 1e-9);
    EXPECT_NEAR(gain(MicrophoneKind::dynamic), 10.0 * std::log10(1.0 + 1.0 / (4.0 * kr * kr)), 1e-9);
  }
}

TEST(Microphone, BeforeAConeHearsItsProximityEffectFromTheConesRim) {
  // At low frequencies the gradient on a piston's axis is the pressure over the distance to its rim.
  constexpr double a = 0.13;
  for (const double z : {0.03, 0.1, 0.4}) {
    const double k = waveNumber(60.0);
    const SoundField field = pistonField(a, {0.0, 0.0, z}, k);
    const double gain = decibels(std::abs(capsuleSignal(MicrophoneKind::ribbon, field, {0.0, 0.0, 1.0})) /
                                 std::abs(field.pressure));
    EXPECT_NEAR(gain, decibels(std::hypot(1.0, 1.0 / (k * std::hypot(z, a)))), 0.3) << z;
  }
}

TEST(Microphone, HearsFromTheSideAsItsPatternSays) {
  const SoundField field = sphericalWave({100.0, 0.0, 0.0}, 100.0, waveNumber(1000.0));
  for (const double degrees : {0.0, 60.0, 90.0, 180.0}) {
    const double angle = degrees * std::numbers::pi / 180.0;
    const Point axis{std::cos(angle), 0.0, std::sin(angle)};
    EXPECT_NEAR(std::abs(capsuleSignal(MicrophoneKind::condenser, field, axis)) * 100.0,
                0.5 + 0.5 * std::cos(angle), 1e-3);
    EXPECT_NEAR(std::abs(capsuleSignal(MicrophoneKind::ribbon, field, axis)) * 100.0,
                std::abs(std::cos(angle)), 1e-3);
  }
}

TEST(Air, AttenuatesAsTheStandardsTableSays) {
  // ISO 9613-2:1996, table 2, 20 degrees and 70 %: dB/km.
  const std::pair<double, double> table[] = {{125.0, 0.3},  {250.0, 1.1},   {500.0, 2.8},  {1000.0, 5.0},
                                             {2000.0, 9.0}, {4000.0, 22.9}, {8000.0, 76.6}};
  for (const auto& [hz, expected] : table)
    EXPECT_NEAR(airAttenuation({hz}, 20.0, 70.0) * 1000.0, expected, std::max(0.06, 0.02 * expected)) << hz;
}

}  // namespace
}  // namespace gainstage::analog
