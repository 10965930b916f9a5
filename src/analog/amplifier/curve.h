#pragma once

#include <algorithm>
#include <cstdint>
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

  At at(int curve, double volts) const noexcept {  // [any thread]
    const Place& where = place(curve);
    const Spot spot = find(where, volts);
    const double* row = spot.row;
    const double t = spot.t;
    return {.integral = row[0] + where.step * t *
                                     (row[1] + t * (0.5 * row[2] + t * (row[3] / 3.0 + t * 0.25 * row[4]))),
            .value = row[1] + t * (row[2] + t * (row[3] + t * row[4])),
            .slope = where.perVolt * (row[2] + t * (2.0 * row[3] + t * 3.0 * row[4]))};
  }

  /// For those who read rows themselves. Interval i of a curve is row firstRow + i.
  struct Place {
    double first, perVolt, step;
    double firstRow, lastInterval;
  };
  const Place& place(int curve) const noexcept { return places_[static_cast<std::size_t>(curve)]; }
  const double* rows() const noexcept { return rows_.data(); }

  /// The same again in single precision, for whoever solves many at once: half as long intervals, a parabola
  /// in each, as four floats: integral, then c0..c2.
  static constexpr int kQuickRow = 4;
  static constexpr int kQuickPerInterval = 2;
  struct QuickPlace {
    double first, perVolt, step;  // volts where row firstRow begins
    std::int32_t firstRow, lastInterval;
  };
  const QuickPlace& quickPlace(int curve) const noexcept {
    return quickPlaces_[static_cast<std::size_t>(curve)];
  }
  const float* quickRows() const noexcept { return quickRows_.data(); }

 private:
  struct Spot {
    const double* row;
    double t;
  };
  Spot find(const Place& where, double volts) const noexcept {
    const double position = (volts - where.first) * where.perVolt;
    // A number that is not below 0 is cut off by a conversion: quicker than std::floor. What is not a number
    // counts as 0.
    const auto interval = static_cast<int>(position > 0.0 ? std::min(position, where.lastInterval) : 0.0);
    return {rows_.data() + static_cast<std::size_t>(static_cast<int>(where.firstRow) + interval) * kRow,
            position - interval};
  }

  void addQuick(const std::function<At(double)>& current, Range range);

  std::vector<Place> places_;
  std::vector<double> rows_;  // 16-byte aligned by the allocator, and rows are 64 bytes
  std::vector<QuickPlace> quickPlaces_;
  std::vector<float> quickRows_;
};

}  // namespace gainstage::analog
