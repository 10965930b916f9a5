#include "headphones/filter_search.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "headphones/eq_section.h"
#include "headphones/least_squares.h"

namespace gainstage::headphones {
namespace {

using formats::EqFilter;
using formats::EqFilterType;

constexpr double kMostGainDb = 18.0;
constexpr double kLeastQ = 0.25, kMostQ = 8.0;            // of a peak
constexpr double kLeastShelfQ = 0.4, kMostShelfQ = 0.75;  // over 0.71 a shelf overshoots
/// What a dB of a filter counts as, against a dB left at a point: enough to keep two neighbours from growing
/// against each other for nothing.
constexpr double kGainWeight = 0.05;
const double kDbPerLog = 10.0 / std::log(10.0);

/// A parameter without bounds for a value within them.
double freeOf(double value, double lowest, double highest) {
  const double share = std::clamp((value - lowest) / (highest - lowest), 0.01, 0.99);
  return std::log(share / (1.0 - share));
}
struct Held {
  double value, slope;
};
Held held(double parameter, double lowest, double highest) {
  const double share = 1.0 / (1.0 + std::exp(-parameter));
  return {lowest + (highest - lowest) * share, (highest - lowest) * share * (1.0 - share)};
}

struct QRange {
  double lowest, highest;
};
QRange qRange(EqFilterType type) {
  return type == EqFilterType::peak ? QRange{std::log(kLeastQ), std::log(kMostQ)}
                                    : QRange{std::log(kLeastShelfQ), std::log(kMostShelfQ)};
}

/// A gain in dB, and how it changes with the logarithms of W, of A (20 dB each) and of Q.
struct Gain {
  double db, byW, byA, byQ;
};

/// 10 log10 of (n0 - n2 x^2)^2 + n1^2 x^2 and its changes with ln x, ln n0, ln n1, ln n2.
struct Part {
  double db, byX, by0, by1, by2;
};
Part partAt(double x2, double n2, double n1, double n0) {
  const double real = n0 - n2 * x2, imaginary2 = n1 * n1 * x2, squared = real * real + imaginary2;
  const double scale = 2.0 * kDbPerLog / std::max(squared, 1e-30);
  return {kDbPerLog * std::log(std::max(squared, 1e-30)), scale * (imaginary2 - 2.0 * real * n2 * x2),
          scale * real * n0, scale * imaginary2, -scale * real * n2 * x2};
}

Gain gainAt(EqFilterType type, double w, double center, double a, double q) {
  if (type == EqFilterType::peak) {
    const double x2 = w * w / (center * center);
    const Part zeros = partAt(x2, 1.0, a / q, 1.0), poles = partAt(x2, 1.0, 1.0 / (a * q), 1.0);
    return {zeros.db - poles.db, poles.byX - zeros.byX, zeros.by1 + poles.by1, poles.by1 - zeros.by1};
  }
  const bool low = type == EqFilterType::lowShelf;
  const double warped = low ? center / std::sqrt(a) : center * std::sqrt(a), x2 = w * w / (warped * warped);
  const Part zeros = low ? partAt(x2, 1.0, a / q, a * a) : partAt(x2, a * a, a / q, 1.0);
  const Part poles = partAt(x2, 1.0, 1.0 / q, 1.0);
  const double byX = zeros.byX - poles.byX;
  const double byPlateau = 2.0 * (low ? zeros.by0 : zeros.by2);
  return {zeros.db - poles.db, -byX, zeros.by1 + byPlateau + (low ? 0.5 : -0.5) * byX, poles.by1 - zeros.by1};
}

}  // namespace

FilterSearch::FilterSearch(WantedCurve wanted, double lowestHz, double highestHz)
    : wanted_(std::move(wanted)),
      lowestHz_(lowestHz),
      highestHz_(std::min(highestHz, 0.45 * formats::kEqFileRateHz)) {
  for (const double hertz : wanted_.hertz) w_.push_back(warpedOf(hertz, formats::kEqFileRateHz));
}

void FilterSearch::add(EqFilter filter) {
  filter.frequencyHz = std::clamp(filter.frequencyHz, lowestHz_, highestHz_);
  filters_.push_back(filter);
}

void FilterSearch::remove(std::size_t index) {
  filters_.erase(filters_.begin() + static_cast<std::ptrdiff_t>(index));
}

EqFilter FilterSearch::filterAt(const Eigen::VectorXd& at, std::size_t index) const {
  const EqFilterType type = filters_[index].type;
  const auto i = static_cast<Eigen::Index>(1 + 3 * index);
  const QRange range = qRange(type);
  return {type, std::exp(held(at[i], std::log(lowestHz_), std::log(highestHz_)).value),
          held(at[i + 1], -kMostGainDb, kMostGainDb).value,
          std::exp(held(at[i + 2], range.lowest, range.highest).value)};
}

void FilterSearch::fill(const Eigen::VectorXd& at, Eigen::VectorXd& residuals,
                        Eigen::MatrixXd& slopes) const {
  const std::size_t points = w_.size();
  for (std::size_t k = 0; k < points; ++k) {
    residuals[static_cast<Eigen::Index>(k)] = at[0] - wanted_.gainDb[k];
    slopes(static_cast<Eigen::Index>(k), 0) = 1.0;
  }
  slopes.bottomRows(static_cast<Eigen::Index>(filters_.size())).setZero();
  for (std::size_t f = 0; f < filters_.size(); ++f) {
    const EqFilter filter = filterAt(at, f);
    const auto i = static_cast<Eigen::Index>(1 + 3 * f);
    const QRange range = qRange(filter.type);
    const double turn = std::numbers::pi * filter.frequencyHz / formats::kEqFileRateHz;
    const double logWByLogHz = 2.0 * turn / std::sin(2.0 * turn);
    const double byFrequency = logWByLogHz * held(at[i], std::log(lowestHz_), std::log(highestHz_)).slope;
    const double byGain = held(at[i + 1], -kMostGainDb, kMostGainDb).slope * std::log(10.0) / 40.0;
    const double byQ = held(at[i + 2], range.lowest, range.highest).slope;
    const double center = std::tan(turn), a = std::pow(10.0, filter.gainDb / 40.0);
    for (std::size_t k = 0; k < points; ++k) {
      const auto row = static_cast<Eigen::Index>(k);
      const Gain gain = gainAt(filter.type, w_[k], center, a, filter.q);
      residuals[row] += gain.db;
      slopes(row, i) = gain.byW * byFrequency;
      slopes(row, i + 1) = gain.byA * byGain;
      slopes(row, i + 2) = gain.byQ * byQ;
    }
    for (Eigen::Index column = i; column < i + 3; ++column) average(slopes.col(column).data());
    const auto row = static_cast<Eigen::Index>(points + f);
    residuals[row] = kGainWeight * filter.gainDb;
    slopes(row, i + 1) = kGainWeight * held(at[i + 1], -kMostGainDb, kMostGainDb).slope;
  }
  average(slopes.col(0).data());
  average(residuals.data());
}

void FilterSearch::average(double* column) const {
  const std::size_t points = w_.size();
  sums_.resize(points + 1);
  sums_[0] = 0.0;
  for (std::size_t k = 0; k < points; ++k) sums_[k + 1] = sums_[k] + column[k];
  for (std::size_t k = 0; k < points; ++k) {
    const auto reach = static_cast<std::size_t>(wanted_.reach[k]);
    const std::size_t from = k - std::min(reach, k), to = std::min(k + reach + 1, points);
    column[k] = wanted_.weight[k] * (sums_[to] - sums_[from]) / static_cast<double>(to - from);
  }
}

double FilterSearch::improve(int steps) {
  Eigen::VectorXd at(static_cast<Eigen::Index>(1 + 3 * filters_.size()));
  at[0] = levelDb_;
  for (std::size_t f = 0; f < filters_.size(); ++f) {
    const auto i = static_cast<Eigen::Index>(1 + 3 * f);
    const QRange range = qRange(filters_[f].type);
    at[i] = freeOf(std::log(filters_[f].frequencyHz), std::log(lowestHz_), std::log(highestHz_));
    at[i + 1] = freeOf(filters_[f].gainDb, -kMostGainDb, kMostGainDb);
    at[i + 2] = freeOf(std::log(filters_[f].q), range.lowest, range.highest);
  }
  left_ = leastSquares(at, static_cast<Eigen::Index>(w_.size() + filters_.size()),
                       [this](const auto& p, auto& residuals, auto& slopes) { fill(p, residuals, slopes); },
                       {.steps = steps, .enough = 1e-4, .longest = 1.0});
  std::vector<EqFilter> moved;
  for (std::size_t f = 0; f < filters_.size(); ++f) moved.push_back(filterAt(at, f));
  filters_ = std::move(moved);
  levelDb_ = at[0];
  return left_;
}

std::vector<double> FilterSearch::missing() const {
  std::vector<double> missing = wanted_.gainDb;
  for (double& value : missing) value -= levelDb_;
  for (const EqFilter& filter : filters_) {
    const EqSection section = cookbookSection(filter, formats::kEqFileRateHz);
    for (std::size_t k = 0; k < missing.size(); ++k)
      missing[k] -= kDbPerLog * std::log(section.squaredGain(w_[k]));
  }
  average(missing.data());
  for (std::size_t k = 0; k < missing.size(); ++k) missing[k] /= wanted_.weight[k];
  return missing;
}

}  // namespace gainstage::headphones
