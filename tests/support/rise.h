#pragma once

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <span>
#include <vector>

#include "support/audio.h"

namespace gainstage::testing {

/// "Nothing raises a level by more than 6 dB faster than 20 dB per second": for any two frames the level may
/// have risen by 6 dB and 20 dB for each second between them. The level is the highest magnitude of the last
/// `windowMs`, relative to `reference` and -60 dB at least: signals must have a peak in each such window.
inline ::testing::AssertionResult risesSafely(std::span<const float> samples, double sampleRate,
                                              double reference, double windowMs = 20.0,
                                              double toleranceDb = 0.1) {
  const auto window = static_cast<std::size_t>(windowMs * 1e-3 * sampleRate);
  constexpr std::size_t kStride = 16;
  double lowest = 1e9;  // of dB(m) - 20 m / rate: a rise is measured against it
  for (std::size_t n = window; n < samples.size(); n += kStride) {
    const double level = peak(samples.subspan(n - window, window + 1));
    const double slope = 20.0 * static_cast<double>(n) / sampleRate;
    const double db = std::max(decibels(level / reference), -60.0) - slope;
    lowest = std::min(lowest, db);
    if (db - lowest > 6.0 + toleranceDb)
      return ::testing::AssertionFailure() << "at frame " << n << " the level has risen by " << db - lowest
                                           << " dB more than 20 dB per second";
  }
  return ::testing::AssertionSuccess();
}

}  // namespace gainstage::testing
