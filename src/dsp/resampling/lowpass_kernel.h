#pragma once

#include <vector>

#include "core/units.h"

namespace gainstage::dsp {

/// A lowpass for changing rates, as a function of time: even, of finite length. Within 0.045 dB up to `pass`,
/// 0.018 dB in the lower two thirds of that; from `stop` on without end below -91.5 dB.
class LowpassKernel {
 public:
  /// 0 < pass < stop. A few ms. Allocates. [control]
  LowpassKernel(Hertz pass, Hertz stop);

  /// Seconds from the middle to where it ends: 2.1 / (stop - pass). [any thread]
  double halfLength() const noexcept { return halfLength_; }

  /// In 1/s. [any thread]
  double at(double seconds) const noexcept;

 private:
  std::vector<double> taps_;  // from the middle on
  double rate_;               // of the taps, Hz
  double scale_;
  double halfLength_;
};

/// The bands for a conversion between two rates: 18 kHz get through, nothing does that the lower rate cannot
/// hold (at 44.1 kHz: 0.15 kHz more than that), and both ways together take less than 1 ms. Below 40.2 kHz
/// not all of this is possible: the passband shrinks, and stays free of images.
struct ConversionBands {
  Hertz pass;
  Hertz stop;
};
ConversionBands conversionBands(double lowerRate) noexcept;  // [any thread]

}  // namespace gainstage::dsp
