#include "analog/amplifier/curve.h"

#include <array>

namespace gainstage::analog {

int Curves::add(const std::function<At(double)>& current, Range range) {
  const double step = (range.last - range.first) / range.intervals;
  const auto firstRow = rows_.size() / kRow;
  double integral = 0.0;
  const auto append = [&](double c0, double c1, double c2, double c3) {
    const std::array<double, kRow> row{integral, c0, c1, c2, c3};
    rows_.insert(rows_.end(), row.begin(), row.end());
    integral += step * (c0 + c1 / 2.0 + c2 / 3.0 + c3 / 4.0);
  };
  // One interval of rest stands before the first knot, one of a straight line after the last.
  const At first = current(range.first), last = current(range.last);
  integral = -step * first.value;
  append(first.value, 0.0, 0.0, 0.0);
  At from = first;
  for (int i = 0; i < range.intervals; ++i) {
    const At to = current(range.first + step * (i + 1));
    const double rise = to.value - from.value;
    append(from.value, step * from.slope, 3.0 * rise - step * (2.0 * from.slope + to.slope),
           -2.0 * rise + step * (from.slope + to.slope));
    from = to;
  }
  append(last.value, step * last.slope, 0.0, 0.0);
  addQuick(current, range);
  places_.push_back({range.first - step, 1.0 / step, step, static_cast<double>(firstRow),
                     static_cast<double>(range.intervals + 1)});
  return static_cast<int>(places_.size()) - 1;
}

void Curves::addQuick(const std::function<At(double)>& current, Range range) {
  const int intervals = range.intervals * kQuickPerInterval;
  const double step = (range.last - range.first) / intervals;
  const auto firstRow = static_cast<std::int32_t>(quickRows_.size() / kQuickRow);
  const At first = current(range.first), last = current(range.last);
  double integral = -step * first.value;
  const auto append = [&](double c0, double c1, double c2) {
    for (const double number : {integral, c0, c1, c2}) quickRows_.push_back(static_cast<float>(number));
    integral += step * (c0 + c1 / 2.0 + c2 / 3.0);
  };
  append(first.value, 0.0, 0.0);
  At from = first;
  for (int i = 0; i < intervals; ++i) {
    const At to = current(range.first + step * (i + 1));
    // Through both values; its slope changes as much as the curve's.
    const double bend = 0.5 * step * (to.slope - from.slope);
    append(from.value, to.value - from.value - bend, bend);
    from = to;
  }
  append(last.value, step * last.slope, 0.0);
  quickPlaces_.push_back({range.first - step, 1.0 / step, step, firstRow, intervals + 1});
}

}  // namespace gainstage::analog
