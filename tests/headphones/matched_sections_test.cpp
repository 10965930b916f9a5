#include "headphones/matched_sections.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>

#include "headphones/cookbook.h"

namespace gainstage::headphones {
namespace {

using formats::EqFilter;
using formats::EqFilterType;

double decibelsOf(const std::vector<EqSection>& sections, double hertz, double rate) {
  double sum = 0.0;
  for (const EqSection& section : sections)
    sum += 10.0 * std::log10(section.squaredGain(warpedOf(hertz, rate)));
  return sum;
}

/// Any type but all-passes, 20 Hz to 21 kHz, -20 to 20 dB, Q of 0.15 to 9.
std::vector<EqFilter> anyFilters(int count) {
  std::mt19937 random(5);
  const auto between = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() % 10001) / 10000.0;
  };
  std::vector<EqFilter> filters;
  for (int i = 0; i < count; ++i) {
    const auto type = static_cast<EqFilterType>(i % 3 == 0 ? random() % 7 : random() % 3);
    filters.push_back({type, 20.0 * std::pow(1050.0, between(0.0, 1.0)), between(-20.0, 20.0),
                       0.15 * std::pow(60.0, between(0.0, 1.0))});
  }
  return filters;
}

TEST(MatchedSections, HaveTheCurveOfAnyFilterAtAnyRateAndNothingWildAboveIt) {
  for (const EqFilter& filter : anyFilters(60)) {
    const Cookbook wanted =
        cookbook(std::string(formats::kEqFilterWords[static_cast<std::size_t>(filter.type)]),
                 filter.frequencyHz, filter.gainDb, filter.q, 44100.0);
    for (const double rate : {48000.0, 88200.0, 96000.0, 192000.0}) {
      const auto sections = matchedSections(filter, 44100.0, rate);
      double worst = 0.0, highest = 0.0, above = 0.0;
      for (double hertz = 20.0; hertz < 18000.0; hertz *= 1.01) {
        const double gain = wanted.decibelsAt(hertz, 44100.0);
        const double audible = gain < -40.0 ? std::pow(10.0, (gain + 40.0) / 20.0) : 1.0;
        worst = std::max(worst, audible * std::abs(decibelsOf(sections, hertz, rate) - gain));
      }
      for (double hertz = 20.0; hertz < 22000.0; hertz *= 1.002)
        highest = std::max(highest, wanted.decibelsAt(hertz, 44100.0));
      for (double hertz = 18000.0; hertz < 0.499 * rate; hertz += 50.0)
        above = std::max(above, decibelsOf(sections, hertz, rate));
      EXPECT_LT(worst, 0.05) << rate << " Hz: type " << static_cast<int>(filter.type) << ", "
                             << filter.frequencyHz << " Hz, " << filter.gainDb << " dB, Q " << filter.q;
      EXPECT_LT(above, highest + 2.5)
          << rate << " Hz: type " << static_cast<int>(filter.type) << ", " << filter.frequencyHz;
      for (const EqSection& section : sections) {
        EXPECT_GT(section.damping, 0.2 * std::min(1.0, 0.1 / filter.q))
            << "stable, and no pole that rings for long";
        EXPECT_LT(section.damping, 1e6);
      }
    }
  }
}

TEST(MatchedSections, AreTheFilterItselfAtItsOwnRate) {
  for (const EqFilter& filter : anyFilters(10)) {
    const auto sections = matchedSections(filter, 44100.0, 44100.0);
    ASSERT_EQ(sections.size(), 1u);
    EXPECT_EQ(sections[0].coefficients(), cookbookSection(filter, 44100.0).coefficients());
  }
}

TEST(MatchedSections, LeaveFiltersWithoutGainOut) {
  EXPECT_TRUE(matchedSections({EqFilterType::peak, 1000.0, 0.0, 1.0}, 44100.0, 48000.0).empty());
  EXPECT_EQ(matchedSections({EqFilterType::highPass, 1000.0, 0.0, 1.0}, 44100.0, 48000.0).empty(), false);
}

}  // namespace
}  // namespace gainstage::headphones
