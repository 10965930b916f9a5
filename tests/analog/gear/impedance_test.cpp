#include "analog/gear/impedance.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <numbers>
#include <sstream>
#include <string>

#include "analog/gear/headphone_drive.h"
#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

constexpr MovingCoil kResonant{.coilOhm = 250.0,
                               .resonanceHz = 80.0,
                               .resonanceOhm = 300.0,
                               .q = 0.6,
                               .inductanceH = 1e-3,
                               .eddyOhm = 60.0};

std::vector<ImpedancePoint> sampled(const MovingCoil& coil, int points = 301) {
  std::vector<ImpedancePoint> out;
  for (int n = 0; n < points; ++n) {
    const double hz = 10.0 * std::pow(4000.0, n / (points - 1.0));
    out.push_back({hz, std::abs(coil.at(hz))});
  }
  return out;
}

double degrees(std::complex<double> z) { return std::arg(z) * 180.0 / std::numbers::pi; }

/// A Beyerdynamic DT 1990 as someone measured it, from outside the repository; nothing where it is absent.
std::vector<ImpedancePoint> dt1990() {
  const char* named = std::getenv("GAINSTAGE_DATA");
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  const std::string folder =
      named != nullptr ? named : std::string(source == nullptr ? "." : source) + "/../shared/data";
  std::ifstream file(folder + "/headphones/dt1990-impedance.csv");
  std::vector<ImpedancePoint> points;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto comma = line.find(',');
    if (comma != std::string::npos) points.push_back({std::stod(line), std::stod(line.substr(comma + 1))});
  }
  return points;
}

TEST(MovingCoil, IsItsPartsAtItsResonanceAndFarFromIt) {
  EXPECT_NEAR(std::abs(kResonant.at(80.0)), 550.0, 0.5);
  EXPECT_NEAR(kResonant.at(0.01).real(), 250.0, 0.1);
  // At 20 kHz the inductance's 126 ohm lie beside 60 ohm of eddy currents.
  const std::complex<double> coil(0.0, 2.0 * std::numbers::pi * 20e3 * 1e-3);
  EXPECT_NEAR(std::abs(kResonant.at(20e3) - 250.0 - coil * 60.0 / (coil + 60.0)), 0.0, 3.0);
}

TEST(ImpedanceCurve, FindsThePhaseThatBelongsToAMagnitude) {
  const ImpedanceCurve curve(sampled(kResonant));
  for (double hz = 30.0; hz < 15e3; hz *= 1.3) {
    EXPECT_NEAR(std::abs(curve.at(hz)) / std::abs(kResonant.at(hz)), 1.0, 0.002) << hz;
    EXPECT_NEAR(degrees(curve.at(hz)), degrees(kResonant.at(hz)), 1.5) << hz;
  }
}

TEST(ImpedanceCurve, HoldsItsEnds) {
  const ImpedanceCurve curve({{100.0, 40.0}, {1000.0, 30.0}, {10000.0, 35.0}});
  EXPECT_NEAR(std::abs(curve.at(10.0)), 40.0, 1e-9);
  EXPECT_NEAR(std::abs(curve.at(20e3)), 35.0, 1e-9);
  EXPECT_NEAR(std::abs(curve.at(std::sqrt(1e5))), std::sqrt(40.0 * 30.0), 1e-9);
}

TEST(ImpedanceCurve, RefusesPointsThatAreNotACurve) {
  using Points = std::vector<ImpedancePoint>;
  EXPECT_TRUE(ImpedanceCurve::accepts(Points{{100.0, 40.0}, {1000.0, 30.0}}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{{100.0, 40.0}}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{{1000.0, 40.0}, {100.0, 30.0}}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{{100.0, 40.0}, {100.0, 30.0}}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{{100.0, -40.0}, {1000.0, 30.0}}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{{100.0, 40.0}, {1000.0, NAN}}));
  EXPECT_FALSE(ImpedanceCurve::accepts(Points{{0.0, 40.0}, {1000.0, 30.0}}));
}

TEST(MovingCoilFit, FollowsAPlanarHeadphonesStraightLine) {
  std::vector<ImpedancePoint> flat;
  for (double hz = 20.0; hz < 20e3; hz *= 1.1) flat.push_back({hz, 35.0});
  EXPECT_LT(fitMovingCoil(flat).worstErrorDb, 0.02);
}

TEST(Impedance, TakesTheBestThatIsKnown) {
  Impedance impedance{.nominalOhm = 250.0};
  EXPECT_FALSE(impedance.isKnownOverFrequency());
  EXPECT_NEAR(impedance.magnitudeAt(80.0), 250.0, 1e-12);
  impedance.model = kResonant;
  EXPECT_NEAR(impedance.magnitudeAt(80.0), 550.0, 0.5);
  impedance.curve = ImpedanceCurve({{20.0, 100.0}, {20e3, 100.0}});
  EXPECT_NEAR(impedance.magnitudeAt(80.0), 100.0, 1e-9);
  const ImpedanceRange range = impedanceRange({.nominalOhm = 1.0, .model = kResonant, .curve = {}});
  EXPECT_NEAR(range.largestOhm, 550.0, 0.5);
  EXPECT_GT(range.leastOhm, 250.0);
  EXPECT_LT(range.leastOhm, 265.0);
}

TEST(MovingCoilFit, FindsTheCoilThatMadeThePoints) {
  for (const MovingCoil& made : {kResonant, MovingCoil{32.0, 45.0, 40.0, 1.8, 0.3e-3, 20.0},
                                 MovingCoil{6.2, 62.0, 30.0, 4.0, 0.5e-3, 8.0}}) {
    const auto fit = fitMovingCoil(sampled(made));
    EXPECT_LT(fit.worstErrorDb, 0.01);
    EXPECT_NEAR(fit.coil.coilOhm / made.coilOhm, 1.0, 0.01);
    EXPECT_NEAR(fit.coil.resonanceHz / made.resonanceHz, 1.0, 0.01);
    EXPECT_NEAR(fit.coil.resonanceOhm / made.resonanceOhm, 1.0, 0.01);
    EXPECT_NEAR(fit.coil.q / made.q, 1.0, 0.02);
  }
}

TEST(Dt1990, ChangesItsResponseWithAnOutputsImpedanceAsItsCurveSays) {
  const auto points = dt1990();
  if (points.empty()) GTEST_SKIP() << "no headphones/dt1990-impedance.csv in the shared data";
  const Impedance measured{.nominalOhm = 250.0, .model = {}, .curve = ImpedanceCurve(points)};
  for (const double output : {0.0, 10.0, 47.0, 120.0}) {
    SCOPED_TRACE(output);
    const auto change = responseChange(measured, output);
    // As if it were a resistance at each frequency: the curve's own extremes, 550.6 ohm at 62 Hz and 253.8
    // at 2.7 kHz, against 266 at 1 kHz. Phase changes that by little where a peak is broad: it is 0 at the
    // peak itself.
    double peak = 0.0, valley = 1e9, reference = 0.0;
    for (const auto& point : points) {
      if (point.hz < 20.0 || point.hz > 20e3) continue;
      peak = std::max(peak, point.ohm), valley = std::min(valley, point.ohm);
      if (point.hz < 1000.0) reference = point.ohm;
    }
    const auto resistive = [&](double ohm) {
      return decibelsOf(ohm / (ohm + output) * (reference + output) / reference);
    };
    EXPECT_NEAR(change.largestDb, resistive(peak), 0.03);
    EXPECT_NEAR(change.leastDb, resistive(valley), 0.03);
    if (output > 0.0) {
      EXPECT_NEAR(change.largestHz, 62.0, 3.0);
    }
  }
  EXPECT_NEAR(responseChange(measured, 10.0).largestDb, 0.16, 0.01);
  EXPECT_NEAR(responseChange(measured, 47.0).largestDb, 0.68, 0.02);
  EXPECT_NEAR(responseChange(measured, 120.0).largestDb, 1.49, 0.03);
}

TEST(Dt1990, IsFollowedByAMovingCoilWithinHalfADecibel) {
  const auto points = dt1990();
  if (points.empty()) GTEST_SKIP() << "no headphones/dt1990-impedance.csv in the shared data";
  const MovingCoilFit fit = fitMovingCoil(points);
  // What one resonance leaves out: small ones at 2.7 and 7.7 kHz, and a fall below the peak that is not
  // symmetrical.
  EXPECT_LT(fit.rmsErrorDb, 0.14);
  EXPECT_LT(fit.worstErrorDb, 0.52);
  EXPECT_NEAR(fit.coil.coilOhm, 257.0, 5.0);
  EXPECT_NEAR(fit.coil.resonanceHz, 70.0, 5.0);
  // What matters of it: the change of response by 120 ohm, within 0.2 dB of the curve's at every frequency.
  const Impedance measured{.nominalOhm = 250.0, .model = {}, .curve = ImpedanceCurve(points)};
  const Impedance modelled{.nominalOhm = 250.0, .model = fit.coil, .curve = {}};
  double worst = 0.0;
  for (double hz = 20.0; hz < 20e3; hz *= 1.02)
    worst = std::max(worst,
                     std::abs(responseChangeDb(modelled, 120.0, hz) - responseChangeDb(measured, 120.0, hz)));
  EXPECT_LT(worst, 0.2);
}

}  // namespace
}  // namespace gainstage::analog
