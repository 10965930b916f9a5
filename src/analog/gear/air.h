#pragma once

#include <cmath>

#include "analog/gear/levels.h"

/// From a source of sound to the ear. [any thread]
namespace gainstage::analog {

/// Metres per second: 343.2 sqrt(T / 293.15 K) (ISO 9613-1:1993), dry air: humidity adds 0.4 % at most at 20
/// °C.
inline double speedOfSound(double celsius = 20.0) noexcept {
  return 343.2 * std::sqrt((celsius + 273.15) / 293.15);
}

/// 2.91 ms a metre at 20 °C.
inline double airDelayMs(double metres, double celsius = 20.0) noexcept {
  return 1e3 * metres / speedOfSound(celsius);
}

/// How much less than at 1 m a small source gives, in the open: 20 log10(r) (Kinsler and others, Fundamentals
/// of Acoustics, 4th edition, 5.11). In a room, the reverberant field keeps it from falling so far.
inline double distanceLossDb(double metres) noexcept { return decibelsOf(metres); }

}  // namespace gainstage::analog
