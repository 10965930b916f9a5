#pragma once

#include <span>
#include <vector>

#include "formats/eq_file.h"

namespace gainstage::headphones {

/// The gain at a frequency: straight in dB over log frequency between points, level beyond the outermost.
/// [any thread]
double graphicGainDb(std::span<const formats::EqPoint> points, double frequencyHz) noexcept;

/// A response of minimum phase with that curve, of 0.17 s (5 to 6 Hz apart, a power of two of taps): within
/// 0.05 dB for curves as headphones need them. [control]
std::vector<float> graphicResponse(std::span<const formats::EqPoint> points, double rateHz);

}  // namespace gainstage::headphones
