#include "console/strip.h"

#include <algorithm>
#include <cmath>

#include "dsp/kernels.h"

namespace gainstage::console {

Strip::Strip(const StripState& state, std::unique_ptr<rig::Rig> rig, float rigLevelDb,
             const StreamFormat& format, int turn)
    : channels_(static_cast<int>(state.inputs.size())),
      maxFrames_(format.maxFrames),
      direct_(2, format.maxFrames),
      wet_(2, format.maxFrames),
      rig_(std::move(rig), channels_, format),
      sampleRate_(format.sampleRate) {
  for (int c = 0; c < channels_; ++c) inputs_[c] = state.inputs[static_cast<std::size_t>(c)] - 1;
  directRows_[0] = direct_.channel(0).data();
  directRows_[1] = direct_.channel(channels_ - 1).data();
  for (LinearRamp* ramp : {&trim_, &polarity_, &hold_, &reverbSend_}) ramp->setLength(format.frames(kRamp));
  highpass_.prepare(format);
  for (int c = 0; c < 2; ++c) {
    before_[c].prepare(format);
    after_[c].prepare(format);
  }
  howl_.prepare(format, turn);
  levels_.present = true;
  levels_.rigDb = rigLevelDb;
  leastSleepAfter_ = std::max<FrameTime>(format.frames(kSleepAfter), kLargestBlock);
  sleepAfter_ = leastSleepAfter_ + rig_.tailFrames() + rig_.latencyFrames();
  for (std::size_t p = 0; p < state.values.size(); ++p) set(static_cast<StripParameter>(p), state.values[p]);
  snap();
}

void Strip::set(StripParameter parameter, float value) noexcept {
  const bool on = value != 0.0f;
  switch (parameter) {
    case StripParameter::trimDb:
      levels_.trimDb = value;
      trim_.setTarget(Decibels{value}.linear());
      break;
    case StripParameter::polarityInverted:
      polarity_.setTarget(on ? -1.0f : 1.0f);
      break;
    case StripParameter::highpassOn:
      highpass_.setOn(on);
      break;
    case StripParameter::highpassHz:
      highpass_.setFrequency(Hertz{value});
      break;
    case StripParameter::highpassSlope:
      highpass_.setSlope(static_cast<dsp::Slope>(static_cast<int>(value)));
      break;
    case StripParameter::faderDb:
      levels_.faderDb = value;
      levels_.faderGain = value <= kOffDb ? 0.0f : Decibels{value}.linear();
      break;
    case StripParameter::mute:
      levels_.mute = on;
      break;
    case StripParameter::solo:
      levels_.solo = on;
      break;
    case StripParameter::reverbSendDb:
      reverbSendGain_ = value <= kOffDb ? 0.0f : Decibels{value}.linear();
      break;
    case StripParameter::loopReverse:
      loopReverse_ = on;
      return tellLooper();
    case StripParameter::loopHalfSpeed:
      loopHalfSpeed_ = on;
      return tellLooper();
    case StripParameter::loopDecayDb:
      loopDecayDb_ = value;
      return tellLooper();
    case StripParameter::loopQuantise:
      loopQuantise_ = on;
      return tellLooper();
    case StripParameter::preampGainDb:  // the device's, which control tells
    case StripParameter::pad:
    case StripParameter::instrumentInput:
    case StripParameter::phantomPower:
    case StripParameter::clipGuard:
    case StripParameter::count:
      break;
  }
}

void Strip::installLooper(dsp::Looper* looper) noexcept {
  looper_.reset(looper);
  tellLooper();
}

void Strip::setTempo(double beatsPerMinute) noexcept {
  rig_.setTempo(beatsPerMinute);
  beatFrames_ = 60.0 / beatsPerMinute * sampleRate_;
  tellLooper();
}

void Strip::tellLooper() noexcept {
  if (!looper_) return;
  looper_->setReverse(loopReverse_);
  looper_->setHalfSpeed(loopHalfSpeed_);
  looper_->setDecay(Decibels{loopDecayDb_});
  looper_->setBeat(loopQuantise_ ? beatFrames_ : 0.0);
}

void Strip::snap() noexcept {
  for (LinearRamp* ramp : {&trim_, &polarity_, &hold_, &reverbSend_}) ramp->snapToTarget();
  highpass_.reset();
}

void Strip::updateReverbSend(bool heard) noexcept {
  reverbSend_.setTarget(heard ? reverbSendGain_ * levels_.faderGain * levels_.duckGain : 0.0f);
}

void Strip::processInput(ConstAudioView device, FrameCount offset) noexcept {
  const FrameCount frames = device.frames();
  const AudioView io = direct_.view().frameRange(offset, frames).channelRange(0, channels_);
  if (isResting(device)) {
    io.clear();
    return;
  }
  const LinearRamp trim = trim_, polarity = polarity_, hold = hold_;
  for (int c = 0; c < channels_; ++c) {
    const auto to = io.channel(c);
    if (inputs_[c] >= device.channels()) {
      std::ranges::fill(to, 0.0f);
      continue;
    }
    const auto from = device.channel(inputs_[c]);
    trim_ = trim;
    polarity_ = polarity;
    hold_ = hold;
    notePeak(from);
    for (std::size_t n = 0; n < to.size(); ++n) {
      const float gain = trim_.next() * polarity_.next() * hold_.next();
      to[n] = from[n] * gain;
    }
    for (float& sample : to)
      if (!std::isfinite(sample)) {
        sample = 0.0f;
        notFinite_ = true;
      }
  }
  highpass_.process(io);
  for (int c = 0; c < channels_; ++c) before_[c].process(io.channel(c));
}

void Strip::notePeak(std::span<const float> device) noexcept {
  const float peak = dsp::peak(device);
  if (!std::isfinite(peak)) return;
  // Whoever takes it may put it back to 0 in between.
  float known = devicePeak_.load(std::memory_order_relaxed);
  while (known < peak && !devicePeak_.compare_exchange_weak(known, peak, std::memory_order_relaxed)) {
  }
}

bool Strip::isResting(ConstAudioView device) const noexcept {
  if (!isAsleep() || !trim_.isSettled() || !polarity_.isSettled() || !hold_.isSettled()) return false;
  for (int c = 0; c < channels_; ++c) {
    if (!before_[c].isAtRest()) return false;
    if (inputs_[c] < device.channels() && dsp::peak(device.channel(inputs_[c])) != 0.0f) return false;
  }
  return true;
}

void Strip::processRig(FrameCount offset, FrameCount frames) noexcept {
  // Sleeping begins and ends at the frame where silence is long enough or over, wherever the callback's ends
  // lie.
  const auto left = std::span(directRows_[0] + offset, static_cast<std::size_t>(frames));
  const auto right = std::span(directRows_[1] + offset, static_cast<std::size_t>(frames));
  const auto isZero = [](float sample) { return sample == 0.0f; };
  const auto firstSound = std::min(std::ranges::find_if_not(left, isZero) - left.begin(),
                                   std::ranges::find_if_not(right, isZero) - right.begin());
  const auto zeros = static_cast<FrameCount>(firstSound);

  if (!rig_.isAtRest()) silentFrames_ = 0;
  const bool wasAsleep = isAsleep();
  // The tail is as long as the rig's values make it by now.
  if (zeros > 0 && !wasAsleep)
    sleepAfter_ = std::max(leastSleepAfter_ + rig_.tailFrames() + rig_.latencyFrames(), silentFrames_);
  const FrameCount awakeZeros =
      wasAsleep ? 0 : static_cast<FrameCount>(std::min<FrameTime>(zeros, sleepAfter_ - silentFrames_));
  const FrameCount asleepZeros = zeros - awakeZeros;
  if (awakeZeros > 0) renderRig(offset, awakeZeros);
  silentFrames_ = std::min(silentFrames_ + zeros, sleepAfter_);
  if (asleepZeros > 0) {
    if (!wasAsleep) rig_.reset();
    wet_.view().frameRange(offset + awakeZeros, asleepZeros).clear();
  }
  if (zeros < frames) {
    renderRig(offset + zeros, frames - zeros);
    const auto lastSound =
        std::max(std::find_if_not(left.rbegin(), left.rend(), isZero).base() - left.begin(),
                 std::find_if_not(right.rbegin(), right.rend(), isZero).base() - right.begin());
    silentFrames_ = frames - static_cast<FrameTime>(lastSound);
  }
  const AudioView out = wet_.view().frameRange(offset, frames);
  // A strip may sleep while its loop plays on: what sleeps is the rig.
  const bool loops = looper_ && looper_->isActive();
  if (looper_) looper_->process(out);
  if (!loops && asleepZeros == frames && after_[0].isAtRest() && after_[1].isAtRest()) return;
  for (int c = 0; c < 2; ++c) after_[c].process(out.channel(c));
}

void Strip::renderRig(FrameCount offset, FrameCount frames) noexcept {
  rig_.process(ConstAudioView(directRows_, channels_, frames, offset),
               wet_.view().frameRange(offset, frames));
}

}  // namespace gainstage::console
