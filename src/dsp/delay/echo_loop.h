#pragma once

#include <array>
#include <cmath>

#include "dsp/delay/echo.h"
#include "dsp/delay/fractional_delay.h"

namespace gainstage::dsp {

/// Leaves what it delays as it is.
struct PlainVoice {
  static constexpr float kMakeUp = 1.0f;

  FractionalDelay line;

  void prepare(const StreamFormat&, FrameCount longest) { line.prepare(longest); }
  void reset() noexcept { line.reset(); }
  void tune(double) noexcept {}
  void write(float sample, float) noexcept { line.write(sample); }
  float played(float sample, float) noexcept { return sample; }
};

/// An echo of a time (how it changes) and a voice (what it sounds like). A voice has a line, is tuned to its
/// delay every kGrid frames, and colours what is written and what is played; what it plays is no louder at
/// any frequency than what was written, and made up for outside of the loop.
template <typename Time, typename Voice>
class EchoLoop final : public Echo {
 public:
  void prepare(const StreamFormat& format, int channels, Layout layout, Milliseconds longest) override {
    channels_ = channels;
    layout_ = layout;
    const FrameCount frames = format.frames(longest);
    time_.prepare(format, frames);
    lines_ = static_cast<std::size_t>(layout == Layout::pingPong ? 2 : channels);
    // Half as long again: the time swings by so much at most.
    for (std::size_t i = 0; i < lines_; ++i) voices_[i].prepare(format, frames + frames / 2);
    prepareValues(format);
    attack_ = static_cast<float>(1.0 - std::exp(-1.0 / (0.005 * format.sampleRate)));
    release_ = static_cast<float>(1.0 - std::exp(-1.0 / (0.25 * format.sampleRate)));
    reset();
  }
  void setTime(Milliseconds time) noexcept override { time_.setTarget(time.seconds() * format_.sampleRate); }
  void setModulation(Hertz rate, float cents) noexcept override { time_.sway().set(rate, cents); }
  void setWow(float share) noexcept override { time_.setWow(share); }
  void reset() noexcept override {
    time_.reset();
    for (std::size_t i = 0; i < lines_; ++i) voices_[i].reset();
    dull_ = low_ = {};
    heard_ = 0.0f;
    frame_ = 0;
    settleValues();
  }
  FrameTime framesToFallBy(Decibels fall) const noexcept override {
    return framesToFall(fall, time_.longestNow());
  }

  void process(AudioView io) noexcept override {
    const bool pingPong = layout_ == Layout::pingPong;
    std::array<float*, 2> rows{};
    for (std::size_t i = 0; i < lines_; ++i) rows[i] = io.channel(static_cast<int>(i)).data();
    if (pingPong && channels_ == 1) std::ranges::copy(io.channel(0), rows[1]);
    for (FrameCount n = 0; n < io.frames(); ++n) {
      if (frame_ == 0)
        for (std::size_t i = 0; i < lines_; ++i) voices_[i].tune(time_.frames());
      frame_ = (frame_ + 1) % kGrid;
      time_.advance();
      const float feedback = feedback_.next(), mix = mix_.next(), bright = brightness_.next(),
                  cut = lowCut_.next(), taken = lowTaken_.next(), drive = drive_.next();
      std::array<float, 2> repeats{}, fed{};
      for (std::size_t i = 0; i < lines_; ++i) {
        repeats[i] = voices_[i].played(time_.read(voices_[i].line), drive);
        dull_[i] += bright * (repeats[i] - dull_[i]);
        low_[i] += cut * (dull_[i] - low_[i]);
        fed[i] = feedback * (dull_[i] - taken * low_[i]);
      }
      const float wet = Voice::kMakeUp * mix * duck(rows, n);
      if (pingPong) {
        voices_[0].write(0.5f * (rows[0][n] + rows[1][n]) + fed[1], drive);
        voices_[1].write(fed[0], drive);
      } else {
        for (std::size_t i = 0; i < lines_; ++i) voices_[i].write(rows[i][n] + fed[i], drive);
      }
      for (std::size_t i = 0; i < lines_; ++i) rows[i][n] = (1.0f - mix) * rows[i][n] + wet * repeats[i];
    }
  }

 private:
  static constexpr int kGrid = 16;                    // frames between tunings, counted from reset()
  static constexpr float kDuckedWhole = 1.0f / 0.1f;  // by what peaks at -20 dBFS

  float duck(const std::array<float*, 2>& rows, FrameCount n) noexcept {
    float level = std::abs(rows[0][n]);
    if (lines_ == 2) level = std::max(level, std::abs(rows[1][n]));
    heard_ += (level > heard_ ? attack_ : release_) * (level - heard_);
    return 1.0f - ducked_.next() * std::min(1.0f, kDuckedWhole * heard_);
  }

  int channels_ = 1;
  Layout layout_ = Layout::sideBySide;
  std::size_t lines_ = 0;
  Time time_;
  std::array<Voice, 2> voices_;
  std::array<float, 2> dull_{}, low_{};  // states of each line's low-pass and high-pass
  float heard_ = 0.0f, attack_ = 0.0f, release_ = 0.0f;
  int frame_ = 0;
};

}  // namespace gainstage::dsp
