#include "analog/amplifier/power_stage.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

enum State { primary, magnetising, leakage, coil, compliance, mass };

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

PowerStage::PowerStage(const PowerSection& section, double stepsPerSecond)
    : section_(section), seconds_(1.0 / stepsPerSecond) {
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
  const Eigen::Matrix<std::complex<double>, 6, 1> over = (own.eigenvalues() * seconds_).array().exp();
  const Eigen::Matrix<double, 6, 6> e =
      (own.eigenvectors() * over.asDiagonal() * own.eigenvectors().inverse()).real();
  const Eigen::Matrix<double, 6, 1> g =
      load.a.partialPivLu().solve((e - Eigen::Matrix<double, 6, 6>::Identity()) * load.b);
  for (int r = 0; r < kStates; ++r) {
    for (int c = 0; c < kStates; ++c) e_[static_cast<std::size_t>(c)][static_cast<std::size_t>(r)] = e(r, c);
    g_[static_cast<std::size_t>(r)] = g(r);
  }
  Eigen::Matrix<double, 1, 6> speaker = Eigen::Matrix<double, 1, 6>::Zero();
  speaker(leakage) = section.coilOhms + section.coilLossOhms;
  speaker(coil) = -section.coilLossOhms;
  speaker(mass) = 1.0;
  for (int n = 0; n < kAhead; ++n) {
    aheadGain_ += (speaker * g)(0);
    speaker *= e;
  }
  for (int c = 0; c < kStates; ++c) aheadRow_[static_cast<std::size_t>(c)] = speaker(c);
  perOhm_ = {1.0 / section.supplyOhms, 1.0 / section.screenOhms, 0.0};
  perFarad_ = {seconds_ / section.supplyFarads, seconds_ / section.screenFarads, 0.0};
  if (section.cathodeOhms > 0.0) {
    perOhm_.cathode = 1.0 / section.cathodeOhms;
    perFarad_.cathode = seconds_ / section.cathodeFarads;
  }
  findRest();
  reset();
}

void PowerStage::findRest() {
  screenScale_ = std::pow(section_.screenVolts, section_.tube.ex);
  const auto amperes = [&](double cathode) {
    return section_.tubes * screenScale_ *
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
  perScreenVolt_ = 1.0 / section_.screenVolts;
  restAmperes_ = amperes(restCathode_);
  openVolts_ = section_.plateVolts + section_.supplyOhms * (restAmperes_ + section_.otherAmperes);
  openScreen_ = section_.screenVolts - section_.plateVolts;
}

void PowerStage::reset() noexcept {
  x_.fill(0.0);
  ahead_ = 0.0;
  plate_ = section_.plateVolts;
  screen_ = section_.screenVolts;
  cathode_ = restCathode_;
  drift_ = 0.0;
  const double ratio = (section_.gridVolts - cathode_) / screen_;
  for (auto& side : former_) side = {ratio, curves_.at(drive_, ratio).integral};
}

double PowerStage::currentOf(double grid, std::array<double, 2>& former) noexcept {
  const double ratio = (grid - cathode_) * perScreen_;
  const Curves::At at = curves_.at(drive_, ratio);
  const double way = ratio - former[0];
  constexpr double kShort = 1e-7;
  const double mean = std::abs(way) < kShort ? at.value : (at.integral - former[1]) / way;
  former = {ratio, at.integral};
  return mean;
}

PowerStage::Mean PowerStage::kneeMean(double begin, double beginIntegral, double end) const noexcept {
  const Curves::At at = curves_.at(knee_, end);
  const double way = end - begin;
  constexpr double kShort = 1e-3;  // volts: the knee is straight over so little
  if (std::abs(way) < kShort) return {at.value, 0.5 * at.slope};
  const double mean = (at.integral - beginIntegral) / way;
  return {mean, (at.value - mean) / way};
}

double PowerStage::step(double firstGrid, double secondGrid) noexcept {
  // (screen / rest)^ex, near 1.
  const double sag = screen_ * perScreenVolt_ - 1.0;
  perScreen_ = 1.0 / screen_;
  const double ex = section_.tube.ex;
  const double scale = 0.5 * section_.tubes * screenScale_ * (1.0 + sag * (ex + sag * 0.5 * ex * (ex - 1.0)));
  const double first = scale * currentOf(firstGrid, former_[0]),
               second = scale * currentOf(secondGrid, former_[1]);

  std::array<double, kStates> next{};
  for (std::size_t c = 0; c < kStates; ++c)
    for (std::size_t r = 0; r < kStates; ++r) next[r] += e_[c][r] * x_[c];
  // The plates' volts follow from the current and the current from the plates': Newton. Half the turns carry
  // each side's current, and its knee counts by its mean over the way that its plate goes.
  const double half = 0.5 * section_.turns;
  const double supply = plate_ - cathode_;
  const std::array<double, 2> begin{supply - half * x_[primary], supply + half * x_[primary]};
  const std::array<double, 2> beginIntegral{curves_.at(knee_, begin[0]).integral,
                                            curves_.at(knee_, begin[1]).integral};
  double volts = x_[primary] + drift_;
  double current = 0.0, drawn = 0.0;
  for (int n = 0; n < 6; ++n) {
    const Mean a = kneeMean(begin[0], beginIntegral[0], supply - half * volts);
    const Mean b = kneeMean(begin[1], beginIntegral[1], supply + half * volts);
    const double slope = -half * half * (first * a.slope + second * b.slope);
    current = half * (first * a.value - second * b.value);
    drawn = first * a.value + second * b.value;
    const double step = (volts - next[primary] - g_[primary] * current) / (1.0 - g_[primary] * slope);
    volts -= step;
    current -= slope * step;
    if (std::abs(step) < 3e-3) break;
  }
  drift_ = volts - x_[primary];
  for (std::size_t r = 0; r < kStates; ++r) x_[r] = next[r] + g_[r] * current;

  // Supplies: slow, so that a step of theirs may be taken as it comes. Screens draw in proportion.
  plate_ += perFarad_.plate * ((openVolts_ - plate_) * perOhm_.plate - drawn - section_.otherAmperes);
  constexpr double kScreenShare = 0.08;  // of what the plates draw beyond rest
  screen_ += perFarad_.screen *
             ((plate_ + openScreen_ - screen_) * perOhm_.screen - kScreenShare * (drawn - restAmperes_));
  cathode_ += perFarad_.cathode * (drawn - cathode_ * perOhm_.cathode);

  ahead_ = -aheadGain_ * current;
  for (std::size_t c = 0; c < kStates; ++c) ahead_ -= aheadRow_[c] * x_[c];
  // The secondary is wired so that what is fed back to the inverter's other side is negative.
  return -(section_.coilOhms * x_[leakage] + section_.coilLossOhms * (x_[leakage] - x_[coil]) + x_[mass]);
}

}  // namespace gainstage::analog
