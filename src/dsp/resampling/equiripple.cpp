#include "dsp/resampling/equiripple.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

constexpr int kGridDensity = 12;  // points for each extreme; between points the error grows by 1 %
constexpr int kMostExchanges = 60;
constexpr double kSettled = 0.01;  // of the ripple: 0.09 dB

struct Point {
  double x;  // cos of the angular frequency
  double wanted;
  double weight;
  bool bandEnd;
};

std::vector<Point> makeGrid(const LowpassTask& task, int half) {
  std::vector<Point> grid;
  const double step = 0.5 / (kGridDensity * (half + 1));
  const auto addBand = [&](double from, double to, bool pass) {
    const int count = std::max(4, static_cast<int>(std::ceil((to - from) / step)));
    for (int i = 0; i <= count; ++i) {
      const double frequency = from + (to - from) * i / count;
      grid.push_back({std::cos(2.0 * std::numbers::pi * frequency), pass ? task.wanted(frequency) : 0.0,
                      pass ? task.passWeight(frequency) : task.stopWeight(frequency), i == 0 || i == count});
    }
  };
  addBand(0.0, task.passEnd, true);
  addBand(task.stopBegin, 0.5, false);
  return grid;
}

/// The polynomial in x that misses the wanted by the same weighted error, signs alternating, at all nodes.
class Interpolant {
 public:
  explicit Interpolant(const std::vector<Point>& nodes) : nodes_(nodes) {
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      double product = 1.0;
      // Twice the differences: their products neither vanish nor overflow on an interval of length 2.
      for (std::size_t j = 0; j < nodes.size(); ++j)
        if (j != k) product *= 2.0 * (nodes[k].x - nodes[j].x);
      weights_.push_back(1.0 / product);
    }
    double above = 0.0, below = 0.0;
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      above += weights_[k] * nodes[k].wanted;
      below += weights_[k] * sign(k) / nodes[k].weight;
    }
    ripple_ = above / below;
    for (std::size_t k = 0; k < nodes.size(); ++k)
      values_.push_back(nodes[k].wanted - sign(k) * ripple_ / nodes[k].weight);
  }

  double ripple() const { return ripple_; }

  double at(double x) const {
    double above = 0.0, below = 0.0;
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const double distance = x - nodes_[k].x;
      if (distance == 0.0) return values_[k];
      const double share = weights_[k] / distance;
      above += share * values_[k];
      below += share;
    }
    return above / below;
  }

 private:
  static double sign(std::size_t k) { return k % 2 == 0 ? 1.0 : -1.0; }

  const std::vector<Point>& nodes_;
  std::vector<double> weights_, values_;
  double ripple_ = 0.0;
};

/// The next nodes: extremes of the error with alternating signs, as many as `count`; empty if there are
/// fewer.
std::vector<std::size_t> extremesOf(const std::vector<Point>& grid, const std::vector<double>& errors,
                                    std::size_t count) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double size = std::abs(errors[i]);
    const bool sameBandBefore = i > 0 && !(grid[i].bandEnd && grid[i - 1].bandEnd);
    const bool sameBandAfter = i + 1 < grid.size() && !(grid[i].bandEnd && grid[i + 1].bandEnd);
    if (sameBandBefore && std::abs(errors[i - 1]) > size && errors[i - 1] * errors[i] > 0.0) continue;
    if (sameBandAfter && std::abs(errors[i + 1]) >= size && errors[i + 1] * errors[i] > 0.0) continue;
    if (!found.empty() && errors[found.back()] * errors[i] > 0.0) {
      if (std::abs(errors[found.back()]) < size) found.back() = i;
    } else {
      found.push_back(i);
    }
  }
  // Signs alternate already: only ends can go without joining two of one sign.
  while (found.size() > count) {
    const bool frontIsSmaller = std::abs(errors[found.front()]) < std::abs(errors[found.back()]);
    found.erase(frontIsSmaller ? found.begin() : found.end() - 1);
  }
  if (found.size() < count) found.clear();
  return found;
}

}  // namespace

EquirippleLowpass designLowpass(const LowpassTask& task, int half) {
  const std::vector<Point> grid = makeGrid(task, half);
  const auto count = static_cast<std::size_t>(half) + 2;
  std::vector<Point> nodes;
  for (std::size_t k = 0; k < count; ++k) nodes.push_back(grid[k * (grid.size() - 1) / (count - 1)]);

  std::vector<double> errors(grid.size());
  for (int exchange = 0; exchange < kMostExchanges; ++exchange) {
    const Interpolant interpolant(nodes);
    double largest = 0.0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      errors[i] = grid[i].weight * (grid[i].wanted - interpolant.at(grid[i].x));
      largest = std::max(largest, std::abs(errors[i]));
    }
    if (largest <= (1.0 + kSettled) * std::abs(interpolant.ripple())) break;
    const auto extremes = extremesOf(grid, errors, count);
    if (extremes.empty()) break;
    for (std::size_t k = 0; k < count; ++k) nodes[k] = grid[extremes[k]];
  }

  // Sampled at as many frequencies as there are taps, the response gives the taps back exactly.
  const Interpolant response(nodes);
  const int length = 2 * half + 1;
  std::vector<double> samples;
  for (int k = 0; k <= half; ++k)
    samples.push_back(response.at(std::cos(2.0 * std::numbers::pi * k / length)));
  EquirippleLowpass design{{}, std::abs(response.ripple())};
  for (int n = 0; n <= half; ++n) {
    double sum = samples[0];
    for (int k = 1; k <= half; ++k)
      sum += 2.0 * samples[static_cast<std::size_t>(k)] *
             std::cos(2.0 * std::numbers::pi * static_cast<double>(k) * n / length);
    design.taps.push_back(sum / length);
  }
  return design;
}

}  // namespace gainstage::dsp
