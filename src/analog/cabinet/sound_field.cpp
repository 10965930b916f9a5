#include "analog/cabinet/sound_field.h"

#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

constexpr int kRings = 20, kSectors = 16;

}  // namespace

SoundField sphericalWave(const Point& where, double path, double waveNumber) noexcept {
  const std::complex<double> pressure = std::polar(1.0 / path, -waveNumber * path);
  const std::complex<double> velocity = pressure * std::complex<double>(1.0, -1.0 / (waveNumber * path));
  const double distance = std::hypot(where[0], where[1], where[2]);
  SoundField field{pressure, {}};
  for (std::size_t i = 0; i < 3; ++i) field.velocity[i] = velocity * (where[i] / distance);
  return field;
}

SoundField pistonField(double radius, const Point& where, double waveNumber) noexcept {
  SoundField sum{};
  for (int ring = 0; ring < kRings; ++ring) {
    const double part = (ring + 0.5) / kRings;
    const double share = 2.0 * part / (kRings * kSectors);
    for (int sector = 0; sector < kSectors; ++sector) {
      const double angle = 2.0 * std::numbers::pi * (sector + 0.5) / kSectors;
      const Point from{where[0] - radius * part * std::cos(angle), where[1] - radius * part * std::sin(angle),
                       where[2]};
      sum.add(sphericalWave(from, std::hypot(from[0], from[1], from[2]), waveNumber), share);
    }
  }
  return sum;
}

/// Abramowitz & Stegun, "Handbook of mathematical functions", 1964, 9.4.4.
double pistonDirectivity(double x) noexcept {
  const double t = x < 3.0 ? x * x / 9.0 : 1.0;
  return 2.0 * (0.5 + t * (-0.56249985 +
                           t * (0.21093573 +
                                t * (-0.03954289 + t * (0.00443319 + t * (-0.00031761 + t * 0.00001109))))));
}

double airAttenuation(Hertz frequency, double celsius, double humidity) noexcept {
  const double kelvin = celsius + 273.15, warmth = kelvin / 293.15;
  const double saturation = std::pow(10.0, -6.8346 * std::pow(273.16 / kelvin, 1.261) + 4.6151);
  const double water = humidity * saturation;  // molar concentration in percent, at one atmosphere
  const double oxygen = 24.0 + 4.04e4 * water * (0.02 + water) / (0.391 + water);
  const double nitrogen =
      (9.0 + 280.0 * water * std::exp(-4.170 * (std::cbrt(1.0 / warmth) - 1.0))) / std::sqrt(warmth);
  const double f2 = frequency.value * frequency.value;
  return 8.686 * f2 *
         (1.84e-11 * std::sqrt(warmth) +
          std::pow(warmth, -2.5) * (0.01275 * std::exp(-2239.1 / kelvin) / (oxygen + f2 / oxygen) +
                                    0.1068 * std::exp(-3352.0 / kelvin) / (nitrogen + f2 / nitrogen)));
}

}  // namespace gainstage::analog
