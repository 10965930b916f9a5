#pragma once

#include <Eigen/Dense>
#include <vector>

#include "formats/eq_file.h"

namespace gainstage::headphones {

/// A wanted curve, how much each of its points counts, and over how many neighbours on either side what is
/// left there is averaged before it counts.
struct WantedCurve {
  std::vector<double> hertz, gainDb, weight;
  std::vector<int> reach;
};

/// Peaks and shelves at kEqFileRateHz, and a level, on their way to a wanted curve. [control]
class FilterSearch {
 public:
  FilterSearch(WantedCurve wanted, double lowestHz, double highestHz);

  /// Adds a filter; its frequency, gain and Q are held within what a search may use.
  void add(formats::EqFilter filter);
  void remove(std::size_t index);
  /// Moves all filters to where the least is left nearby: how much that is.
  double improve(int steps);

  double left() const noexcept { return left_; }
  const std::vector<formats::EqFilter>& filters() const noexcept { return filters_; }
  /// Wanted less what the filters and the level give, averaged, at each point.
  std::vector<double> missing() const;

 private:
  /// A column of residuals or slopes, averaged and weighted in place.
  void average(double* column) const;
  void fill(const Eigen::VectorXd& at, Eigen::VectorXd& residuals, Eigen::MatrixXd& slopes) const;
  formats::EqFilter filterAt(const Eigen::VectorXd& at, std::size_t index) const;

  WantedCurve wanted_;
  std::vector<double> w_;  // of the bilinear transform, at each point
  double lowestHz_, highestHz_;
  double levelDb_ = 0.0;
  double left_ = 0.0;
  std::vector<formats::EqFilter> filters_;
  mutable std::vector<double> sums_;  // of average(): the column's, up to each point
};

}  // namespace gainstage::headphones
