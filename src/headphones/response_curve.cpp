#include "headphones/response_curve.h"

#include <algorithm>
#include <cmath>

#include "headphones/graphic_response.h"

namespace gainstage::headphones {

double curveHz(int point) noexcept {
  return kCurveLowestHz * std::exp2(static_cast<double>(point) / kPointsPerOctave);
}

std::vector<double> curveOf(std::span<const formats::EqPoint> points) {
  std::vector<double> curve(kCurvePoints);
  for (int i = 0; i < kCurvePoints; ++i)
    curve[static_cast<std::size_t>(i)] = graphicGainDb(points, curveHz(i));
  return curve;
}

std::vector<double> smoothed(std::span<const double> curve, double octaves) {
  const int reach = static_cast<int>(std::lround(0.5 * octaves * kPointsPerOctave));
  const int last = static_cast<int>(curve.size()) - 1;
  std::vector<double> smooth(curve.size());
  for (int i = 0; i <= last; ++i) {
    const int from = std::max(i - reach, 0), to = std::min(i + reach, last);
    double sum = 0.0;
    for (int k = from; k <= to; ++k) sum += curve[static_cast<std::size_t>(k)];
    smooth[static_cast<std::size_t>(i)] = sum / (to - from + 1);
  }
  return smooth;
}

double rmsDb(std::span<const double> curve, double lowestHz, double highestHz) {
  double sum = 0.0, squares = 0.0;
  int count = 0;
  for (int i = 0; i < static_cast<int>(curve.size()); ++i) {
    if (curveHz(i) < lowestHz || curveHz(i) > highestHz) continue;
    const double value = curve[static_cast<std::size_t>(i)];
    sum += value;
    squares += value * value;
    ++count;
  }
  const double mean = sum / std::max(count, 1);
  return std::sqrt(std::max(squares / std::max(count, 1) - mean * mean, 0.0));
}

}  // namespace gainstage::headphones
