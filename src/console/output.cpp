#include "console/output.h"

#include <algorithm>

namespace gainstage::console {

Output::Output(const OutputState& state, const StreamFormat& format, bool fadeIn)
    : channelCount_(static_cast<int>(state.channels.size())),
      mix_(format),
      fadeInFrames_(fadeIn ? format.frames(kFadeIn) : 1),
      rampFrames_(format.frames(kRamp)),
      panicFrames_(format.frames(kPanicRamp)),
      buffer_(2, format.maxFrames) {
  for (int c = 0; c < channelCount_; ++c) channels_[c] = state.channels[static_cast<std::size_t>(c)] - 1;
  for (LinearRamp* ramp : {&level_, &audible_, &mono_, &polarity_}) ramp->setLength(rampFrames_);
  ceiling_.prepare(format);
  for (dsp::Meter& meter : meters_) meter.prepare(format);
  loudness_.prepare(format, 2);
  for (std::size_t p = 0; p < state.values.size(); ++p) set(static_cast<OutputParameter>(p), state.values[p]);
  snap();
  if (fadeIn) {
    presence_.snapTo(0.0f);
    presence_.setLength(fadeInFrames_);
    presence_.setTarget(1.0f);
  } else {
    presence_.snapTo(1.0f);
  }
}

void Output::set(OutputParameter parameter, float value) noexcept {
  const bool on = value != 0.0f;
  switch (parameter) {
    case OutputParameter::levelDb:
      levelDb_ = value;
      updateLevel();
      break;
    case OutputParameter::dim:
      dim_ = on;
      updateLevel();
      break;
    case OutputParameter::dimDb:
      dimDb_ = value;
      updateLevel();
      break;
    case OutputParameter::mute:
      mute_ = on;
      audible_.setTarget(on ? 0.0f : 1.0f);
      break;
    case OutputParameter::mono:
      mono_.setTarget(on ? 1.0f : 0.0f);
      break;
    case OutputParameter::polarityInverted:
      polarity_.setTarget(on ? -1.0f : 1.0f);
      break;
    case OutputParameter::ceilingDbfs:
      ceiling_.setCeilingDbfs(value);
      break;
    case OutputParameter::ceilingOn:
      ceiling_.setOn(on);
      break;
    case OutputParameter::soloMode:
      levels_.soloMode = static_cast<SoloMode>(static_cast<int>(value));
      break;
    case OutputParameter::count:
      break;
  }
}

void Output::updateLevel() noexcept {
  const bool off = levelDb_ <= kOffDb;
  levels_.outputDb = levelDb_ + (dim_ ? dimDb_ : 0.0f);
  level_.setTarget(off ? 0.0f : Decibels{levels_.outputDb}.linear());
}

void Output::panic(bool on) noexcept {
  panic_ = on;
  if (leaving_) return;
  presence_.setLength(on ? panicFrames_ : fadeInFrames_);
  presence_.setTarget(on ? 0.0f : 1.0f);
}

void Output::leave() noexcept {
  leaving_ = true;
  presence_.setLength(rampFrames_);
  presence_.setTarget(0.0f);
}

void Output::snap() noexcept {
  for (LinearRamp* ramp : {&level_, &audible_, &mono_, &polarity_}) ramp->snapToTarget();
  ceiling_.reset();
  mix_.snap();
}

void Output::applyGain(std::span<float> left, std::span<float> right) noexcept {
  // One product in one order, ramping or settled: the bits may not depend on where a callback ends.
  const bool settled =
      polarity_.isSettled() && level_.isSettled() && audible_.isSettled() && presence_.isSettled();
  if (settled) {
    const float gain = polarity_.target() * level_.target() * audible_.target() * presence_.target();
    for (float& sample : left) sample *= gain;
    for (float& sample : right) sample *= gain;
    return;
  }
  for (std::size_t n = 0; n < left.size(); ++n) {
    const float gain = polarity_.next() * level_.next() * audible_.next() * presence_.next();
    left[n] *= gain;
    right[n] *= gain;
  }
}

void Output::process(const Mix::Source* sources, AudioView device, FrameCount offset) noexcept {
  const FrameCount frames = device.frames();
  const AudioView io = buffer_.view().frameRange(offset, frames);
  io.clear();
  mix_.process(sources, io);

  const auto left = io.channel(0), right = io.channel(1);
  const bool plain = mono_.isSettled() && mono_.target() == 0.0f;
  if (!plain) {
    for (std::size_t n = 0; n < left.size(); ++n) {
      const float share = mono_.next();
      const float middle = 0.5f * (left[n] + right[n]);
      left[n] += share * (middle - left[n]);
      right[n] += share * (middle - right[n]);
    }
  }
  applyGain(left, right);
  ceiling_.process(io);
  ceilingGain_.store(ceiling_.lowestGain(), std::memory_order_relaxed);

  if (channelCount_ == 1) {
    for (std::size_t n = 0; n < left.size(); ++n) left[n] = right[n] = 0.5f * (left[n] + right[n]);
  }
  meters_[0].process(left);
  meters_[1].process(right);
  loudness_.process(io);
  for (int c = 0; c < channelCount_; ++c) {
    if (channels_[c] >= device.channels()) continue;
    const auto to = device.channel(channels_[c]);
    const auto from = io.channel(c);
    for (std::size_t n = 0; n < to.size(); ++n) to[n] += from[n];
  }
}

}  // namespace gainstage::console
