#include "dsp/delay/echo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {

void Echo::prepare(const StreamFormat& format, int channels, Layout layout, Milliseconds longest) {
  format_ = format;
  channels_ = channels;
  layout_ = layout;
  const int lines = layout == Layout::pingPong ? 2 : channels;
  for (int i = 0; i < lines; ++i) lines_[static_cast<std::size_t>(i)].prepare(format.frames(longest));
  fade_.setLength(format.frames({50.0}));
  for (LinearRamp* ramp : {&feedback_, &mix_, &brightness_}) ramp->setLength(format.frames({20.0}));
  reset();
}

void Echo::setTime(Milliseconds time) noexcept {
  wantedFrames_ = std::min(format_.frames(time), lines_[0].longestFrames());
}
void Echo::setFeedback(float share) noexcept { feedback_.setTarget(share); }
void Echo::setMix(float share) noexcept { mix_.setTarget(share); }
void Echo::setDamping(Hertz cutoff) noexcept {
  // One pole whose impulse response is that of an RC: 1 - exp(-2 pi f / rate).
  brightness_.setTarget(
      static_cast<float>(1.0 - std::exp(-2.0 * std::numbers::pi * cutoff.value / format_.sampleRate)));
}

void Echo::reset() noexcept {
  for (DelayLine& line : lines_) line.reset();
  dull_ = {};
  nowFrames_ = nextFrames_ = wantedFrames_;
  fade_.snapTo(1.0f);
  for (LinearRamp* ramp : {&feedback_, &mix_, &brightness_}) ramp->snapToTarget();
}

// The line's newest frame is the one before the current, so that its delay 0 is a delay of 1 here.
float Echo::tap(const DelayLine& line, float fade) const noexcept {
  const float next = line.read(nextFrames_ - 1);
  if (nowFrames_ == nextFrames_) return next;
  const float now = line.read(nowFrames_ - 1);
  return now + fade * (next - now);
}

void Echo::startFade() noexcept {
  nowFrames_ = nextFrames_;
  if (wantedFrames_ == nextFrames_) return;
  nextFrames_ = wantedFrames_;
  fade_.snapTo(0.0f);
  fade_.setTarget(1.0f);
}

void Echo::process(AudioView io) noexcept {
  const bool pingPong = layout_ == Layout::pingPong;
  const auto lines = static_cast<std::size_t>(pingPong ? 2 : channels_);
  std::array<float*, 2> rows{};
  for (std::size_t i = 0; i < lines; ++i) rows[i] = io.channel(static_cast<int>(i)).data();
  if (pingPong && channels_ == 1) std::ranges::copy(io.channel(0), rows[1]);

  for (FrameCount n = 0; n < io.frames(); ++n) {
    if (fade_.isSettled()) startFade();
    const float fade = fade_.next(), feedback = feedback_.next(), mix = mix_.next(),
                bright = brightness_.next();
    std::array<float, 2> repeats{};
    for (std::size_t i = 0; i < lines; ++i) {
      repeats[i] = tap(lines_[i], fade);
      dull_[i] += bright * (repeats[i] - dull_[i]);
    }
    if (pingPong) {
      lines_[0].write(0.5f * (rows[0][n] + rows[1][n]) + feedback * dull_[1]);
      lines_[1].write(feedback * dull_[0]);
    } else {
      for (std::size_t i = 0; i < lines; ++i) lines_[i].write(rows[i][n] + feedback * dull_[i]);
    }
    for (std::size_t i = 0; i < lines; ++i) rows[i][n] = (1.0f - mix) * rows[i][n] + mix * repeats[i];
  }
}

FrameTime Echo::framesToFallBy(Decibels fall) const noexcept {
  const auto time = static_cast<double>(wantedFrames_);
  if (feedback_.target() <= 0.0f) return wantedFrames_;
  const double perRepeat = -20.0 * std::log10(static_cast<double>(feedback_.target()));
  return static_cast<FrameTime>(time * (1.0 + std::ceil(fall.value / perRepeat)));
}

}  // namespace gainstage::dsp
