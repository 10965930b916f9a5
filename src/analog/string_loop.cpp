#include "analog/string_loop.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

constexpr double kTrebleHz = 4000.0;
constexpr int kDispersionStages = 2;

/// g (1 + a) / (1 + a/z), the loss of one period (Valimaki, Huopaniemi, Karjalainen and Janosy 1996, eq. 9).
struct Loss {
  double gain = 1.0;
  double pole = 0.0;

  double phase(double omega) const {
    return std::atan2(pole * std::sin(omega), 1.0 + pole * std::cos(omega));
  }
};

double allpassPhase(double coefficient, double omega) {
  return -omega - 2.0 * std::atan2(-coefficient * std::sin(omega), 1.0 + coefficient * std::cos(omega));
}

/// Gain of one period that makes a decay of 60 dB in `decayS`.
double gainOfPeriod(double frequencyHz, double decayS) {
  return std::pow(10.0, -3.0 / (frequencyHz * decayS));
}

/// Meets both decays: |H(w1)|^2 / |H(w0)|^2 = r^2 is a quadratic in the pole.
Loss designLoss(const StringTone& tone, double sampleRate) {
  const double trebleHz = std::max(std::min(kTrebleHz, 0.4 * sampleRate), 1.5 * tone.frequencyHz);
  const double cosLow = std::cos(2.0 * std::numbers::pi * tone.frequencyHz / sampleRate);
  const double cosHigh = std::cos(2.0 * std::numbers::pi * trebleHz / sampleRate);
  const double low = gainOfPeriod(tone.frequencyHz, tone.decayS);
  const double ratio = std::min(gainOfPeriod(tone.frequencyHz, tone.trebleDecayS) / low, 1.0 - 1e-9);
  const double squared = ratio * ratio;
  const double beta = std::max((cosLow - squared * cosHigh) / (1.0 - squared), 1.0);
  Loss loss;
  loss.pole = -1.0 / (beta + std::sqrt(beta * beta - 1.0));
  loss.gain = low * std::sqrt(1.0 + 2.0 * loss.pole * cosLow + loss.pole * loss.pole) / (1.0 + loss.pole);
  loss.gain = std::min(loss.gain, 0.999999);
  return loss;
}

/// Delay in frames that brings the loop's phase at `omega` to one turn.
double delayForOneTurn(const Loss& loss, double coefficient, double omega) {
  const double filters = loss.phase(omega) + kDispersionStages * allpassPhase(coefficient, omega);
  return (2.0 * std::numbers::pi + filters) / omega;
}

/// How far the loop's phase at a partial is from its whole turns, in radians; positive where the partial is
/// flat of `omegaPartial`.
double phaseError(const Loss& loss, double coefficient, double omega, double omegaPartial, int partial) {
  const double delay = delayForOneTurn(loss, coefficient, omega);
  const double phase = loss.phase(omegaPartial) +
                       kDispersionStages * allpassPhase(coefficient, omegaPartial) - delay * omegaPartial;
  return -phase - 2.0 * std::numbers::pi * partial;
}

/// The dispersion that puts one partial where stiffness puts it; those between follow within a few cents.
double designDispersion(const Loss& loss, const StringTone& tone, double sampleRate) {
  const double omega = 2.0 * std::numbers::pi * tone.frequencyHz / sampleRate;
  const int partial = std::clamp(static_cast<int>(2000.0 / tone.frequencyHz), 2, 12);
  const double stretch =
      std::sqrt((1.0 + tone.inharmonicity * partial * partial) / (1.0 + tone.inharmonicity));
  const double omegaPartial = partial * stretch * omega;
  if (tone.inharmonicity <= 0.0 || omegaPartial > 0.8 * std::numbers::pi) return 0.0;
  // An allpass delays low frequencies by (1 - c) / (1 + c) frames; all of them together by a quarter of the
  // period at most.
  const double longest = std::max(sampleRate / tone.frequencyHz / (4.0 * kDispersionStages), 1.0);
  double none = 0.0;
  double most = (1.0 - longest) / (1.0 + longest);
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (none + most);
    (phaseError(loss, middle, omega, omegaPartial, partial) > 0.0 ? none : most) = middle;
  }
  return 0.5 * (none + most);
}

}  // namespace

void StringLoop::prepare(double sampleRate, double lowestHz) {
  sampleRate_ = sampleRate;
  line_.assign(static_cast<std::size_t>(sampleRate / lowestHz) + 4, 0.0f);
  reset();
}

void StringLoop::reset() noexcept {
  std::ranges::fill(line_, 0.0f);
  for (Allpass& stage : stages_) stage.state = 0.0f;
  lossState_ = 0.0f;
}

void StringLoop::tune(const StringTone& tone) noexcept {
  const double omega = 2.0 * std::numbers::pi * tone.frequencyHz / sampleRate_;
  const Loss loss = designLoss(tone, sampleRate_);
  const double dispersion = designDispersion(loss, tone, sampleRate_);
  const double delay = delayForOneTurn(loss, dispersion, omega);
  const double whole = std::clamp(std::floor(delay - 0.5), 1.0, static_cast<double>(line_.size() - 1));
  const double part = std::clamp(delay - whole, 0.5, 1.5);

  lossGain_ = static_cast<float>(loss.gain * (1.0 + loss.pole));
  lossPole_ = static_cast<float>(loss.pole);
  for (int i = 0; i < kDispersionStages; ++i) stages_[i].coefficient = static_cast<float>(dispersion);
  // The allpass whose delay at the fundamental is exactly `part` (Jaffe and Smith 1983, eq. 16).
  stages_[kDispersionStages].coefficient =
      static_cast<float>(std::sin(0.5 * (1.0 - part) * omega) / std::sin(0.5 * (1.0 + part) * omega));

  const std::size_t write = (read_ + static_cast<std::size_t>(whole)) % line_.size();
  const std::size_t kept = (write_ + line_.size() - read_) % line_.size();
  // What lies beyond the old period was heard long ago.
  for (std::size_t i = kept; i < static_cast<std::size_t>(whole); ++i)
    line_[(read_ + i) % line_.size()] = 0.0f;
  write_ = write;
}

}  // namespace gainstage::analog
