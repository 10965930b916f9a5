#include "console/rig_slot.h"

#include <algorithm>

namespace gainstage::console {
namespace {

/// The strip's channels into both of `to`, one twice where there is just one.
void spread(ConstAudioView from, AudioView to) noexcept {
  for (int c = 0; c < 2; ++c)
    std::ranges::copy(from.channel(std::min(c, from.channels() - 1)), to.channel(c).begin());
}

}  // namespace

RigSlot::RigSlot(std::unique_ptr<rig::Rig> first, int channels, const StreamFormat& format)
    : channels_(channels),
      crossfadeFrames_(format.frames(kCrossfade)),
      longestTail_(format.frames(kLongestTail)),
      current_(first.release()),
      scratch_(2, format.maxFrames) {
  for (LinearRamp* ramp : {&currentShare_, &ringing_.input, &ringing_.share, &rigShare_, &correction_})
    ramp->setLength(crossfadeFrames_);
}

RigSlot::~RigSlot() {
  for (rig::Rig* rig : {current_, next_, ringing_.rig, leaving_.rig}) delete rig;
  for (rig::Rig* rig : retired_) delete rig;
}

void RigSlot::setTempo(double beatsPerMinute) noexcept {
  for (rig::Rig* rig : {current_, next_, ringing_.rig, leaving_.rig})
    if (rig) rig->setTempo(beatsPerMinute);
}

void RigSlot::install(rig::Rig* rig) noexcept {
  retire(next_);
  next_ = rig;
  if (!leaving_.rig) promoteNext();
}

void RigSlot::promoteNext() noexcept {
  if (ringing_.rig) {
    leaving_ = ringing_;
    leaving_.share.setTarget(0.0f);
  }
  ringing_.rig = current_;
  ringing_.framesLeft =
      2 * crossfadeFrames_ + std::min(current_->tailFrames() + current_->latencyFrames(), longestTail_);
  ringing_.share.snapTo(currentShare_.current() * (shed_ ? rigShare_.current() : 1.0f));
  ringing_.input.snapTo(1.0f);
  ringing_.input.setTarget(0.0f);
  current_ = next_;
  next_ = nullptr;
  currentShare_.snapTo(0.0f);
  currentShare_.setTarget(1.0f);
}

void RigSlot::retire(rig::Rig*& rig) noexcept {
  if (!rig) return;
  for (rig::Rig*& place : retired_)
    if (!place) {
      place = rig;
      rig = nullptr;
      return;
    }
}

rig::Rig* RigSlot::takeRetired() noexcept {
  for (rig::Rig*& place : retired_)
    if (place) return std::exchange(place, nullptr);
  return nullptr;
}

void RigSlot::shed(bool atOnce) noexcept {
  shed_ = true;
  rigShare_.setTarget(0.0f);
  if (atOnce) {
    rigShare_.snapTo(0.0f);
    correctNext_ = true;
  }
}

void RigSlot::restore() noexcept {
  if (!shed_) return;
  shed_ = false;
  if (rigShare_.isSettled()) current_->reset();
  rigShare_.setTarget(1.0f);
}

void RigSlot::reset() noexcept { current_->reset(); }

void RigSlot::process(ConstAudioView input, AudioView wet) noexcept {
  // Cut where an old rig's life ends, so that what happens there does not depend on the callback's length.
  FrameCount at = 0;
  while (at < wet.frames()) {
    FrameCount count = wet.frames() - at;
    if (endOld(count)) continue;
    advance(input.frameRange(at, count), wet.frameRange(at, count));
    at += count;
  }
  for (int c = 0; c < 2; ++c) last_[c] = wet.channel(c).back();
}

/// Whether something ended, or began to; else `count` is cut to where something will.
bool RigSlot::endOld(FrameCount& count) noexcept {
  if (leaving_.rig) {
    if (leaving_.share.isSettled()) {
      retire(leaving_.rig);
      if (next_) promoteNext();
      return true;
    }
    count = std::min(count, leaving_.share.framesLeft());
  }
  if (!ringing_.rig) return false;
  const bool fading = ringing_.share.target() == 0.0f;
  const FrameTime ends = fading ? ringing_.share.framesLeft() : ringing_.framesLeft - crossfadeFrames_;
  if (ends > 0) {
    count = static_cast<FrameCount>(std::min<FrameTime>(count, ends));
    return false;
  }
  if (fading)
    retire(ringing_.rig);
  else
    ringing_.share.setTarget(0.0f);  // a tail longer than the longest fades at its end
  return true;
}

void RigSlot::advance(ConstAudioView input, AudioView wet) noexcept {
  if (shed_ && rigShare_.isSettled())
    spread(input, wet);
  else
    renderCurrent(input, wet);
  for (Old* old : {&leaving_, &ringing_})
    if (old->rig) addOld(*old, input, wet);
  if (correctNext_) {
    correctNext_ = false;
    correction_.snapTo(1.0f);
    correction_.setTarget(0.0f);
    for (int c = 0; c < 2; ++c) correctionFrom_[c] = last_[c] - wet.channel(c)[0];
  }
  if (!correction_.isSettled()) {
    const auto left = wet.channel(0), right = wet.channel(1);
    for (FrameCount n = 0; n < wet.frames(); ++n) {
      const float share = correction_.current();
      correction_.next();
      left[static_cast<std::size_t>(n)] += share * correctionFrom_[0];
      right[static_cast<std::size_t>(n)] += share * correctionFrom_[1];
    }
  }
}

void RigSlot::renderCurrent(ConstAudioView input, AudioView wet) noexcept {
  copy(input, wet.channelRange(0, channels_));
  current_->process(wet);
  if (current_->outputChannels() == 1) std::ranges::copy(wet.channel(0), wet.channel(1).begin());
  const LinearRamp start = currentShare_;
  for (int c = 0; c < 2; ++c) {
    currentShare_ = start;
    currentShare_.apply(wet.channel(c));
  }
  if (rigShare_.isSettled()) return;
  for (FrameCount n = 0; n < wet.frames(); ++n) {
    const auto i = static_cast<std::size_t>(n);
    const float share = rigShare_.next();
    for (int c = 0; c < 2; ++c) {
      const float plain = input.channel(std::min(c, channels_ - 1))[i];
      wet.channel(c)[i] = plain + share * (wet.channel(c)[i] - plain);
    }
  }
}

void RigSlot::addOld(Old& old, ConstAudioView input, AudioView wet) noexcept {
  const AudioView ringing = scratch_.view(wet.frames());
  copy(input, ringing.channelRange(0, channels_));
  const LinearRamp start = old.input;
  for (int c = 0; c < channels_; ++c) {
    old.input = start;
    old.input.apply(ringing.channel(c));
  }
  old.rig->process(ringing);
  if (old.rig->outputChannels() == 1) std::ranges::copy(ringing.channel(0), ringing.channel(1).begin());
  for (FrameCount n = 0; n < wet.frames(); ++n) {
    const auto i = static_cast<std::size_t>(n);
    const float share = old.share.next();
    for (int c = 0; c < 2; ++c) wet.channel(c)[i] += share * ringing.channel(c)[i];
  }
  old.framesLeft -= wet.frames();
}

}  // namespace gainstage::console
