#include "analog/gear/converter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {

double dbfsFromDbu(const Converter& converter, double levelDbu) noexcept {
  return levelDbu - converter.fullScaleDbu;
}

double dbuFromDbfs(const Converter& converter, double levelDbfs) noexcept {
  return levelDbfs + converter.fullScaleDbu;
}

double quantizationNoiseDbfs(int bits, bool dithered) noexcept {
  // A step of LSB has LSB^2 / 12 of noise; the largest sine is 2^(bits - 1) LSB at its peak.
  const double noise = (dithered ? 3.0 : 1.0) / 12.0;
  return 10.0 * std::log10(noise) - (decibelsOf(std::ldexp(1.0, bits - 1)) - kSineCrestDb);
}

double converterNoiseDbfs(const Converter& converter, NoiseBand band, double sampleRate) noexcept {
  const double analogue = converter.dynamicRangeDba
                              ? convertNoiseDb(-*converter.dynamicRangeDba, NoiseBand::aWeighted, band)
                              : -std::numeric_limits<double>::infinity();
  const double share = std::min(noiseBandwidthHz(band) / (sampleRate / 2.0), 1.0);
  return powerSumDb(
      {analogue, quantizationNoiseDbfs(converter.bits, converter.dithered) + 10.0 * std::log10(share)});
}

double jitterSnrDb(double hz, double jitterSeconds) noexcept {
  return -decibelsOf(2.0 * std::numbers::pi * hz * jitterSeconds);
}

double filterDelayMs(const Converter& converter, double sampleRate) noexcept {
  return 1e3 * converter.filterDelayFrames / sampleRate;
}

double driftFrames(double driftPpm, double seconds, double sampleRate) noexcept {
  return sampleRate * seconds * driftPpm * 1e-6;
}

}  // namespace gainstage::analog
