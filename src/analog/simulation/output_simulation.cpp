#include "analog/simulation/output_simulation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

using std::numbers::sqrt2;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

double shareAt(const Impedance& headphone, double sourceOhm, double hz) noexcept {
  const auto z = headphone.at(hz);
  return std::abs(z / (z + sourceOhm));
}

}  // namespace

void OutputSimulation::Load::prepare(double sampleRate, const Impedance& headphone, double sourceOhm) {
  isFilter = headphone.isKnownOverFrequency() && sourceOhm > 0.0;
  share = shareAt(headphone, sourceOhm, 1000.0);
  if (isFilter) filter.prepare(sampleRate, [&](double hz) { return shareAt(headphone, sourceOhm, hz); });
}

void OutputSimulation::Load::process(std::span<double> io) noexcept {
  if (isFilter) return filter.process(io);
  for (double& sample : io) sample *= share;
}

void OutputSimulation::prepare(double sampleRate, const OutputDesign& design, int channels) {
  channels_ = channels;
  for (std::size_t c = 0; c < sides_.size(); ++c) {
    const std::uint64_t seed = 4 * (2 * std::uint64_t{design.seed} + c);
    sides_[c].converter.prepare(sampleRate, design.converter, seed);
    sides_[c].noise = WhiteNoise(seed + 3);
  }
  const HeadphoneAmplifier& amplifier = design.amplifier;
  const double ground = amplifier.groundOhm, own = amplifier.outputImpedanceOhm;
  sharesReturn_ = channels_ == 2 && ground > 0.0;
  // Kirchhoff: in a return that both share, equal currents add up and meet it twice, opposite ones cancel.
  loads_[0].prepare(sampleRate, design.headphone.impedance,
                    own + (sharesReturn_    ? 2.0
                           : channels_ == 1 ? 1.0
                                            : 0.0) *
                              ground);
  loads_[1].prepare(sampleRate, design.headphone.impedance, own);
  gain_ = ratioOf(amplifier.gainDb.value_or(0.0));
  noiseV_ =
      amplifier.noiseDbuA
          ? noiseRms(voltsFromDbu(*amplifier.noiseDbuA) / std::sqrt(noiseBandwidthHz(NoiseBand::aWeighted)),
                     sampleRate)
          : 0.0;
  mostV_ = amplifier.maxVolts ? sqrt2 * *amplifier.maxVolts : kNoLimit;
  mostLoadV_ = amplifier.maxCurrentMa
                   ? sqrt2 * 1e-3 * *amplifier.maxCurrentMa * design.headphone.impedance.magnitudeAt(1000.0)
                   : kNoLimit;
}

void OutputSimulation::process(ConstAudioView samples, AudioView volts) noexcept {
  for (FrameCount at = 0; at < samples.frames(); at += MagnitudeFilter::kChunk) {
    const FrameCount frames = std::min<FrameCount>(samples.frames() - at, MagnitudeFilter::kChunk);
    processChunk(samples.frameRange(at, frames), volts.frameRange(at, frames));
  }
}

void OutputSimulation::processChunk(ConstAudioView samples, AudioView volts) noexcept {
  std::array<std::array<double, MagnitudeFilter::kChunk>, 2> work;
  const auto frames = static_cast<std::size_t>(samples.frames());
  for (int c = 0; c < channels_; ++c) {
    Side& side = sides_[static_cast<std::size_t>(c)];
    const auto from = samples.channel(c);
    for (std::size_t n = 0; n < frames; ++n)
      work[static_cast<std::size_t>(c)][n] =
          std::clamp(side.converter.next(from[n]) * gain_, -mostV_, mostV_) + noiseV_ * side.noise.next();
  }
  const auto first = std::span(work[0]).first(frames), second = std::span(work[1]).first(frames);
  const auto turn = [&] {
    for (std::size_t n = 0; n < frames; ++n) {
      const double a = first[n], b = second[n];
      first[n] = 0.5 * (a + b);
      second[n] = 0.5 * (a - b);
    }
  };
  if (sharesReturn_) turn();
  for (int c = 0; c < channels_; ++c)
    loads_[static_cast<std::size_t>(c)].process(std::span(work[static_cast<std::size_t>(c)]).first(frames));
  if (sharesReturn_) {
    turn();
    for (double& sample : first) sample *= 2.0;
    for (double& sample : second) sample *= 2.0;
  }
  for (int c = 0; c < channels_; ++c) {
    const auto to = volts.channel(c);
    for (std::size_t n = 0; n < frames; ++n)
      to[n] = static_cast<float>(std::clamp(work[static_cast<std::size_t>(c)][n], -mostLoadV_, mostLoadV_));
  }
}

}  // namespace gainstage::analog
