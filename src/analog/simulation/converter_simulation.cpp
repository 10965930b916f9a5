#include "analog/simulation/converter_simulation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

double peakVolts(double dbu) noexcept { return std::numbers::sqrt2 * voltsFromDbu(dbu); }

/// Density of a converter's own noise against full scale's peak, per root hertz.
double noiseDensity(const Converter& converter) noexcept {
  if (!converter.dynamicRangeDba) return 0.0;
  const double rms = ratioOf(-*converter.dynamicRangeDba) / std::numbers::sqrt2;
  return rms / std::sqrt(noiseBandwidthHz(NoiseBand::aWeighted));
}

}  // namespace

FrameCount delayFrames(const Converter& converter) noexcept {
  const auto frames = static_cast<FrameCount>(std::lround(converter.filterDelayFrames));
  return converter.jitterSeconds > 0.0 ? std::max(frames, InputConverter::kJitterReach) : frames;
}

Quantiser::Quantiser(int bits, bool dithered, std::uint64_t seed) noexcept
    : random_(seed), steps_(std::ldexp(1.0, bits - 1)), dithered_(dithered) {}

double Quantiser::next(double sample) noexcept {
  double steps = sample * steps_;
  if (dithered_) {
    // Two even numbers of 32 bits: their difference is triangular, 2 LSB from end to end.
    const std::uint64_t bits = random_.next();
    const auto high = static_cast<double>(bits >> 32u), low = static_cast<double>(bits & 0xFFFFFFFFu);
    steps += (high - low) / 4294967296.0;
  }
  return std::clamp(std::nearbyint(steps), -steps_, steps_ - 1.0) / steps_;
}

void InputConverter::prepare(double sampleRate, const Converter& converter, std::uint64_t seed) {
  quantiser_ = Quantiser(converter.bits, converter.dithered, 3 * seed);
  noise_ = WhiteNoise(3 * seed + 1);
  jitter_ = WhiteNoise(3 * seed + 2);
  toFullScale_ = 1.0 / peakVolts(converter.fullScaleDbu);
  noiseRms_ = noiseRms(noiseDensity(converter), sampleRate);
  jitterFrames_ = converter.jitterSeconds * sampleRate;
  delay_ = delayFrames(converter);
  line_.assign(static_cast<std::size_t>(delay_ + kJitterReach + 1), 0.0);
  newest_ = 0;
}

double InputConverter::at(FrameCount age) const noexcept {
  const auto size = line_.size();
  return line_[(newest_ + size - static_cast<std::size_t>(age)) % size];
}

float InputConverter::next(double volts) noexcept {
  newest_ = (newest_ + 1) % line_.size();
  line_[newest_] = volts * toFullScale_;
  double sample = at(delay_);
  if (jitterFrames_ > 0.0) {
    // Central differences of eighth order (Fornberg, Mathematics of Computation 51, 1988, table 1): the slope
    // within 0.1 dB up to 0.22 of the rate.
    constexpr std::array kWeights{4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0};
    double slope = 0.0;
    for (FrameCount k = 1; k <= kJitterReach; ++k)
      slope += kWeights[static_cast<std::size_t>(k - 1)] * (at(delay_ - k) - at(delay_ + k));
    sample += slope * jitterFrames_ * jitter_.next();
  }
  return static_cast<float>(quantiser_.next(sample + noiseRms_ * noise_.next()));
}

void OutputConverter::prepare(double sampleRate, const Converter& converter, std::uint64_t seed) {
  quantiser_ = Quantiser(converter.bits, converter.dithered, 2 * seed);
  noise_ = WhiteNoise(2 * seed + 1);
  volts_ = peakVolts(converter.fullScaleDbu);
  noiseRms_ = noiseRms(noiseDensity(converter), sampleRate) * volts_;
  line_.assign(static_cast<std::size_t>(delayFrames(converter)) + 1, 0.0);
  newest_ = 0;
}

double OutputConverter::next(float sample) noexcept {
  newest_ = (newest_ + 1) % line_.size();
  line_[newest_] = quantiser_.next(static_cast<double>(sample)) * volts_;
  return line_[(newest_ + 1) % line_.size()] + noiseRms_ * noise_.next();
}

}  // namespace gainstage::analog
