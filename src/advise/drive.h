#pragma once

#include "advise/headphone_model.h"
#include "advise/output_model.h"

namespace gainstage::advise {

/// Peaks that a listener should be able to have: music at 85 dB SPL on average (what NIOSH 98-126 allows for
/// eight hours a day) has peaks of up to 25 dB more.
inline constexpr double kPeakSpl = 110.0;
/// A-weighted noise at the ear that a quiet room no longer hides.
inline constexpr double kHissFrom = 0.0, kHissSurely = 10.0;
/// A change of response that few hear, and one that anybody hears.
inline constexpr double kChangeHeard = 0.5, kChangeObvious = 2.0;

/// A headphone on an output: how loud, how changed, how quiet when nothing plays.
struct Drive {
  std::string output, headphone;
  Estimate peakSpl;  ///< dB SPL
  Estimate volts;    ///< across the headphone at its loudest, RMS of a sine
  Estimate milliwatts;
  Estimate neededVolts;  ///< RMS of the sine whose peaks are at the wanted level
  Estimate neededMilliwatts;
  Estimate damping;       ///< load over output impedance
  Estimate response;      ///< dB between the most lifted and the most lowered frequency
  double liftedHz = 0.0;  ///< where it lifts most, of the largest change; 0: not known
  Estimate hiss;          ///< dB SPL A-weighted
  std::vector<std::string> sources;

  bool isLoudEnough(double peak) const noexcept { return peakSpl.low >= peak; }
  bool isTooQuiet(double peak) const noexcept { return peakSpl.high < peak; }
  /// Each with its formula.
  std::vector<Fact> facts(double wantedPeakSpl) const;
};

/// All corners of what is known about both. [control]
Drive driveOf(const OutputModel& output, const HeadphoneModel& headphone, double wantedPeakSpl = kPeakSpl);

}  // namespace gainstage::advise
