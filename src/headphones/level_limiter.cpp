#include "headphones/level_limiter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gainstage::headphones {

void LevelLimiter::prepare(const StreamFormat& format) noexcept {
  sampleRate_ = format.sampleRate;
  share_ = 1.0 - std::exp(-1.0 / (kSeconds * sampleRate_));
  growth_ = std::pow(10.0, kRiseDbPerSecond / 20.0 / sampleRate_);
  fall_ = std::pow(10.0, -kFallDbPerSecond / 20.0 / sampleRate_);
  fullScaleDbSpl_ = std::numeric_limits<double>::quiet_NaN();
  update();
  reset();
}

void LevelLimiter::setFullScale(double dbSpl) noexcept {
  fullScaleDbSpl_ = dbSpl;
  update();
}

void LevelLimiter::setLimitDba(float limitDba) noexcept {
  limitDba_ = limitDba;
  update();
}

void LevelLimiter::setOn(bool on) noexcept {
  on_ = on;
  update();
}

void LevelLimiter::update() noexcept {
  const bool active = on_ && std::isfinite(fullScaleDbSpl_);
  if (active && isOff()) reset();
  active_ = active;
  // A full-scale sine has a mean square of 1/2.
  if (active_) limit_ = 0.5 * std::pow(10.0, (static_cast<double>(limitDba_) - fullScaleDbSpl_) / 10.0);
}

void LevelLimiter::reset() noexcept {
  ears_.fill(Ear{.weighting = AWeighting(sampleRate_)});
  gain_ = 1.0;
  lowest_ = 1.0f;
}

void LevelLimiter::process(AudioView io) noexcept {
  lowest_ = 1.0f;
  if (isOff()) return;
  float* const left = io.channel(0).data();
  float* const right = io.channel(io.channels() - 1).data();
  double lowest = 1.0;
  auto [a, b] = ears_;
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const double weightedLeft = a.weighting.next(left[n]), weightedRight = b.weighting.next(right[n]);
    a.level += share_ * (weightedLeft * weightedLeft - a.level);
    b.level += share_ * (weightedRight * weightedRight - b.level);
    const double level = std::max(a.level, b.level);
    const double wanted = active_ && level > limit_ ? std::sqrt(limit_ / level) : 1.0;
    gain_ = std::clamp(wanted, gain_ * fall_, gain_ * growth_);
    if (gain_ == 1.0) continue;
    const auto gain = static_cast<float>(gain_);
    left[n] *= gain;
    if (right != left) right[n] *= gain;
    lowest = std::min(lowest, gain_);
  }
  ears_ = {a, b};
  if (!std::isfinite(a.level + b.level)) reset();
  lowest_ = static_cast<float>(lowest);
}

}  // namespace gainstage::headphones
