#include "headphones/a_weighting.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "support/audio.h"

namespace gainstage::headphones {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

/// IEC 61672-1:2013, table 3: weighting A in dB at nominal frequencies, and the acceptance limits of class 1.
struct Row {
  double nominalHz, weightingDb, aboveDb, belowDb;
};
constexpr Row kTable[] = {
    {10, -70.4, 3.0, kNone},   {12.5, -63.4, 2.5, kNone}, {16, -56.7, 2.0, -4.0},   {20, -50.5, 2.0, -2.0},
    {25, -44.7, 2.0, -1.5},    {31.5, -39.4, 1.5, -1.5},  {40, -34.6, 1.0, -1.0},   {50, -30.2, 1.0, -1.0},
    {63, -26.2, 1.0, -1.0},    {80, -22.5, 1.0, -1.0},    {100, -19.1, 1.0, -1.0},  {125, -16.1, 1.0, -1.0},
    {160, -13.4, 1.0, -1.0},   {200, -10.9, 1.0, -1.0},   {250, -8.6, 1.0, -1.0},   {315, -6.6, 1.0, -1.0},
    {400, -4.8, 1.0, -1.0},    {500, -3.2, 1.0, -1.0},    {630, -1.9, 1.0, -1.0},   {800, -0.8, 1.0, -1.0},
    {1000, 0.0, 0.7, -0.7},    {1250, 0.6, 1.0, -1.0},    {1600, 1.0, 1.0, -1.0},   {2000, 1.2, 1.0, -1.0},
    {2500, 1.3, 1.0, -1.0},    {3150, 1.2, 1.0, -1.0},    {4000, 1.0, 1.0, -1.0},   {5000, 0.5, 1.5, -1.5},
    {6300, -0.1, 1.5, -2.0},   {8000, -1.1, 1.5, -2.5},   {10000, -2.5, 2.0, -3.0}, {12500, -4.3, 2.0, -5.0},
    {16000, -6.6, 2.5, -16.0}, {20000, -9.3, 3.0, kNone},
};

/// The table's weightings hold for the exact frequencies, 10^(n/10) Hz.
double exactHz(double nominalHz) { return std::pow(10.0, std::round(10.0 * std::log10(nominalHz)) / 10.0); }

double measuredDb(double hz, double sampleRate) {
  AWeighting weighting(sampleRate);
  testing::Mono out = testing::sine(hz, sampleRate, static_cast<FrameCount>(2.5 * sampleRate));
  for (float& sample : out) sample = static_cast<float>(weighting.next(sample));
  return testing::decibels(testing::amplitudeAt(
      std::span(out).subspan(static_cast<std::size_t>(0.5 * sampleRate)), hz, sampleRate));
}

TEST(AWeighting, HasTheStandardsWeightings) {
  for (const Row& row : kTable)  // printed to 0.1 dB
    EXPECT_NEAR(aWeightingDb(exactHz(row.nominalHz)), row.weightingDb, 0.051) << row.nominalHz << " Hz";
}

TEST(AWeighting, StaysWithinTheLimitsOfClassOneAtEveryRate) {
  for (const double rate : {44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0})
    for (const Row& row : kTable) {
      const double error = measuredDb(exactHz(row.nominalHz), rate) - row.weightingDb;
      EXPECT_LT(error, row.aboveDb) << row.nominalHz << " Hz at " << rate;
      EXPECT_GT(error, row.belowDb) << row.nominalHz << " Hz at " << rate;
    }
}

TEST(AWeighting, IsWithinAQuarterOfADecibelOfTheDefinition) {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0})
    for (double hz = 31.5; hz <= 16000.0; hz *= std::exp2(1.0 / 6.0))
      EXPECT_NEAR(measuredDb(hz, rate), aWeightingDb(hz), rate < 50e3 ? 0.25 : 0.05)
          << hz << " Hz at " << rate;
}

}  // namespace
}  // namespace gainstage::headphones
