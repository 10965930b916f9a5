#include "console/output.h"

#include <algorithm>
#include <cmath>

namespace gainstage::console {

Output::Output(const OutputState& state, const StreamFormat& format, bool fadeIn,
               headphones::PreparedCorrection correction)
    : channelCount_(static_cast<int>(state.channels.size())),
      mix_(format),
      fadeInFrames_(fadeIn ? format.frames(kFadeIn) : 1),
      rampFrames_(format.frames(kRamp)),
      panicFrames_(format.frames(kPanicRamp)),
      buffer_(2, format.maxFrames) {
  for (int c = 0; c < channelCount_; ++c) channels_[c] = state.channels[static_cast<std::size_t>(c)] - 1;
  for (LinearRamp* ramp : {&level_, &audible_, &polarity_}) ramp->setLength(rampFrames_);
  image_.prepare(format);
  crossfeed_.prepare(format);
  correction_.prepare(format, 2);
  correction_.install(correction);
  limiter_.prepare(format);
  ceiling_.prepare(format);
  exposure_.prepare(format);
  for (dsp::Meter& meter : meters_) meter.prepare(format);
  loudness_.prepare(format, 2);
  for (std::size_t p = 0; p < state.values.size(); ++p) set(static_cast<OutputParameter>(p), state.values[p]);
  const auto fullScale = headphones::fullScaleDbSpl(state.gear);
  setFullScale(fullScale ? static_cast<float>(*fullScale) : std::numeric_limits<float>::quiet_NaN());
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
      image_.setMono(on);
      break;
    case OutputParameter::polarityInverted:
      polarity_.setTarget(on ? -1.0f : 1.0f);
      break;
    case OutputParameter::ceilingDbfs:
      ceilingDbfs_ = value;
      updateCeiling();
      break;
    case OutputParameter::ceilingOn:
      ceilingOn_ = on;
      updateCeiling();
      break;
    case OutputParameter::soloMode:
      levels_.soloMode = static_cast<SoloMode>(static_cast<int>(value));
      break;
    default:
      return setListening(parameter, value);
  }
}

void Output::setListening(OutputParameter parameter, float value) noexcept {
  const bool on = value != 0.0f;
  switch (parameter) {
    case OutputParameter::balance:
      image_.setBalance(value);
      for (int side = 0; side < channelCount_; ++side)
        levels_.sidesDb[static_cast<std::size_t>(side)] = channelCount_ == 2 ? image_.sideDb(side) : 0.0f;
      break;
    case OutputParameter::width:
      image_.setWidth(value);
      break;
    case OutputParameter::crossfeedOn:
      crossfeed_.setOn(on);
      break;
    case OutputParameter::crossfeedHz:
      crossfeedSetting_.cutHz = value;
      crossfeed_.set(crossfeedSetting_);
      break;
    case OutputParameter::crossfeedFeedDb:
      crossfeedSetting_.feedDb = value;
      crossfeed_.set(crossfeedSetting_);
      break;
    case OutputParameter::correctionOn:
      correction_.setOn(on);
      break;
    case OutputParameter::correctionMatched:
      correction_.setMatched(on);
      break;
    case OutputParameter::ceilingDbSpl:
      ceilingDbSpl_ = value;
      updateCeiling();
      break;
    case OutputParameter::ceilingSplOn:
      ceilingSplOn_ = on;
      updateCeiling();
      break;
    case OutputParameter::levelLimitDba:
      limiter_.setLimitDba(value);
      break;
    case OutputParameter::levelLimitOn:
      limiter_.setOn(on);
      break;
    default:
      break;
  }
}

void Output::setFullScale(float dbSpl) noexcept {
  fullScaleDbSpl_ = dbSpl;
  limiter_.setFullScale(static_cast<double>(dbSpl));
  exposure_.setFullScale(static_cast<double>(dbSpl));
  updateCeiling();
}

void Output::installCorrection(headphones::PreparedCorrection& correction) noexcept {
  correction_.install(correction);
  updateLevel();
}

void Output::updateCeiling() noexcept {
  const bool knowsSpl = ceilingSplOn_ && std::isfinite(fullScaleDbSpl_);
  float lowest = ceilingDbfs_;
  if (knowsSpl) {
    const auto spl = static_cast<float>(headphones::dbfsOfPeak(ceilingDbSpl_, fullScaleDbSpl_));
    lowest = ceilingOn_ ? std::min(ceilingDbfs_, spl) : spl;
  }
  ceiling_.setCeilingDbfs(lowest);
  ceiling_.setOn(ceilingOn_ || knowsSpl);
}

void Output::updateLevel() noexcept {
  const bool off = levelDb_ <= kOffDb;
  const float levelDb = levelDb_ + (dim_ ? dimDb_ : 0.0f);
  levels_.outputDb = levelDb + correction_.loudnessDb();
  level_.setTarget(off ? 0.0f : Decibels{levelDb}.linear());
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
  for (LinearRamp* ramp : {&level_, &audible_, &polarity_}) ramp->snapToTarget();
  image_.reset();
  crossfeed_.reset();
  correction_.reset();
  limiter_.reset();
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

void Output::limit(AudioView io) noexcept {
  limiter_.process(io);
  limiterGain_.store(limiter_.lowestGain(), std::memory_order_relaxed);
  ceiling_.process(io);
  ceilingGain_.store(ceiling_.lowestGain(), std::memory_order_relaxed);
}

void Output::process(const Mix::Source* sources, AudioView device, FrameCount offset) noexcept {
  const FrameCount frames = device.frames();
  const AudioView io = buffer_.view().frameRange(offset, frames);
  io.clear();
  mix_.process(sources, io);

  if (channelCount_ == 2) {
    image_.process(io);
    crossfeed_.process(io);
  }
  correction_.process(io);
  const auto left = io.channel(0), right = io.channel(1);
  applyGain(left, right);
  if (channelCount_ == 1)
    for (std::size_t n = 0; n < left.size(); ++n) left[n] = right[n] = 0.5f * (left[n] + right[n]);
  limit(io);
  meters_[0].process(left);
  meters_[1].process(right);
  loudness_.process(io);
  exposure_.process(io);
  for (int c = 0; c < channelCount_; ++c) {
    if (channels_[c] >= device.channels()) continue;
    const auto to = device.channel(channels_[c]);
    const auto from = io.channel(c);
    for (std::size_t n = 0; n < to.size(); ++n) to[n] += from[n];
  }
}

}  // namespace gainstage::console
