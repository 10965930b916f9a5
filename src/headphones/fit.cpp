#include "headphones/fit.h"

#include <algorithm>
#include <cmath>

#include "headphones/filter_search.h"
#include "headphones/preset.h"
#include "headphones/response_curve.h"

namespace gainstage::headphones {
namespace {

using formats::EqFilter;
using formats::EqFilterType;

constexpr double kSmoothing = 1.0 / 6.0, kSmoothingAbove = 0.5;  // octaves
constexpr double kFromHz = 40.0, kToHz = 10000.0;                // where all counts
constexpr double kWeightBelow = 0.4, kWeightAbove = 0.2;         // outside
constexpr double kMostBoostAboveDb = 6.0;
constexpr double kLevelFromHz = 100.0;  // of the mean that boost is told from
constexpr int kEvery = 2;               // points of the curve: 24 an octave
constexpr int kRoughSteps = 12, kFineSteps = 60, kMoves = 12;

int reachOf(double octaves) {
  return static_cast<int>(std::lround(0.5 * octaves * kPointsPerOctave / kEvery));
}

/// The correction that is wanted; what is left of it counts smoothed, and more broadly where fixtures and
/// seats differ.
WantedCurve wantedOf(std::span<const double> error, const FitOptions& options) {
  double mean = 0.0;
  int count = 0;
  for (int i = 0; i < kCurvePoints; ++i)
    if (curveHz(i) >= kLevelFromHz && curveHz(i) <= kToHz)
      mean -= error[static_cast<std::size_t>(i)], ++count;
  mean /= count;
  WantedCurve wanted;
  for (int i = 0; i < kCurvePoints; i += kEvery) {
    const double hertz = curveHz(i);
    if (hertz < options.lowestHz || hertz > options.highestHz) continue;
    // From one smoothing to the other within half an octave above 10 kHz.
    const double share = std::clamp(2.0 * std::log2(hertz / kToHz), 0.0, 1.0);
    const double gain = -error[static_cast<std::size_t>(i)];
    const double most = share > 0.0 ? std::min(options.mostBoostDb, kMostBoostAboveDb) : options.mostBoostDb;
    wanted.hertz.push_back(hertz);
    wanted.gainDb.push_back(std::min(gain, mean + most));
    wanted.reach.push_back(reachOf(kSmoothing + share * (kSmoothingAbove - kSmoothing)));
    wanted.weight.push_back(hertz < kFromHz ? kWeightBelow : 1.0 + share * (kWeightAbove - 1.0));
  }
  return wanted;
}

/// A peak where the missing curve has its largest hump, by its area, as wide as that is at half its height.
EqFilter peakFor(const WantedCurve& wanted, const std::vector<double>& missing) {
  double largest = -1.0;
  EqFilter found;
  for (std::size_t begin = 0; begin < missing.size();) {
    std::size_t end = begin, top = begin;
    double area = 0.0;
    for (; end < missing.size() && (missing[end] < 0.0) == (missing[begin] < 0.0); ++end) {
      area += wanted.weight[end] * std::abs(missing[end]);
      if (std::abs(missing[end]) > std::abs(missing[top])) top = end;
    }
    // Height counts as well: area alone would chase what is low and broad.
    const double score = area * std::abs(missing[top]) * wanted.weight[top];
    if (score > largest) {
      largest = score;
      std::size_t low = top, high = top;
      while (low > begin && std::abs(missing[low]) > 0.5 * std::abs(missing[top])) --low;
      while (high + 1 < end && std::abs(missing[high]) > 0.5 * std::abs(missing[top])) ++high;
      const double octaves = std::max(std::log2(wanted.hertz[high] / wanted.hertz[low]), 0.2);
      found = {EqFilterType::peak, wanted.hertz[top], missing[top],
               0.5 / std::sinh(0.5 * std::log(2.0) * octaves)};
    }
    begin = end;
  }
  return found;
}

/// From nothing to as many filters as asked for.
FilterSearch grown(const WantedCurve& wanted, const FitOptions& options, bool shelves) {
  FilterSearch search(wanted, options.lowestHz, options.highestHz);
  const int most = std::max(options.filters, 1);
  if (shelves && most >= 3) {
    search.add({EqFilterType::lowShelf, 105.0, 0.0, 0.7});
    search.add({EqFilterType::highShelf, 9000.0, 0.0, 0.7});
    search.improve(kRoughSteps);
  }
  while (static_cast<int>(search.filters().size()) < most) {
    search.add(peakFor(wanted, search.missing()));
    search.improve(kRoughSteps);
  }
  search.improve(kFineSteps);
  return search;
}

/// Takes away the filter that is missed least and puts one where most is left, as long as that helps.
void rearrange(FilterSearch& best, const WantedCurve& wanted) {
  for (int move = 0; move < kMoves; ++move) {
    bool helped = false;
    for (std::size_t f = 0; f < best.filters().size() && !helped; ++f) {
      if (best.filters()[f].type != EqFilterType::peak) continue;
      FilterSearch other = best;
      other.remove(f);
      other.improve(kRoughSteps);
      other.add(peakFor(wanted, other.missing()));
      other.improve(2 * kRoughSteps);
      if (!(other.left() < 0.995 * best.left())) continue;
      other.improve(kFineSteps);
      best = std::move(other);
      helped = true;
    }
    if (!helped) return;
  }
}

double rounded(double value, double perUnit) { return std::round(value * perUnit) / perUnit; }

formats::EqFile fileOf(std::vector<EqFilter> filters) {
  std::ranges::sort(filters, {}, &EqFilter::frequencyHz);
  formats::EqFile eq;
  for (EqFilter& filter : filters) {
    filter.frequencyHz = rounded(filter.frequencyHz, 10.0);
    filter.gainDb = rounded(filter.gainDb, 100.0);
    filter.q = rounded(filter.q, 1000.0);
  }
  eq.filters = std::move(filters);
  eq.preampDb = makePreset(eq, "")->preampDb;
  return eq;
}

}  // namespace

Fit fitCorrection(std::span<const formats::EqPoint> measured, std::span<const formats::EqPoint> target,
                  const FitOptions& options) {
  std::vector<double> error = curveOf(measured);
  const std::vector<double> aim = curveOf(target);
  for (std::size_t i = 0; i < error.size(); ++i) error[i] -= aim[i];
  const WantedCurve wanted = wantedOf(error, options);
  FilterSearch best = grown(wanted, options, true);
  if (FilterSearch other = grown(wanted, options, false); other.left() < best.left()) best = std::move(other);
  rearrange(best, wanted);

  Fit fit{.eq = fileOf(best.filters())};
  fit.beforeDb = rmsDb(smoothed(error, kSmoothing), kFromHz, kToHz);
  std::vector<double> frequencies;
  for (int i = 0; i < kCurvePoints; ++i) frequencies.push_back(curveHz(i));
  const auto gains = gainsDb(*makePreset(fit.eq, ""), frequencies);
  for (std::size_t i = 0; i < error.size(); ++i) error[i] += gains[i];
  const std::vector<double> left = smoothed(error, kSmoothing);
  fit.residualDb = rmsDb(left, kFromHz, kToHz);
  double mean = 0.0;
  int count = 0;
  for (int i = 0; i < kCurvePoints; ++i)
    if (curveHz(i) >= kFromHz && curveHz(i) <= kToHz) mean += left[static_cast<std::size_t>(i)], ++count;
  for (int i = 0; i < kCurvePoints; ++i)
    if (curveHz(i) >= kFromHz && curveHz(i) <= kToHz)
      fit.worstDb = std::max(fit.worstDb, std::abs(left[static_cast<std::size_t>(i)] - mean / count));
  return fit;
}

}  // namespace gainstage::headphones
