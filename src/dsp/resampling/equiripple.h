#pragma once

#include <functional>
#include <vector>

namespace gainstage::dsp {

/// What a lowpass has to do. Frequencies are shares of the rate, 0 < passEnd < stopBegin < 0.5.
struct LowpassTask {
  double passEnd = 0.2;
  double stopBegin = 0.3;
  std::function<double(double frequency)> wanted = [](double) { return 1.0; };  ///< in the passband
  /// The error anywhere times the weight there is at most the ripple.
  std::function<double(double frequency)> passWeight = [](double) { return 1.0; };
  std::function<double(double frequency)> stopWeight = [](double) { return 1.0; };
};

/// The symmetric filter of 2 half + 1 taps whose largest weighted error is the least possible, by the
/// exchange algorithm (Parks and McClellan 1972, "Chebyshev Approximation for Nonrecursive Digital Filters
/// with Linear Phase"), the values between extremes by barycentric interpolation (Berrut and Trefethen 2004,
/// "Barycentric Lagrange Interpolation", eq. 4.2).
struct EquirippleLowpass {
  std::vector<double> taps;  ///< from the middle on: half + 1 of them
  double ripple = 0.0;       ///< largest weighted error, linear
};

/// `half` 4..400. A few ms for 100. Allocates. [control]
EquirippleLowpass designLowpass(const LowpassTask& task, int half);

}  // namespace gainstage::dsp
