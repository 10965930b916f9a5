#include "dsp/looper/looper.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/fade.h"

namespace gainstage::dsp {
namespace {

constexpr Milliseconds kFade{10.0};
constexpr double kAheadS = 8.0;
constexpr int kFramesPerTrim = 64;  // a chunk goes back in so many frames at most

std::int64_t longestFrames(const StreamFormat& format) {
  return static_cast<std::int64_t>(Looper::kLongestS * format.sampleRate);
}

/// The longest loop, one overdub of all of it, and what waits.
int mostChunks(const StreamFormat& format, int ahead) {
  return 2 * static_cast<int>(longestFrames(format) / LoopChunk::kFrames + 1) + 2 * ahead;
}

int chunksAhead(const StreamFormat& format) {
  return static_cast<int>(kAheadS * format.sampleRate / LoopChunk::kFrames) + 2;
}

}  // namespace

Looper::Looper(const StreamFormat& format)
    : fadeFrames_(format.frames(kFade)),
      ahead_(chunksAhead(format)),
      memory_(mostChunks(format, ahead_)),
      layers_(memory_, longestFrames(format)) {
  for (LinearRamp* ramp : {&playGain_, &overdub_, &decay_}) ramp->setLength(fadeFrames_);
  decay_.snapTo(1.0f);
  pinnedTable_ = layers_.table(0);
  // A half-band sinc under Hann's window; its sum is 1.
  double sum = 0.0;
  std::array<double, 8> taps{};
  for (std::size_t i = 0; i < taps.size(); ++i) {
    const double x = static_cast<double>(i) + 0.5;
    const double window = std::cos(0.5 * std::numbers::pi * x / static_cast<double>(taps.size()));
    taps[i] = std::sin(std::numbers::pi * x) / (std::numbers::pi * x) * window * window;
    sum += 2.0 * taps[i];
  }
  for (std::size_t i = 0; i < taps.size(); ++i) between_[i] = static_cast<float>(taps[i] / sum);
}

void Looper::service() {
  memory_.collect();
  memory_.supply(ahead_);
}

std::size_t Looper::bytes() const noexcept {
  return static_cast<std::size_t>(memory_.allocated()) * LoopMemory::bytesPerChunk();
}

LoopReading Looper::reading() const noexcept {
  return {.state = shownState_.load(std::memory_order_relaxed),
          .lengthFrames = shownLength_.load(std::memory_order_relaxed),
          .positionFrames = shownPosition_.load(std::memory_order_relaxed),
          .undoable = shownUndo_.load(std::memory_order_relaxed),
          .redoable = shownRedo_.load(std::memory_order_relaxed),
          .ranOut = shownRanOut_.load(std::memory_order_relaxed),
          .refused = shownRefused_.load(std::memory_order_relaxed)};
}

void Looper::publish() noexcept {
  shownState_.store(clearing_ ? LoopState::empty : state_, std::memory_order_relaxed);
  shownLength_.store(state_ == LoopState::recording ? recorded_ : length_, std::memory_order_relaxed);
  shownPosition_.store(halfFrames_ / 2, std::memory_order_relaxed);
  shownUndo_.store(layers_.current(), std::memory_order_relaxed);
  shownRedo_.store(std::max(layers_.count() - 1 - layers_.current(), 0), std::memory_order_relaxed);
  shownRanOut_.store(ranOut_, std::memory_order_relaxed);
  shownRefused_.store(refused_, std::memory_order_relaxed);
}

void Looper::act(LoopAction action) noexcept {
  if (action == LoopAction::unpin) {
    pinned_.store(false, std::memory_order_release);
    const auto end = std::remove(pending_.begin(), pending_.begin() + pendingCount_, LoopAction::pin);
    pendingCount_ = static_cast<int>(end - pending_.begin());
    return;
  }
  if (action == LoopAction::clear) {
    pendingCount_ = 0;
    clearing_ = state_ != LoopState::empty;
    playGain_.setTarget(0.0f);
    overdub_.setTarget(0.0f);
    return;
  }
  pend(action, false);
}

void Looper::pend(LoopAction action, bool first) noexcept {
  if (pendingCount_ == kMostPending) {
    refused_ = true;
    return;
  }
  if (first)
    std::copy_backward(pending_.begin(), pending_.begin() + pendingCount_,
                       pending_.begin() + pendingCount_ + 1);
  pending_[static_cast<std::size_t>(first ? 0 : pendingCount_)] = action;
  ++pendingCount_;
}

/// What is under way has to end before the next thing begins; never longer than a fade, but for a recording
/// that waits for its beat.
bool Looper::isBusy() const noexcept {
  return clearing_ || closeAt_ > 0 || switchLeft_ > 0 ||
         (length_ > 0 && seam_ < std::min<std::int64_t>(fadeFrames_, length_)) ||
         (!overdub_.isSettled() && overdub_.target() == 0.0f);
}

void Looper::runPending() noexcept {
  while (pendingCount_ > 0 && !isBusy()) {
    const LoopAction action = pending_[0];
    std::copy(pending_.begin() + 1, pending_.begin() + pendingCount_, pending_.begin());
    --pendingCount_;
    refused_ = false;
    execute(action);
  }
}

void Looper::execute(LoopAction action) noexcept {
  if (action == LoopAction::record) {
    if (state_ == LoopState::empty) return startRecording();
    const bool plays = state_ == LoopState::playing || state_ == LoopState::stopped;
    action = plays ? LoopAction::overdub : LoopAction::play;
  }
  if (state_ == LoopState::empty) {
    refused_ = true;
    return;
  }
  if (state_ == LoopState::recording) {
    if (action == LoopAction::undo) {
      clearing_ = true;  // there is nothing to go back to
      return;
    }
    if (action == LoopAction::play || action == LoopAction::stop || action == LoopAction::overdub)
      return askToClose(action);
    refused_ = true;
    return;
  }
  if (state_ == LoopState::overdubbing) {
    if (action == LoopAction::overdub) return;
    if (action == LoopAction::pin) {
      refused_ = true;
      return;
    }
    endOverdub();
    if (action != LoopAction::play) pend(action, true);
    return;
  }
  switch (action) {
    case LoopAction::overdub:
      play();
      refused_ = !startOverdub();
      return;
    case LoopAction::play:
      return play();
    case LoopAction::stop:
      state_ = LoopState::stopped;
      return playGain_.setTarget(0.0f);
    case LoopAction::undo:
      if (layers_.current() > 0) return switchTo(layers_.current() - 1);
      refused_ = true;
      return;
    case LoopAction::redo:
      if (layers_.current() + 1 < layers_.count()) return switchTo(layers_.current() + 1);
      refused_ = true;
      return;
    case LoopAction::pin:
      return pin();
    default:
      return;
  }
}

void Looper::startRecording() noexcept {
  layers_.begin();
  recorded_ = length_ = closeAt_ = 0;
  seam_ = 0;
  ranOut_ = false;
  state_ = LoopState::recording;
}

void Looper::askToClose(LoopAction then) noexcept {
  afterClose_ = then;
  const std::int64_t least = 2 * fadeFrames_;
  std::int64_t wanted = recorded_;
  if (beatFrames_ >= 1.0) {
    const double beats = std::max(std::round(static_cast<double>(recorded_) / beatFrames_), 1.0);
    wanted = std::llround(beats * beatFrames_);
  }
  wanted = std::clamp(wanted, least, layers_.mostFrames());
  if (wanted <= recorded_)
    close(wanted);
  else
    closeAt_ = wanted;
}

void Looper::recordFrame(const float (&in)[2]) noexcept {
  if (layers_.append(recorded_, in)) {
    ++recorded_;
    if (recorded_ == closeAt_ || recorded_ == layers_.mostFrames()) {
      ranOut_ = recorded_ != closeAt_;
      close(recorded_);
    }
    return;
  }
  ranOut_ = true;
  if (recorded_ < 2 * fadeFrames_) {
    clearing_ = true;
    return;
  }
  close(recorded_);
}

void Looper::close(std::int64_t length) noexcept {
  length_ = length;
  closeAt_ = 0;
  state_ = LoopState::stopped;
  // What was played beyond the end, until the beat's end was known, belongs to the next pass already.
  const std::int64_t beyond = recorded_ - length_;
  for (seam_ = 0; seam_ < std::min<std::int64_t>(beyond, fadeFrames_);) {
    const float after[2] = {layers_.at(0, length_ + seam_, 0), layers_.at(0, length_ + seam_, 1)};
    blendSeam(seam_++, after);
  }
  halfFrames_ = 2 * (beyond % length_);
  if (afterClose_ == LoopAction::stop) return;
  state_ = LoopState::playing;
  playGain_.setTarget(1.0f);
  if (afterClose_ == LoopAction::overdub) pend(LoopAction::overdub, true);
  afterClose_ = LoopAction::play;
}

/// The beginning, over its first 10 ms, comes up from what followed the end: the end goes on as it was
/// played.
void Looper::blendSeam(std::int64_t index, const float (&in)[2]) noexcept {
  const float share = smoothStep(static_cast<float>(index) / static_cast<float>(fadeFrames_));
  for (int c = 0; c < 2; ++c) {
    float& sample = layers_.at(0, index, c);
    sample = in[c] + share * (sample - in[c]);
  }
}

void Looper::play() noexcept {
  if (state_ == LoopState::playing) return;
  if (isSilent()) {
    reverse_ = wantedReverse_;
    halfSpeed_ = wantedHalfSpeed_;
    halfFrames_ = reverse_ ? 2 * (length_ - 1) : 0;
  }
  state_ = LoopState::playing;
  playGain_.setTarget(1.0f);
}

std::size_t Looper::nextChunk(std::size_t chunk) const noexcept {
  const auto last = static_cast<std::size_t>((length_ - 1) / LoopChunk::kFrames);
  if (reverse_) return chunk == 0 ? last : chunk - 1;
  return chunk == last ? 0 : chunk + 1;
}

bool Looper::startOverdub() noexcept {
  if (halfSpeed_ || wantedHalfSpeed_ || halfFrames_ % 2 != 0) return false;
  if (!layers_.beginOverdub(pinned_.load(std::memory_order_relaxed))) return false;
  chunk_ = static_cast<std::size_t>(halfFrames_ / 2 / LoopChunk::kFrames);
  ranOut_ = !layers_.own(chunk_) || !layers_.own(nextChunk(chunk_));
  if (ranOut_) {
    layers_.setCurrent(layers_.current() - 1);
    return false;
  }
  state_ = LoopState::overdubbing;
  overdub_.setTarget(1.0f);
  return true;
}

void Looper::endOverdub() noexcept {
  state_ = LoopState::playing;
  overdub_.setTarget(0.0f);
}

void Looper::overdubFrame(const float (&in)[2]) noexcept {
  const float share = overdub_.next(), kept = 1.0f - share * (1.0f - decay_.next());
  const std::int64_t place = halfFrames_ / 2;
  // A chunk is longer than a fade: where the one after this cannot be had, there is time to fade out in this.
  if (const auto chunk = static_cast<std::size_t>(place / LoopChunk::kFrames); chunk != chunk_) {
    chunk_ = chunk;
    if (state_ == LoopState::overdubbing && !layers_.own(nextChunk(chunk))) {
      ranOut_ = true;
      endOverdub();
    }
  }
  for (int c = 0; c < 2; ++c) {
    float& sample = layers_.at(layers_.current(), place, c);
    sample = sample * kept + share * in[c];
  }
}

void Looper::switchTo(int layer) noexcept {
  oldLayer_ = layers_.current();
  layers_.setCurrent(layer);
  switchLeft_ = fadeFrames_;
}

void Looper::finishClear() noexcept {
  if (!isSilent() || pinned_.load(std::memory_order_relaxed)) return;
  layers_.dropAll();
  clearing_ = false;
  state_ = LoopState::empty;
  overdub_.snapTo(0.0f);
  recorded_ = length_ = halfFrames_ = closeAt_ = 0;
  seam_ = 0;
  switchLeft_ = 0;
}

void Looper::pin() noexcept {
  std::ranges::copy(layers_.table(layers_.current()), pinnedTable_.begin());
  pinnedLength_ = length_;
  pinned_.store(true, std::memory_order_release);
}

void Looper::readPinned(std::int64_t first, AudioView out) noexcept {
  for (int c = 0; c < out.channels(); ++c)
    for (FrameCount n = 0; n < out.frames(); ++n) {
      const auto frame = static_cast<std::size_t>(first + n);
      out.channel(c)[static_cast<std::size_t>(n)] =
          memory_.chunk(pinnedTable_[frame / LoopChunk::kFrames])
              .samples[static_cast<std::size_t>(c)][frame % LoopChunk::kFrames];
    }
}

std::int64_t Looper::wrapped(std::int64_t frame) const noexcept {
  const std::int64_t rest = frame % length_;
  return rest < 0 ? rest + length_ : rest;
}

float Looper::heard(int layer, int channel) noexcept {
  const std::int64_t before = halfFrames_ / 2;
  if (halfFrames_ % 2 == 0) return layers_.at(layer, before, channel);
  float sum = 0.0f;
  for (std::size_t i = 0; i < between_.size(); ++i) {
    const auto away = static_cast<std::int64_t>(i);
    sum += between_[i] * (layers_.at(layer, wrapped(before - away), channel) +
                          layers_.at(layer, wrapped(before + 1 + away), channel));
  }
  return sum;
}

void Looper::advance() noexcept {
  if (overdub_.isSettled() && overdub_.target() == 0.0f) {
    reverse_ = wantedReverse_;
    halfSpeed_ = wantedHalfSpeed_;
  }
  // Back at full speed it has to stand on frames again.
  const std::int64_t step = halfSpeed_ || halfFrames_ % 2 != 0 ? 1 : 2;
  const std::int64_t all = 2 * length_;
  halfFrames_ += reverse_ ? -step : step;
  if (halfFrames_ >= all) halfFrames_ -= all;
  if (halfFrames_ < 0) halfFrames_ += all;
}

void Looper::frame(float& left, float& right) noexcept {
  runPending();
  if (clearing_) finishClear();
  if (state_ == LoopState::empty) return;
  const float in[2] = {left, right};
  if (state_ == LoopState::recording) return recordFrame(in);
  if (seam_ < fadeFrames_) blendSeam(seam_++, in);
  const bool writes = !(overdub_.isSettled() && overdub_.target() == 0.0f);
  if (isSilent() && !writes && switchLeft_ == 0) return;
  const float gain = playGain_.next();
  float loop[2] = {heard(layers_.current(), 0), heard(layers_.current(), 1)};
  if (switchLeft_ > 0) {
    const float old = smoothStep(static_cast<float>(switchLeft_--) / static_cast<float>(fadeFrames_));
    for (int c = 0; c < 2; ++c) loop[c] += old * (heard(oldLayer_, c) - loop[c]);
  }
  if (writes) overdubFrame(in);
  left += gain * loop[0];
  right += gain * loop[1];
  advance();
}

void Looper::process(AudioView io) noexcept {
  const auto left = io.channel(0), right = io.channel(1);
  for (std::size_t n = 0; n < left.size(); ++n) {
    frame(left[n], right[n]);
    if (++trimIn_ == kFramesPerTrim) {
      trimIn_ = 0;
      memory_.trim(ahead_);
    }
  }
  publish();
}

}  // namespace gainstage::dsp
