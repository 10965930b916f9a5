#include "analog/gear/noise.h"

#include <cmath>

#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

constexpr int kSteps = 400;  // even

double weight(NoiseBand band, double hz) noexcept {
  return band == NoiseBand::aWeighted ? ratioOf(aWeightingDb(hz)) : 1.0;
}

/// Integral over frequency, in steps of its logarithm.
template <typename Function>
double integrate(Function&& function) {
  const double step = std::log(kNoiseToHz / kNoiseFromHz) / kSteps;
  double sum = 0.0;
  for (int n = 0; n <= kSteps; ++n) {
    const double hz = kNoiseFromHz * std::exp(step * n);
    const double share = n == 0 || n == kSteps ? 1.0 : (n % 2 == 1 ? 4.0 : 2.0);
    sum += share * function(hz) * hz;
  }
  return sum * step / 3.0;
}

}  // namespace

double aWeightingDb(double hz) noexcept {
  // The poles as the annex computes them (equations E.3 to E.5), to more places than its table.
  constexpr double kPoles[] = {20.598997, 107.65265, 737.86223, 12194.217};
  constexpr double kAtOneKilohertzDb = -1.9996555;
  const double f2 = hz * hz;
  const auto square = [](double pole) { return pole * pole; };
  const double ratio =
      square(kPoles[3]) * f2 * f2 /
      ((f2 + square(kPoles[0])) * std::sqrt((f2 + square(kPoles[1])) * (f2 + square(kPoles[2]))) *
       (f2 + square(kPoles[3])));
  return decibelsOf(ratio) - kAtOneKilohertzDb;
}

double noiseBandwidthHz(NoiseBand band) noexcept {
  static const double weighted =
      integrate([](double hz) { return std::pow(weight(NoiseBand::aWeighted, hz), 2); });
  return band == NoiseBand::aWeighted ? weighted : kNoiseToHz - kNoiseFromHz;
}

double convertNoiseDb(double levelDb, NoiseBand from, NoiseBand to) noexcept {
  return levelDb + 10.0 * std::log10(noiseBandwidthHz(to) / noiseBandwidthHz(from));
}

double thermalNoiseDensity(double ohm, double kelvin) noexcept {
  return std::sqrt(4.0 * kBoltzmann * kelvin * ohm);
}

double thermalNoiseVolts(double ohm, double bandwidthHz, double kelvin) noexcept {
  return thermalNoiseDensity(ohm, kelvin) * std::sqrt(bandwidthHz);
}

double thermalNoiseDbu(double ohm, NoiseBand band) noexcept {
  return dbuFromVolts(thermalNoiseVolts(ohm, noiseBandwidthHz(band)));
}

double integratedNoiseVolts(const std::function<double(double hz)>& density, NoiseBand band) {
  return std::sqrt(integrate([&](double hz) { return std::pow(density(hz) * weight(band, hz), 2); }));
}

}  // namespace gainstage::analog
