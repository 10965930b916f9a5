#include "analog/gear/input.h"

#include <algorithm>
#include <cmath>

#include "analog/gear/levels.h"

namespace gainstage::analog {

double settableGainDb(const AnalogInput& input, double wantedDb) noexcept {
  const double within = std::clamp(wantedDb, input.minGainDb, input.maxGainDb);
  if (input.gainStepDb <= 0.0) return within;
  // A hair of a step more, so that a wish for just a step's gain is not rounded to the one below.
  const double steps = std::floor((within - input.minGainDb) / input.gainStepDb + 1e-9);
  return input.minGainDb + steps * input.gainStepDb;
}

std::optional<double> clipDbu(const AnalogInput& input, double gainDb, bool padOn) noexcept {
  if (!input.clipDbu) return std::nullopt;
  return *input.clipDbu - (gainDb - input.minGainDb) + (padOn ? input.padDb : 0.0);
}

std::optional<double> ownNoiseDensity(const AnalogInput& input) noexcept {
  if (!input.einDbu) return std::nullopt;
  const double measured = voltsFromDbu(*input.einDbu) / std::sqrt(noiseBandwidthHz(input.einBand));
  const double thermal = thermalNoiseDensity(input.einSourceOhm);
  const double current = input.noiseCurrentDensity * input.einSourceOhm;
  return std::sqrt(std::max(measured * measured - thermal * thermal - current * current, 0.0));
}

bool isEinPossible(double einDbu, NoiseBand band, double sourceOhm) noexcept {
  return einDbu > thermalNoiseDbu(sourceOhm, band);
}

std::optional<double> inputNoiseDbu(const AnalogInput& input, double sourceOhm, NoiseBand band,
                                    bool padOn) noexcept {
  const auto own = ownNoiseDensity(input);
  if (!own) return std::nullopt;
  const double thermal = thermalNoiseDensity(sourceOhm);
  double density = std::hypot(*own, input.noiseCurrentDensity * sourceOhm, thermal);
  if (padOn) {
    const double ein = voltsFromDbu(*input.einDbu) / std::sqrt(noiseBandwidthHz(input.einBand));
    density = std::hypot(ein * ratioOf(input.padDb), thermal);
  }
  return dbuFromVolts(density * std::sqrt(noiseBandwidthHz(band)));
}

std::optional<double> noiseFigureDb(const AnalogInput& input, double sourceOhm) noexcept {
  const auto noise = inputNoiseDbu(input, sourceOhm, NoiseBand::flat);
  if (!noise) return std::nullopt;
  return *noise - thermalNoiseDbu(sourceOhm, NoiseBand::flat);
}

}  // namespace gainstage::analog
