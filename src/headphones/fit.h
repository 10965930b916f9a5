#pragma once

#include <span>
#include <vector>

#include "formats/eq_file.h"

namespace gainstage::headphones {

struct FitOptions {
  int filters = 10;  ///< 1..20, two of them shelves where there are three or more
  double mostBoostDb =
      9.0;  ///< above the wanted curve's mean, 0..24 (above 10 kHz 6 at most): deeper dips stay
  double lowestHz = 20.0;      ///< nothing is corrected below
  double highestHz = 20000.0;  ///< nor above
};

/// What a fit gives.
struct Fit {
  formats::EqFile
      eq;  ///< by rising frequency, rounded as a file holds them; with a preamp that cannot clip a tone
  double residualDb = 0.0;  ///< RMS from 40 Hz to 10 kHz of what is left to the target, 1/6 octave smoothed
  double worstDb = 0.0;     ///< the largest of it
  double beforeDb = 0.0;    ///< RMS without a correction
};

/// Filters of the audio EQ cookbook at 44.1 kHz that bring a measured response to the target, level aside:
/// the frequencies, gains and Qs that leave the least sum of squares, found by adding one where most is left
/// and moving all (Levenberg and Marquardt), then by moving the least useful one elsewhere while that helps.
/// Above 10 kHz, where a measurement says more about the fixture, only broad errors count, and less.
/// [control]
Fit fitCorrection(std::span<const formats::EqPoint> measured, std::span<const formats::EqPoint> target,
                  const FitOptions& options = {});

}  // namespace gainstage::headphones
