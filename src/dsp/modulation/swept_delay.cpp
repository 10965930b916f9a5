#include "dsp/modulation/swept_delay.h"

#include <algorithm>
#include <cmath>

namespace gainstage::dsp {

void SweptDelay::prepare(const StreamFormat& format, const Layout& layout, Milliseconds longest) {
  format_ = format;
  layout_ = layout;
  voiceGain_ = 1.0f / std::sqrt(static_cast<float>(layout.voices));
  longestFrames_ = std::max(kLeastFrames, longest.seconds() * format.sampleRate);
  for (std::size_t c = 0; c < static_cast<std::size_t>(layout.channels); ++c) {
    lines_[c].prepare(static_cast<FrameCount>(longestFrames_) + 1);
    for (std::size_t v = 0; v < static_cast<std::size_t>(layout.voices); ++v)
      ahead_[c][v] = Lfo::turns(static_cast<double>(v) / layout.voices) +
                     Lfo::turns(static_cast<double>(c) * layout.spread);
  }
  lfo_.prepare(format);
  for (LinearRamp* ramp : {&shortest_, &sweep_}) ramp->setLength(format.frames({200.0}));
  for (LinearRamp* ramp : {&feedback_, &mix_}) ramp->setLength(format.frames({20.0}));
  reset();
}

float SweptDelay::framesOf(Milliseconds time) const noexcept {
  return static_cast<float>(time.seconds() * format_.sampleRate);
}
void SweptDelay::setRate(Hertz rate) noexcept { lfo_.setRate(rate); }
void SweptDelay::setShortest(Milliseconds delay) noexcept { shortest_.setTarget(framesOf(delay)); }
void SweptDelay::setSweep(Milliseconds sweep) noexcept { sweep_.setTarget(framesOf(sweep)); }
void SweptDelay::setFeedback(float share) noexcept { feedback_.setTarget(share); }
void SweptDelay::setMix(float share) noexcept { mix_.setTarget(share); }

void SweptDelay::reset() noexcept {
  for (std::size_t c = 0; c < static_cast<std::size_t>(layout_.channels); ++c) lines_[c].reset();
  lfo_.reset();
  for (LinearRamp* ramp : {&shortest_, &sweep_, &feedback_, &mix_}) ramp->snapToTarget();
}

// A line's newest frame is the one before the current, so that its delay 0 is a delay of 1 here.
float SweptDelay::voices(std::size_t channel, double shortest, double sweep) const noexcept {
  float sum = 0.0f;
  for (std::size_t v = 0; v < static_cast<std::size_t>(layout_.voices); ++v) {
    const double delay = shortest + sweep * (0.5 + 0.5 * lfo_.sine(ahead_[channel][v]));
    sum += lines_[channel].read(std::clamp(delay, kLeastFrames, longestFrames_) - 1.0);
  }
  return voiceGain_ * sum;
}

void SweptDelay::process(AudioView io) noexcept {
  const auto channels = static_cast<std::size_t>(layout_.channels);
  std::array<float*, 2> rows{};
  for (std::size_t c = 0; c < channels; ++c) rows[c] = io.channel(static_cast<int>(c)).data();
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const auto shortest = static_cast<double>(shortest_.next()), sweep = static_cast<double>(sweep_.next());
    const float feedback = feedback_.next(), mix = mix_.next(), level = std::sqrt(1.0f - feedback);
    for (std::size_t c = 0; c < channels; ++c) {
      const float dry = rows[c][n], late = voices(c, shortest, sweep);
      const float wet = level * (1.0f + feedback) * late + (level - 1.0f) * dry;
      lines_[c].write(dry + feedback * late);
      rows[c][n] = (1.0f - mix) * dry + mix * wet;
    }
    lfo_.advance();
  }
}

FrameTime SweptDelay::framesToFallBy(Decibels fall) const noexcept {
  const auto share = static_cast<double>(std::abs(feedback_.target()));
  const double once = static_cast<double>(shortest_.target() + sweep_.target()) + FractionalDelay::kPoints;
  const double repeats = share > 0.0 ? std::ceil(fall.value / (-20.0 * std::log10(share))) : 0.0;
  return static_cast<FrameTime>(once * (1.0 + repeats));
}

}  // namespace gainstage::dsp
