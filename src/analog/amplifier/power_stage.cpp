#include "analog/amplifier/power_stage.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

enum Part { primary, magnetising, leakage, coil, compliance, mass };

/// The load's equations, all seen from the secondary: x' = A x + B i.
struct Load {
  Eigen::Matrix<double, 6, 6> a = Eigen::Matrix<double, 6, 6>::Zero();
  Eigen::Matrix<double, 6, 1> b = Eigen::Matrix<double, 6, 1>::Zero();
};

Load loadOf(const PowerSection& s) {
  // The windings' capacitance: 3 dB at 10 kHz, loaded with its nominal ohms (1.3 times the coil's). A good
  // output transformer reaches twice that; a feedback loop with steps of 2.6 us in it would then not be at
  // peace.
  constexpr double kCorner = 2.0 * std::numbers::pi * 10000.0;
  const double square = s.turns * s.turns;
  const double farads = 1.0 / (kCorner * 1.3 * s.coilOhms);
  const double series = s.primaryOhms / square + s.secondaryOhms + s.coilOhms;
  const double rate = 2.0 * std::numbers::pi * s.resonanceHz;
  const double henries = s.resonanceOhms / (rate * s.resonanceQ);
  const double coneFarads = s.resonanceQ / (rate * s.resonanceOhms);
  Load load;
  load.b(primary) = 1.0 / farads;
  load.a(primary, magnetising) = load.a(primary, leakage) = -1.0 / farads;
  load.a(magnetising, primary) = square / s.primaryHenries;
  const double perHenry = square / s.leakageHenries;
  load.a(leakage, primary) = perHenry;
  load.a(leakage, leakage) = -perHenry * (series + s.coilLossOhms);
  load.a(leakage, coil) = perHenry * s.coilLossOhms;
  load.a(leakage, mass) = -perHenry;
  load.a(coil, leakage) = s.coilLossOhms / s.coilHenries;
  load.a(coil, coil) = -s.coilLossOhms / s.coilHenries;
  load.a(compliance, mass) = 1.0 / henries;
  load.a(mass, leakage) = 1.0 / coneFarads;
  load.a(mass, compliance) = -1.0 / coneFarads;
  load.a(mass, mass) = -1.0 / (coneFarads * s.resonanceOhms);
  return load;
}

}  // namespace

PowerStage::PowerStage(const PowerSection& section, double stepsPerSecond) : section_(section) {
  const double seconds = 1.0 / stepsPerSecond;
  const Pentode& tube = section.tube;
  // By the grid's volts over the screen's; the screen's volts to the power ex stand in front of it.
  drive_ = curves_.add(
      [&](double ratio) {
        const double x = tube.kp * (1.0 / tube.mu + ratio);
        const double soft = std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
        const double slope = 1.0 / (1.0 + std::exp(-x)) * tube.kp;
        const double value = 2.0 / tube.kg1 * std::pow(soft / tube.kp, tube.ex);
        return Curves::At{0.0, value, value * tube.ex / soft * slope};
      },
      {-0.6, 0.2, 1600});
  knee_ = curves_.add(
      [&](double volts) {
        // A plate below its cathode gives nothing.
        const double x = volts / tube.kvb;
        return Curves::At{0.0, volts > 0.0 ? std::atan(x) : 0.0,
                          volts > 0.0 ? 1.0 / (1.0 + x * x) / tube.kvb : 0.0};
      },
      {0.0, 1500.0, 1500});

  const Load load = loadOf(section);
  // Its time constants are complex, and all of them different: a step is exact in its own directions.
  const Eigen::EigenSolver<Eigen::Matrix<double, 6, 6>> own(load.a);
  const Eigen::Matrix<std::complex<double>, 6, 1> over = (own.eigenvalues() * seconds).array().exp();
  const Eigen::Matrix<double, 6, 6> e =
      (own.eigenvectors() * over.asDiagonal() * own.eigenvectors().inverse()).real();
  const Eigen::Matrix<double, 6, 1> g =
      load.a.partialPivLu().solve((e - Eigen::Matrix<double, 6, 6>::Identity()) * load.b);
  Eigen::Matrix<double, 1, 6> speaker = Eigen::Matrix<double, 1, 6>::Zero();
  speaker(leakage) = section.coilOhms + section.coilLossOhms;
  speaker(coil) = -section.coilLossOhms;
  speaker(mass) = 1.0;
  const auto put = [](const auto& vector, double* to) {
    for (Eigen::Index k = 0; k < vector.size(); ++k) to[k] = vector(k);
  };
  for (std::size_t c = 0; c < State::kStates; ++c) put(e.col(static_cast<Eigen::Index>(c)), state_.e[c]);
  put(g, state_.g);
  put(speaker, state_.speakerRow);
  for (int n = 0; n < kAhead; ++n) {
    state_.aheadGain += (speaker * g)(0);
    speaker *= e;
  }
  put(speaker, state_.aheadRow);

  state_.halfTurns = 0.5 * section.turns;
  state_.ex = tube.ex;
  state_.otherAmperes = section.otherAmperes;
  state_.perOhm = {1.0 / section.supplyOhms, 1.0 / section.screenOhms, 0.0};
  state_.perFarad = {seconds / section.supplyFarads, seconds / section.screenFarads, 0.0};
  if (section.cathodeOhms > 0.0) {
    state_.perOhm.cathode = 1.0 / section.cathodeOhms;
    state_.perFarad.cathode = seconds / section.cathodeFarads;
  }
  const auto prepare = [&](Sides& sides, int curve, double shortest) {
    const Curves::Place& place = curves_.place(curve);
    sides.rows = curves_.rows() + static_cast<std::size_t>(place.firstRow) * Curves::kRow;
    sides.perVolt = place.perVolt;
    sides.offset = -place.first * place.perVolt;
    sides.step = place.step;
    sides.last = place.lastInterval;
    sides.shortest = shortest;
  };
  prepare(state_.drive, drive_, 1e-7);
  prepare(state_.knee, knee_, 1e-3);  // volts
  findRest();
  reset();
}

void PowerStage::findRest() {
  const double screenScale = std::pow(section_.screenVolts, section_.tube.ex);
  const auto amperes = [&](double cathode) {
    return section_.tubes * screenScale *
           curves_.at(drive_, (section_.gridVolts - cathode) / section_.screenVolts).value *
           curves_.at(knee_, section_.plateVolts - cathode).value;
  };
  if (section_.cathodeOhms > 0.0) {
    double low = 0.0, high = 100.0;
    for (int n = 0; n < 60; ++n) {
      const double middle = 0.5 * (low + high);
      (amperes(middle) * section_.cathodeOhms > middle ? low : high) = middle;
    }
    restCathode_ = low;
  }
  state_.fullScale = 0.5 * section_.tubes * screenScale;
  state_.perScreenVolt = 1.0 / section_.screenVolts;
  state_.restAmperes = amperes(restCathode_);
  state_.openVolts = section_.plateVolts + section_.supplyOhms * (state_.restAmperes + section_.otherAmperes);
  state_.openScreen = section_.screenVolts - section_.plateVolts;
}

void PowerStage::reset() noexcept {
  std::ranges::fill(state_.x, 0.0);
  std::ranges::fill(state_.open, 0.0);
  state_.ahead = state_.drift = 0.0;
  state_.plate = section_.plateVolts;
  state_.screen = section_.screenVolts;
  state_.cathode = restCathode_;
  state_.scale = state_.fullScale;
  state_.perScreen = 1.0 / state_.screen;
  const auto leave = [&](Sides& sides, int curve, double at) {
    const Curves::At where = curves_.at(curve, at);
    std::ranges::fill(sides.at, at);
    std::ranges::fill(sides.integral, where.integral);
    std::ranges::fill(sides.value, where.value);
  };
  leave(state_.drive, drive_, (section_.gridVolts - restCathode_) / state_.screen);
  leave(state_.knee, knee_, state_.plate - state_.cathode);
}

}  // namespace gainstage::analog
