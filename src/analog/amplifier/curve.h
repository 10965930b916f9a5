#pragma once

#include <functional>
#include <vector>

namespace gainstage::analog {

/// Currents that depend on one voltage each, as tables with their slopes and their integrals, so that a mean
/// over a stretch of voltage is exact: (F(v1) - F(v0)) / (v1 - v0). Between knots a cubic through values and
/// slopes. Below the first knot a current stays, above the last it goes on as a straight line.
class Curves {
 public:
  static constexpr int kRow = 8;  ///< doubles to an interval, one cache line: integral, then c0..c3

  struct At {
    double integral, value, slope;
  };
  struct Range {
    double first, last;  ///< volts
    int intervals;
  };

  /// Which curve it is, from 0 on. `current` gives a value and its slope. [control]
  int add(const std::function<At(double)>& current, Range range);

  At at(int curve, double volts) const noexcept;  // [any thread]

  /// For those who read rows themselves. Interval i of a curve is row firstRow + i.
  struct Place {
    double first, perVolt;
    double firstRow, lastInterval;
  };
  const Place& place(int curve) const noexcept { return places_[static_cast<std::size_t>(curve)]; }
  const double* rows() const noexcept { return rows_.data(); }

 private:
  std::vector<Place> places_;
  std::vector<double> rows_;  // 16-byte aligned by the allocator, and rows are 64 bytes
};

}  // namespace gainstage::analog
