#include "dsp/pitch/running_correlation.h"

#include <algorithm>
#include <cmath>

namespace gainstage::dsp {
namespace {

// Below -200 dB there is nothing left to find, and the sums would only become denormal.
constexpr float kSilence = 1e-20f;

}  // namespace

void RunningCorrelation::prepare(int longestLag, double windowFrames) {
  longest_ = longestLag;
  size_ = static_cast<std::size_t>(longestLag) + 1;
  decay_ = static_cast<float>(std::exp(-1.0 / windowFrames));
  share_ = 1.0f - decay_;
  products_.assign(size_, 0.0f);
  samples_.assign(2 * size_, 0.0f);
  energy_.assign(2 * size_, 0.0f);
  reset();
}

void RunningCorrelation::reset() noexcept {
  for (auto* values : {&products_, &samples_, &energy_}) std::ranges::fill(*values, 0.0f);
  at_ = 0;
  energyNow_ = 0.0f;
  idle_ = true;
}

void RunningCorrelation::push(float sample) noexcept {
  if (idle_ && sample == 0.0f) return;
  idle_ = false;
  at_ = at_ == 0 ? size_ - 1 : at_ - 1;
  samples_[at_] = samples_[at_ + size_] = sample;
  energyNow_ = decay_ * energyNow_ + sample * sample;
  energy_[at_] = energy_[at_ + size_] = energyNow_;
  float* const products = products_.data();
  const float* const samples = samples_.data() + at_;
  const float decay = decay_;
  for (std::size_t lag = 0; lag < size_; ++lag) products[lag] = decay * products[lag] + sample * samples[lag];
  if (energyNow_ < kSilence) reset();
}

float RunningCorrelation::at(int lag) const noexcept {
  const auto i = static_cast<std::size_t>(lag);
  const float both = energyNow_ + energy_[at_ + i];
  return both > kSilence ? std::clamp(2.0f * products_[i] / both, -1.0f, 1.0f) : 0.0f;
}

RunningCorrelation::Peak RunningCorrelation::peakNear(int lag) const noexcept {
  const Peak peak = cosinePeak(at(lag - 1), at(lag), at(lag + 1));
  return {static_cast<float>(lag) + peak.lag, peak.value};
}

RunningCorrelation::Peak cosinePeak(float before, float middle, float after) noexcept {
  if (middle <= 0.0f) return {0.0f, middle};
  const float cosine = std::clamp((before + after) / (2.0f * middle), -1.0f, 1.0f);
  const float sine = std::sqrt(1.0f - cosine * cosine);
  if (sine < 1e-4f) return {0.0f, middle};
  const float quadrature = (after - before) / (2.0f * sine);
  const float offset = std::atan2(quadrature, middle) / std::acos(cosine);
  return {std::clamp(offset, -1.0f, 1.0f), std::min(std::hypot(middle, quadrature), 1.0f)};
}

}  // namespace gainstage::dsp
