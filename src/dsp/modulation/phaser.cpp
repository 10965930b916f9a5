#include "dsp/modulation/phaser.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {

void Phaser::prepare(const StreamFormat& format, const Layout& layout) {
  sampleRate_ = format.sampleRate;
  layout_ = layout;
  spread_ = Lfo::turns(layout.spread);
  lfo_.prepare(format);
  for (LinearRamp* ramp : {&centre_, &sweep_}) ramp->setLength(format.frames({50.0}));
  for (LinearRamp* ramp : {&feedback_, &mix_}) ramp->setLength(format.frames({20.0}));
  reset();
}

void Phaser::setRate(Hertz rate) noexcept { lfo_.setRate(rate); }
void Phaser::setCentre(Hertz centre) noexcept {
  centre_.setTarget(static_cast<float>(std::log2(centre.value)));
}
void Phaser::setSweep(float octaves) noexcept { sweep_.setTarget(octaves); }
void Phaser::setFeedback(float share) noexcept { feedback_.setTarget(share); }
void Phaser::setMix(float share) noexcept { mix_.setTarget(share); }

void Phaser::reset() noexcept {
  states_ = {};
  lfo_.reset();
  for (LinearRamp* ramp : {&centre_, &sweep_, &feedback_, &mix_}) ramp->snapToTarget();
}

// A stage gives a x + (1 - a) s for its input x and state s, and so the row of them gain x + rest; that is
// solved for the input with the feedback added.
double Phaser::pass(States& states, double dry, double share, double feedback) const noexcept {
  const auto stages = static_cast<std::size_t>(layout_.stages);
  const double a = 2.0 * share - 1.0;
  double gain = 1.0, rest = 0.0;
  for (std::size_t i = 0; i < stages; ++i) {
    gain *= a;
    rest = a * rest + (1.0 - a) * states[i];
  }
  double signal = (dry + feedback * rest) / (1.0 - feedback * gain);
  for (std::size_t i = 0; i < stages; ++i) {
    const double move = share * (signal - states[i]), low = states[i] + move;
    states[i] = low + move;
    signal = 2.0 * low - signal;
  }
  return signal;
}

void Phaser::process(AudioView io) noexcept {
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const auto centre = static_cast<double>(centre_.next()), sweep = static_cast<double>(sweep_.next()),
               feedback = static_cast<double>(feedback_.next()), mix = static_cast<double>(mix_.next());
    const double level = std::sqrt(1.0 - feedback);
    for (int c = 0; c < io.channels(); ++c) {
      const double octave = centre + 0.5 * sweep * lfo_.sine(c == 0 ? 0 : spread_);
      const double turns = std::min(std::exp2(octave) / sampleRate_, 0.45);
      const double g = std::tan(std::numbers::pi * turns);
      float& sample = io.channel(c)[static_cast<std::size_t>(n)];
      const auto dry = static_cast<double>(sample);
      const double late = pass(states_[static_cast<std::size_t>(c)], dry, g / (1.0 + g), feedback);
      const double wet = level * (1.0 + feedback) * late + (level - 1.0) * dry;
      sample = static_cast<float>((1.0 - mix) * dry + mix * wet);
    }
    lfo_.advance();
  }
}

FrameTime Phaser::framesToFallBy90Db() const noexcept {
  const double lowest = std::exp2(static_cast<double>(centre_.target() - 0.5f * sweep_.target()));
  const double perFrame = 2.0 * std::numbers::pi * lowest / sampleRate_;
  // The slowest pole: an N-th root r of 1 / g solves (1 - s) / (1 + s) = r. Without feedback N poles stand in
  // one place, whose e^-t t^(N-1) / (N-1)! falls by 90 dB in t = 25 for 8 of them.
  const double root =
      std::pow(std::max(0.01, static_cast<double>(std::abs(feedback_.target()))), -1.0 / layout_.stages);
  const double slowest = (root - 1.0) / (root + 1.0);
  return static_cast<FrameTime>(std::max(25.0, 11.0 / slowest) / perFrame);
}

}  // namespace gainstage::dsp
