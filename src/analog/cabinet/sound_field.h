#pragma once

#include <array>
#include <complex>

#include "core/units.h"

/// Sound in air around a source: what a microphone hears. Waves are e^(j omega t); lengths in metres. [any
/// thread]
namespace gainstage::analog {

inline constexpr double kSpeedOfSound = 343.2;  ///< m/s, dry air at 20 degrees

using Point = std::array<double, 3>;  ///< m; the cone lies at 0 and radiates along the third axis

/// Pressure and the air's velocity at one point, in units of what a source of 1 makes at 1 m.
struct SoundField {
  std::complex<double> pressure;
  std::array<std::complex<double>, 3>
      velocity;  ///< times density and speed of sound: as large as the pressure far off

  void add(const SoundField& other, std::complex<double> share) noexcept {
    pressure += share * other.pressure;
    for (std::size_t i = 0; i < 3; ++i) velocity[i] += share * other.velocity[i];
  }
};

/// A point source's spherical wave at `where` from it, on its way for `path` metres in all: e^(-jk path) /
/// path, the velocity 1 + 1 / (jk path) times the pressure (Beranek & Mellow, "Acoustics: sound fields and
/// transducers", 2012, chapter 2).
SoundField sphericalWave(const Point& where, double path, double waveNumber) noexcept;

/// A flat piston in a large baffle whose acceleration is the same at every frequency, scaled so that its
/// pressure far off, straight ahead and at low frequencies is a point source's of 1: the integral of Rayleigh
/// over its face (Beranek & Mellow 2012, chapter 13), in 20 rings of 16 parts. Within 0.15 dB of the closed
/// form on the axis where no nearer than a seventh of its radius.
SoundField pistonField(double radius, const Point& where, double waveNumber) noexcept;

/// A piston's pressure at an angle over that straight ahead, far away: 2 J1(x) / x with x = k a sin(angle)
/// (Beranek & Mellow 2012, chapter 13), for x up to 3, held there beyond. Within 1e-7.
double pistonDirectivity(double x) noexcept;

/// Attenuation by air at 101.325 kPa: ISO 9613-1:1993, eqs. 3 to 5, for relative humidity in percent. dB/m.
double airAttenuation(Hertz frequency, double celsius = 20.0, double humidity = 50.0) noexcept;

}  // namespace gainstage::analog
