#include "dsp/reverb/springs.h"

#include <cmath>

namespace gainstage::dsp {
namespace {

constexpr double kTransitionHz = 4300.0;  // of the paper's example; the nearest whole stretch is taken
struct Kind {
  double loopSeconds;
  float gain;
};
constexpr std::array<Kind, 4> kSprings{{{0.0563, 0.68f}, {0.0647, 0.65f}, {0.0591, 0.66f}, {0.0689, 0.69f}}};

}  // namespace

void Spring::prepare(const StreamFormat& format, double loopSeconds, float gain) {
  sampleRate_ = format.sampleRate;
  gain_ = gain;
  loopSeconds_ = loopSeconds;
  stretch_ = static_cast<std::size_t>(std::max(1L, std::lround(0.5 * sampleRate_ / kTransitionHz)));
  in_.assign(stretch_ * kStages, 0.0f);
  out_ = in_;
  // An all-pass delays the lows by stretch (1 - a) / (1 + a).
  const double dispersion =
      kStages * (1.0 + static_cast<double>(stretch_) * (1.0 - static_cast<double>(gain)) /
                           (1.0 + static_cast<double>(gain)));
  delay_ = std::max(1, static_cast<FrameCount>(loopSeconds * sampleRate_ - dispersion));
  line_.prepare(delay_);
  const double transition = 0.5 / static_cast<double>(stretch_);
  constexpr std::array kButterworth{0.5176, 0.7071, 1.9319};
  for (std::size_t i = 0; i < lowpass_.size(); ++i) lowpass_[i].tune(0.9 * transition, kButterworth[i]);
  damping_.prepare(format);
  reset();
}

void Spring::setDecay(double seconds, double dampingHz) noexcept {
  damping_.set(loopSeconds_, seconds, dampingHz);
}

void Spring::reset() noexcept {
  std::ranges::fill(in_, 0.0f);
  std::ranges::fill(out_, 0.0f);
  passed_ = {};
  row_ = 0;
  line_.reset();
  for (Svf& filter : lowpass_) filter.reset();
  damping_.reset();
}

float Spring::disperse(float in) noexcept {
  passed_[0] = in;
  float* const took = in_.data() + row_ * kStages;
  float* const gave = out_.data() + row_ * kStages;
  std::array<float, kStages> now;
  for (std::size_t s = 0; s < kStages; ++s) now[s] = gain_ * (passed_[s] - gave[s]) + took[s];
  for (std::size_t s = 0; s < kStages; ++s) took[s] = passed_[s];
  for (std::size_t s = 0; s < kStages; ++s) gave[s] = passed_[s + 1] = now[s];
  row_ = row_ + 1 == stretch_ ? 0 : row_ + 1;
  return passed_[kStages];
}

float Spring::process(float in) noexcept {
  for (Svf& filter : lowpass_) in = filter.lowpass(in);
  // The end of a spring turns what comes back over.
  const float dispersed = disperse(in - damping_.process(line_.read(delay_ - 1)));
  line_.write(dispersed);
  return dispersed;
}

void Springs::prepare(const StreamFormat& format) {
  sampleRate_ = format.sampleRate;
  for (std::size_t i = 0; i < springs_.size(); ++i)
    springs_[i].prepare(format, kSprings[i].loopSeconds, kSprings[i].gain);
  level_.setLength(format.frames({50.0}));
}

void Springs::setDecay(double seconds, double dampingHz) noexcept {
  for (Spring& spring : springs_) spring.setDecay(seconds, dampingHz);
  const double loss = std::pow(10.0, -3.0 * 0.062 / seconds);
  level_.setTarget(static_cast<float>(std::sqrt(0.75 * (1.0 - loss * loss))));
  // Just below the transition a loop takes twice as long, and so does the decay.
  decayOver16_ = static_cast<float>(std::pow(10.0, -3.0 * 16.0 / (2.2 * seconds * sampleRate_)));
}

void Springs::reset() noexcept {
  for (Spring& spring : springs_) spring.reset();
  level_.snapToTarget();
}

void Springs::process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
                      std::span<float> outRight) noexcept {
  for (std::size_t n = 0; n < left.size(); ++n) {
    const float in = 0.5f * (left[n] + right[n]), level = level_.next();
    outLeft[n] = level * (springs_[0].process(in) + springs_[1].process(in));
    outRight[n] = level * (springs_[2].process(in) + springs_[3].process(in));
  }
}

}  // namespace gainstage::dsp
