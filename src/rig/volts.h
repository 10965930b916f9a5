#pragma once

#include <cmath>
#include <numbers>
#include <optional>

/// What a sample means in volts, to circuits in a rig. [any thread]
namespace gainstage::rig {

/// Full scale where a strip does not know its own: that of common instrument inputs at the gain at which a
/// guitar's loudest strokes stay below it.
inline constexpr double kAssumedFullScaleDbu = 12.0;

/// Volts at the peak of a full-scale sine: 4.36 V at +12 dBu. 0 dBu are 0.7746 V rms (1 mW in 600 ohms).
inline double fullScaleVolts(std::optional<double> fullScaleDbu) {
  return std::numbers::sqrt2 * std::sqrt(0.6) *
         std::pow(10.0, fullScaleDbu.value_or(kAssumedFullScaleDbu) / 20.0);
}

}  // namespace gainstage::rig
