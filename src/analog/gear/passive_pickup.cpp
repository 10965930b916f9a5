#include "analog/gear/passive_pickup.h"

#include <cmath>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {

namespace {

using Complex = std::complex<double>;

/// A wiper's last hundredth of an ohm: keeps an end of the track from being a division by 0.
constexpr double kContactOhm = 0.01;

Complex parallel(Complex a, Complex b) noexcept { return a * b / (a + b); }

/// The ladder's parts at one frequency. An absent shunt has an admittance of 0.
struct Ladder {
  Complex series;      ///< the coil: from the string's voltage to the volume pot's top
  Complex shunt;       ///< admittance there: winding, tone control
  Complex upper;       ///< from there to the wiper
  Complex wiperShunt;  ///< admittance there: the pot's lower part, cable, input

  Complex wiperImpedance() const noexcept { return 1.0 / wiperShunt; }
};

Ladder ladder(const GuitarOutput& guitar, double hz) noexcept {
  const Complex s(0.0, 2.0 * std::numbers::pi * hz);
  const auto& [pickup, controls, cable, inputOhm, inputF] = guitar;
  Ladder out;
  const Complex coil = s * pickup.inductanceH;
  out.series = pickup.resistanceOhm + (pickup.eddyOhm > 0.0 ? parallel(coil, pickup.eddyOhm) : coil);
  out.shunt = s * pickup.capacitanceF;
  if (controls.toneOhm > 0.0)
    out.shunt += s * controls.toneF / (1.0 + s * controls.toneF * controls.toneOhm * controls.toneShare);
  out.wiperShunt = s * (cable.metres * cable.faradPerMetre + inputF) + 1.0 / inputOhm;
  if (controls.volumeOhm > 0.0) {
    out.upper = controls.volumeOhm * (1.0 - controls.volumeShare);
    out.wiperShunt += 1.0 / (controls.volumeOhm * controls.volumeShare + kContactOhm);
  }
  return out;
}

}  // namespace

Complex GuitarOutput::response(double hz) const noexcept {
  const Ladder parts = ladder(*this, hz);
  const Complex below = parts.upper + parts.wiperImpedance();  // seen from the volume pot's top
  const Complex top = 1.0 / (1.0 + parts.series * (parts.shunt + 1.0 / below));
  return top * parts.wiperImpedance() / below;
}

double GuitarOutput::responseDb(double hz) const noexcept { return decibelsOf(std::abs(response(hz))); }

Complex GuitarOutput::impedance(double hz) const noexcept {
  const Ladder parts = ladder(*this, hz);
  return parallel(parts.wiperImpedance(), parts.upper + 1.0 / (parts.shunt + 1.0 / parts.series));
}

std::optional<Resonance> resonance(const GuitarOutput& guitar) noexcept {
  const auto height = [&](double hz) { return guitar.responseDb(hz) - guitar.responseDb(100.0); };
  constexpr double kFrom = 200.0, kTo = 20000.0;
  constexpr int kSteps = 400;
  const double step = std::pow(kTo / kFrom, 1.0 / kSteps);
  double best = kFrom;
  for (double hz = kFrom; hz <= kTo; hz *= step)
    if (height(hz) > height(best)) best = hz;
  // Golden-section search of the two steps around it (Kiefer, Proc. AMS 4, 1953).
  constexpr double kGolden = std::numbers::phi - 1.0;
  double low = best / step, high = best * step;
  while (high - low > 0.1) {
    const double a = high - kGolden * (high - low), b = low + kGolden * (high - low);
    (height(a) > height(b) ? high : low) = height(a) > height(b) ? b : a;
  }
  const double hz = 0.5 * (low + high);
  constexpr double kFlatDb = 0.01;
  if (height(hz) < kFlatDb) return std::nullopt;
  return Resonance{hz, height(hz)};
}

double trebleChangeDb(const GuitarOutput& guitar, double hz, double referenceOhm) noexcept {
  GuitarOutput reference = guitar;
  reference.inputOhm = referenceOhm;
  return guitar.responseDb(hz) - guitar.responseDb(100.0) - reference.responseDb(hz) +
         reference.responseDb(100.0);
}

std::optional<double> inputNoiseDbu(const GuitarOutput& guitar, const AnalogInput& input, NoiseBand band) {
  const auto own = ownNoiseDensity(input);
  if (!own) return std::nullopt;
  GuitarOutput loaded = guitar;
  loaded.inputOhm = input.impedanceOhm;
  loaded.inputF = input.capacitanceF;
  return dbuFromVolts(integratedNoiseVolts(
      [&](double hz) {
        const Complex z = loaded.impedance(hz);
        return std::hypot(*own, input.noiseCurrentDensity * std::abs(z), thermalNoiseDensity(z.real()));
      },
      band));
}

}  // namespace gainstage::analog
