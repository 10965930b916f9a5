#include "recorder/stream_queue.h"

#include <algorithm>

namespace gainstage::recorder {

StreamQueue::StreamQueue(int channels, FrameCount capacityFrames)
    : channels_(channels),
      capacity_(capacityFrames),
      ring_(static_cast<std::size_t>(channels) * static_cast<std::size_t>(capacityFrames)) {}

FrameCount StreamQueue::room() const noexcept {
  const std::int64_t popped = popped_.load(std::memory_order_acquire);
  return capacity_ - static_cast<FrameCount>(pushed_.load(std::memory_order_acquire) - popped);
}

bool StreamQueue::push(ConstAudioView audio) noexcept {
  const FrameCount frames = audio.frames();
  if (room() < (wasFull_ ? std::max(frames, capacity_ / 8) : frames)) {
    wasFull_ = true;
    return false;
  }
  flush();
  if (held_.frames > 0) return false;
  wasFull_ = false;
  const std::int64_t pushed = pushed_.load(std::memory_order_relaxed);
  const auto start = static_cast<FrameCount>(pushed % capacity_);
  const FrameCount first = std::min(frames, capacity_ - start);
  for (int c = 0; c < channels_; ++c) {
    const std::span<const float> from = audio.channel(c);
    const auto store = [&](FrameCount begin, FrameCount end, FrameCount to) {
      float* out = ring_.data() + static_cast<std::ptrdiff_t>(to) * channels_ + c;
      for (FrameCount n = begin; n < end; ++n, out += channels_) *out = from[static_cast<std::size_t>(n)];
    };
    store(0, first, start);
    store(first, frames, 0);
  }
  pushed_.store(pushed + frames, std::memory_order_release);
  return true;
}

void StreamQueue::skip(std::int64_t frames, MissingReason reason) noexcept {
  if (frames <= 0) return;
  if (held_.frames > 0 && held_.reason != reason) flush();
  // Where there is no room for another gap either, the disk has stood still for long: its fault then.
  held_.reason = held_.frames > 0 && held_.reason != reason ? MissingReason::disk : reason;
  held_.frames += frames;
}

void StreamQueue::flush() noexcept {
  if (held_.frames == 0) return;
  held_.at = pushed_.load(std::memory_order_relaxed);
  if (gaps_.tryPush(held_)) held_ = {};
}

StreamQueue::Piece StreamQueue::front() noexcept {
  // In this order: a gap is handed on before the frames behind it are.
  const std::int64_t pushed = pushed_.load(std::memory_order_acquire);
  const std::int64_t popped = popped_.load(std::memory_order_relaxed);
  if (!next_) {
    Gap gap;
    if (gaps_.tryPop(gap)) next_ = gap;
  }
  if (next_ && next_->at == popped) return {{}, next_->frames, next_->reason};
  const std::int64_t end = next_ ? std::min(pushed, next_->at) : pushed;
  const auto start = static_cast<FrameCount>(popped % capacity_);
  const auto frames = static_cast<std::size_t>(std::min<std::int64_t>(end - popped, capacity_ - start));
  const auto channels = static_cast<std::size_t>(channels_);
  return {std::span(ring_).subspan(static_cast<std::size_t>(start) * channels, frames * channels), 0, {}};
}

void StreamQueue::pop(const Piece& piece) noexcept {
  if (piece.missingFrames > 0)
    next_.reset();
  else
    popped_.store(popped_.load(std::memory_order_relaxed) + std::ssize(piece.samples) / channels_,
                  std::memory_order_release);
}

}  // namespace gainstage::recorder
