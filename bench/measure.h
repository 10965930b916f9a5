#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/case.h"

namespace gainstage::bench {

struct Measurement {
  std::string name;
  FrameCount frames = 0;
  double nsPerBlock = 0.0;      ///< median
  double p999NsPerBlock = 0.0;  ///< 99.9th percentile
  double multiplyAdds = 0.0;    ///< a frame; 0: not given

  double timesRealtime48k() const;
  /// Share of the machine's multiply-adds that the median block reaches; none where the case does not count
  /// them.
  std::optional<double> fmaPeakFraction(double fmaPeakGflops) const;
};

/// Nanoseconds since some moment.
using Clock = std::function<double()>;
double steadyClock();

/// The same input replayed five times after one pass to warm up, the least time for each block, then the
/// percentiles: what the kernel or a neighbour took from one replay does not count. [control]
Measurement measure(const Case& item, const Clock& clock = steadyClock);

/// The least of the values that `share` (0..1) of all do not exceed. Reorders them. 0 where there are none.
double percentile(std::span<double> values, double share);

}  // namespace gainstage::bench
