#include "headphones/fit.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/response_text.h"
#include "headphones/cookbook.h"
#include "headphones/filter_search.h"
#include "headphones/preset.h"
#include "headphones/response_curve.h"
#include "support/shared_data.h"

namespace gainstage::headphones {
namespace {

using formats::EqFilter;
using formats::EqFilterType;
using formats::EqPoint;

const std::vector<EqPoint> kFlat{{20.0, 0.0}, {20000.0, 0.0}};

/// A headphone's response: the sum of `humps` as the cookbook has them, by the points of 1/24 octave.
struct Hump {
  std::string type;
  double hertz, gainDb, q;
};
std::vector<EqPoint> responseOf(const std::vector<Hump>& humps, double levelDb = 0.0) {
  std::vector<EqPoint> points;
  for (double hertz = 20.0; hertz < 20000.0; hertz *= std::exp2(1.0 / 24.0)) {
    double sum = levelDb;
    for (const Hump& hump : humps)
      sum += cookbook(hump.type, hump.hertz, hump.gainDb, hump.q, 44100.0).decibelsAt(hertz, 44100.0);
    points.push_back({hertz, sum});
  }
  return points;
}

/// RMS in dB about the mean, 40 Hz to 10 kHz, of response plus correction less target, each point the mean of
/// what lies within a twelfth of an octave: worked out here, by the cookbook's formulae.
double residualOf(const std::vector<EqPoint>& response, const formats::EqFile& eq) {
  std::vector<double> left;
  for (const EqPoint& point : response) {
    double sum = point.gainDb;
    for (const EqFilter& filter : eq.filters)
      sum += cookbook(std::string(formats::kEqFilterWords[static_cast<std::size_t>(filter.type)]),
                      filter.frequencyHz, filter.gainDb, filter.q, 44100.0)
                 .decibelsAt(point.frequencyHz, 44100.0);
    left.push_back(sum);
  }
  std::vector<double> smooth;
  for (const EqPoint& here : response) {
    if (here.frequencyHz < 40.0 || here.frequencyHz > 10000.0) continue;
    double sum = 0.0, count = 0.0;
    for (std::size_t i = 0; i < response.size(); ++i)
      if (std::abs(std::log2(response[i].frequencyHz / here.frequencyHz)) <= 1.0 / 12.0)
        sum += left[i], ++count;
    smooth.push_back(sum / count);
  }
  double mean = 0.0, squares = 0.0;
  for (const double value : smooth) mean += value / static_cast<double>(smooth.size());
  for (const double value : smooth) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(smooth.size()));
}

/// As a headphone may be: a bass hump, a dip and two resonances, and no treble.
const std::vector<Hump> kHeadphone{{"LSC", 90.0, 5.0, 0.7},   {"PK", 220.0, -3.0, 1.2},
                                   {"PK", 1900.0, -4.0, 1.8}, {"PK", 3300.0, 5.5, 3.0},
                                   {"PK", 5600.0, -6.0, 4.0}, {"PK", 8400.0, 7.0, 3.5}};

TEST(Fit, TakesOutWhatFiltersCanTakeOut) {
  const auto response = responseOf(kHeadphone, -31.0);
  const Fit fit = fitCorrection(response, kFlat);
  EXPECT_EQ(fit.eq.filters.size(), 10u);
  EXPECT_GT(fit.beforeDb, 2.0);
  EXPECT_LT(fit.residualDb, 0.1);
  EXPECT_NEAR(fit.residualDb, residualOf(response, fit.eq), 0.02)
      << "as the file's text would be worked out by others";
  EXPECT_LT(fit.worstDb, 0.4);
  EXPECT_TRUE(std::ranges::is_sorted(fit.eq.filters, {}, &EqFilter::frequencyHz));
}

TEST(Fit, AimsAtTheTarget) {
  const std::vector<Hump> humps{{"LSC", 105.0, 6.0, 0.7}, {"PK", 3000.0, 9.0, 1.2}};
  const Fit fit = fitCorrection(kFlat, responseOf(humps), {.mostBoostDb = 15.0});
  EXPECT_LT(fit.residualDb, 0.05);
  const std::array hertz{50.0, 500.0, 3000.0, 8000.0};
  const auto gains = gainsDb(*makePreset(fit.eq, ""), hertz);
  const auto wanted = [&](double frequency) {
    return cookbook("LSC", 105.0, 6.0, 0.7, 44100.0).decibelsAt(frequency, 44100.0) +
           cookbook("PK", 3000.0, 9.0, 1.2, 44100.0).decibelsAt(frequency, 44100.0);
  };
  for (std::size_t i = 1; i < hertz.size(); ++i)
    EXPECT_NEAR(gains[i] - gains[0], wanted(hertz[i]) - wanted(hertz[0]), 0.2) << hertz[i];
}

TEST(Fit, BoostsNoMoreThanAskedForAndCannotClipATone) {
  const auto response = responseOf({{"PK", 1000.0, -20.0, 2.0}, {"LSC", 60.0, -12.0, 0.7}});
  for (const double most : {3.0, 9.0, 15.0}) {
    const Fit fit = fitCorrection(response, kFlat, {.mostBoostDb = most});
    const Preset preset = *makePreset(fit.eq, "");
    EXPECT_FALSE(preset.preampComputed);
    EXPECT_LE(peakGainDb(preset), 0.0);
    EXPECT_GT(peakGainDb(preset), -0.5) << "no louder than needed, but no quieter";
    const auto gains = gainsDb(preset, logFrequencies(100.0, 10000.0, 500));
    double mean = 0.0;
    for (const double gain : gains) mean += gain / 500.0;
    EXPECT_LT(std::ranges::max(gains) - mean, most + 1.5) << most;
  }
}

TEST(Fit, UsesAsManyFiltersAsAskedFor) {
  const auto response = responseOf(kHeadphone);
  double before = 1e9;
  for (const int filters : {1, 3, 5, 10}) {
    const Fit fit = fitCorrection(response, kFlat, {.filters = filters});
    EXPECT_EQ(fit.eq.filters.size(), static_cast<std::size_t>(filters));
    EXPECT_LT(fit.residualDb, before);
    before = fit.residualDb;
  }
}

TEST(Fit, LeavesAFlatResponseAlone) {
  const Fit fit = fitCorrection(kFlat, kFlat);
  EXPECT_LT(fit.residualDb, 0.01);
  for (const EqFilter& filter : fit.eq.filters) EXPECT_LT(std::abs(filter.gainDb), 0.05);
}

TEST(Fit, BringsEverySharedMeasurementWithinSixTenthsOfADecibelOfFlat) {
  const auto files = testing::sharedFiles("headphones/measurements", ".txt");
  std::vector<double> residuals;
  for (const auto& file : files) {
    if (file.filename() == "README.md") continue;
    const auto response = formats::readResponseFile(file);
    ASSERT_TRUE(response) << response.error().message;
    const Fit fit = fitCorrection(*response, kFlat);
    EXPECT_EQ(fit.eq.filters.size(), 10u);
    // Read back as the file that is written.
    const auto eq = formats::parseEqFile(formats::toText(fit.eq), "written");
    ASSERT_TRUE(eq) << eq.error().message;
    EXPECT_LE(peakGainDb(*makePreset(*eq, "")), 0.0);
    residuals.push_back(residualOf(*response, *eq));
    EXPECT_NEAR(residuals.back(), fit.residualDb, 0.06) << file;
    RecordProperty(file.stem().string(), fmt::format("{:.3f}", residuals.back()));
  }
  if (residuals.empty()) GTEST_SKIP() << "headphones/measurements of the shared data is absent";
  EXPECT_EQ(residuals.size(), 12u);
  EXPECT_EQ(std::ranges::count_if(residuals, [](double residual) { return residual < 0.6; }), 12);
}

TEST(ResponseCurve, SmoothsByTheMeanOfASixthOfAnOctave) {
  std::vector<double> curve(kCurvePoints, 0.0);
  curve[200] = 9.0;
  const auto smooth = smoothed(curve, 1.0 / 6.0);
  EXPECT_DOUBLE_EQ(smooth[200], 1.0);
  EXPECT_DOUBLE_EQ(smooth[196], 1.0);
  EXPECT_DOUBLE_EQ(smooth[195], 0.0);
  EXPECT_NEAR(curveHz(48), 40.0, 1e-9);
  EXPECT_NEAR(rmsDb(std::vector<double>(kCurvePoints, 3.0), 40.0, 1e4), 0.0, 1e-6);
}

}  // namespace
}  // namespace gainstage::headphones
