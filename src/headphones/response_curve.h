#pragma once

#include <span>
#include <vector>

#include "formats/eq_file.h"

namespace gainstage::headphones {

/// A curve in dB on a grid of 48 points an octave, the first at 20 Hz, the last at 20 kHz or just below.
inline constexpr double kCurveLowestHz = 20.0;
inline constexpr int kPointsPerOctave = 48;
inline constexpr int kCurvePoints = 479;
double curveHz(int point) noexcept;  // [any thread]

/// Points of rising frequency, straight over log frequency in between, level beyond the outermost.
std::vector<double> curveOf(std::span<const formats::EqPoint> points);  // [control]

/// Every point the mean of those up to half of `octaves` away; at the ends of those there are. [control]
std::vector<double> smoothed(std::span<const double> curve, double octaves);

/// Root mean square of a curve's deviation from its own mean between two frequencies, in dB. [control]
double rmsDb(std::span<const double> curve, double lowestHz, double highestHz);

}  // namespace gainstage::headphones
