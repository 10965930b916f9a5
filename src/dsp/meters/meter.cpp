#include "dsp/meters/meter.h"

#include <algorithm>
#include <cmath>

namespace gainstage::dsp {
namespace {

// Ballistics move on a grid of frames, so that they do not depend on the callback's length.
constexpr FrameCount kTickFrames = kLevelFrames;
constexpr Milliseconds kHold{1500.0};
constexpr Milliseconds kRmsWindow{300.0};
constexpr double kFallDbPerSecond = 20.0;  // IEC 60268-18 (1995): 20 dB in 1.7 s at the slowest

// The largest positive code of a 16-bit converter (-0.0003 dBFS): +1 itself is never reached by integers.
constexpr float kFullScale = 32767.0f / 32768.0f;

}  // namespace

void Meter::prepare(const StreamFormat& format) {
  const auto ticks = [&](Milliseconds time) {
    return std::max(1, (format.frames(time) + kTickFrames / 2) / kTickFrames);
  };
  squares_.assign(static_cast<std::size_t>(ticks(kRmsWindow)), 0.0);
  windowFrames_ = static_cast<double>(squares_.size()) * kTickFrames;
  holdTicks_ = ticks(kHold);
  fallPerTick_ = Decibels{-kFallDbPerSecond * kTickFrames / format.sampleRate}.linear();
  reset();
}

void Meter::reset() noexcept {
  detector_.reset();
  std::ranges::fill(squares_, 0.0);
  oldest_ = 0;
  windowSum_ = newSum_ = tickSum_ = 0.0;
  tickLeft_ = kTickFrames;
  peak_ = truePeak_ = {};
  maxPeak_ = maxTruePeak_ = 0.0f;
  clips_ = 0;
  inClip_ = false;
  publish();
}

void Meter::process(std::span<const float> samples) noexcept {
  if (clear_.load(std::memory_order_relaxed)) {
    clear_.store(false, std::memory_order_relaxed);
    maxPeak_ = maxTruePeak_ = 0.0f;
    clips_ = 0;
  }
  while (!samples.empty()) {
    const std::size_t frames = std::min(samples.size(), static_cast<std::size_t>(tickLeft_));
    const std::span<const float> part = samples.first(frames);
    const BlockLevels levels = detector_.measure(part);
    peak_.rise(levels.peak, holdTicks_);
    truePeak_.rise(levels.truePeak, holdTicks_);
    maxPeak_ = std::max(maxPeak_, levels.peak);
    maxTruePeak_ = std::max(maxTruePeak_, levels.truePeak);
    tickSum_ += static_cast<double>(levels.squares);
    countClips(part, levels.peak);
    tickLeft_ -= static_cast<FrameCount>(frames);
    if (tickLeft_ == 0) endTick();
    samples = samples.subspan(frames);
  }
  publish();
}

bool Meter::isAtRest() const noexcept {
  return peak_.value == 0.0f && truePeak_.value == 0.0f && windowSum_ == 0.0 && newSum_ == 0.0 &&
         tickSum_ == 0.0 && !clear_.load(std::memory_order_relaxed);
}

void Meter::Hold::rise(float peak, int ticks) noexcept {
  if (peak < value || peak == 0.0f) return;
  value = peak;
  ticksLeft = ticks;
}

void Meter::Hold::tick(float fall) noexcept {
  if (ticksLeft > 0)
    --ticksLeft;
  else
    value = value > 1e-9f ? value * fall : 0.0f;
}

void Meter::countClips(std::span<const float> samples, float peak) noexcept {
  if (peak < kFullScale) {
    inClip_ = false;
    return;
  }
  for (const float sample : samples) {
    const bool clipped = std::abs(sample) >= kFullScale;
    if (clipped && !inClip_) ++clips_;
    inClip_ = clipped;
  }
}

void Meter::endTick() noexcept {
  peak_.tick(fallPerTick_);
  truePeak_.tick(fallPerTick_);
  windowSum_ += tickSum_ - squares_[oldest_];
  newSum_ += tickSum_;
  squares_[oldest_] = tickSum_;
  if (++oldest_ == squares_.size()) {
    oldest_ = 0;
    windowSum_ = newSum_;
    newSum_ = 0.0;
  }
  tickSum_ = 0.0;
  tickLeft_ = kTickFrames;
}

void Meter::publish() noexcept {
  const auto show = [](auto& where, auto value) { where.store(value, std::memory_order_relaxed); };
  show(shown_.heldPeak, peak_.value);
  show(shown_.heldTruePeak, truePeak_.value);
  show(shown_.rms, static_cast<float>(std::sqrt(std::max(0.0, windowSum_ / windowFrames_))));
  show(shown_.maxPeak, maxPeak_);
  show(shown_.maxTruePeak, maxTruePeak_);
  show(shown_.clips, clips_);
}

MeterReading Meter::read() const noexcept {
  const auto load = [](const auto& from) { return from.load(std::memory_order_relaxed); };
  return {.heldPeak = load(shown_.heldPeak),
          .heldTruePeak = load(shown_.heldTruePeak),
          .rms = load(shown_.rms),
          .maxPeak = load(shown_.maxPeak),
          .maxTruePeak = load(shown_.maxTruePeak),
          .clips = load(shown_.clips)};
}

}  // namespace gainstage::dsp
