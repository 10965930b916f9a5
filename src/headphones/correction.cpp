#include "headphones/correction.h"

#include <algorithm>
#include <utility>

namespace gainstage::headphones {

void Correction::prepare(const StreamFormat& format, int channels) {
  settlingFrames_ = format.frames(kSettling);
  crossfade_.setLength(format.frames(kFade));
  scratch_ = AudioBuffer(channels, format.maxFrames);
  reset();
}

void Correction::retire(std::unique_ptr<CorrectionFilter> filter) noexcept {
  if (!filter) return;
  filter->next_ = std::move(retired_);
  retired_ = std::move(filter);
}

std::unique_ptr<CorrectionFilter> Correction::takeRetired() noexcept {
  auto first = std::move(retired_);
  if (first) retired_ = std::move(first->next_);
  return first;
}

void Correction::install(std::unique_ptr<CorrectionFilter> filter) noexcept {
  retire(std::move(waiting_));
  waiting_ = std::move(filter);
  hasWaiting_ = true;
}

void Correction::begin() noexcept {
  if (hasWaiting_) {
    incoming_ = std::move(waiting_);
    hasIncoming_ = std::exchange(hasWaiting_, false);
  }
  going_ = hasIncoming_ ? (on_ ? incoming_.get() : nullptr) : wanted();
  if (going_ == heard_) return end();
  moving_ = true;
  settlingLeft_ = going_ ? settlingFrames_ : 0;
  if (going_) going_->reset();
  crossfade_.start();
}

void Correction::end() noexcept {
  moving_ = false;
  heard_ = going_;
  if (!hasIncoming_) return;
  retire(std::move(current_));
  current_ = std::move(incoming_);
  hasIncoming_ = false;
}

void Correction::reset() noexcept {
  if (moving_) end();
  if (hasWaiting_) {
    retire(std::move(current_));
    current_ = std::move(waiting_);
    hasWaiting_ = false;
  }
  crossfade_.finish();
  heard_ = wanted();
  if (heard_) heard_->reset();
}

void Correction::settle(AudioView io) noexcept {
  const AudioView aside = scratch_.view(io.frames());
  copy(io, aside);
  going_->process(aside);
  if (heard_) heard_->process(io);
  settlingLeft_ -= io.frames();
}

void Correction::fade(AudioView io) noexcept {
  const AudioView old = scratch_.view(io.frames());
  copy(io, old);
  if (heard_) heard_->process(old);
  if (going_) going_->process(io);
  crossfade_.process(old, io);
  if (crossfade_.isOver()) end();
}

void Correction::process(AudioView io) noexcept {
  for (FrameCount done = 0; done < io.frames();) {
    if (!moving_ && (hasWaiting_ || heard_ != wanted())) begin();
    FrameCount frames = io.frames() - done;
    if (moving_) frames = std::min(frames, settlingLeft_ > 0 ? settlingLeft_ : crossfade_.framesLeft());
    const AudioView part = io.frameRange(done, frames);
    done += frames;
    if (!moving_) {
      if (heard_) heard_->process(part);
    } else if (settlingLeft_ > 0) {
      settle(part);
    } else {
      fade(part);
    }
  }
}

}  // namespace gainstage::headphones
