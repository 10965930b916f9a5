#include "recorder/live_take.h"

#include <algorithm>

namespace gainstage::recorder {

LiveTake::LiveTake(std::span<const int> channels, FrameCount queueFrames, FrameTime startAt)
    : startAt_(startAt), unfinished_(static_cast<int>(channels.size())) {
  for (const int count : channels) streams_.push_back(std::make_unique<Stream>(count, queueFrames));
}

void LiveTake::begin(FrameTime frame) noexcept {
  if (start_.load(std::memory_order_relaxed) == kUnknown)
    start_.store(std::max(startAt_, frame), std::memory_order_release);
  const FrameTime start = start_.load(std::memory_order_relaxed);
  const FrameTime end = wantedEnd_.load(std::memory_order_acquire);
  if (length() == kUnknown) {
    if (end == kUnknown) return;
    // What was pushed belongs to frames before this one, so that no stream has passed the end yet.
    length_.store(std::max<std::int64_t>(std::max(end, frame) - start, 0), std::memory_order_release);
    for (const auto& stream : streams_) finishIfAtEnd(*stream);
  } else if (frame - start - length() > streams_[0]->queue.capacity()) {
    giveUpWaiting();
  }
}

void LiveTake::giveUpWaiting() noexcept {
  for (const auto& stream : streams_) {
    stream->queue.skip(length() - stream->next, MissingReason::source);
    stream->next = std::max(stream->next, length());
    finishIfAtEnd(*stream);
  }
}

void LiveTake::endAt(FrameTime frame) noexcept {
  FrameTime none = kUnknown;
  wantedEnd_.compare_exchange_strong(none, frame, std::memory_order_release, std::memory_order_relaxed);
}

void LiveTake::push(int index, FrameTime frame, ConstAudioView audio, FrameCount latencyFrames) noexcept {
  if (ignored_.load(std::memory_order_relaxed)) return;
  Stream& stream = *streams_[static_cast<std::size_t>(index)];
  if (stream.finished) return;
  const std::int64_t length = length_.load(std::memory_order_relaxed);
  const std::int64_t at = frame - latencyFrames - start_.load(std::memory_order_relaxed);
  const std::int64_t from = std::max(at, stream.next);
  const std::int64_t to = std::min(at + audio.frames(), length);
  if (from < to) {
    stream.queue.skip(from - stream.next, MissingReason::source);
    const auto count = static_cast<FrameCount>(to - from);
    if (!stream.queue.push(audio.frameRange(static_cast<FrameCount>(from - at), count))) {
      stream.queue.skip(count, MissingReason::disk);
      stream.lost.store(stream.lost.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    stream.next = to;
  } else if (at >= length) {
    stream.queue.skip(length - stream.next, MissingReason::source);
    stream.next = length;
  }
  finishIfAtEnd(stream);
}

void LiveTake::finishIfAtEnd(Stream& stream) noexcept {
  if (stream.finished || stream.next < length_.load(std::memory_order_relaxed)) return;
  stream.queue.flush();
  stream.finished = true;
  unfinished_.fetch_sub(1, std::memory_order_release);
}

void LiveTake::endWithoutAudio() noexcept {
  std::int64_t longest = 0;
  for (const auto& stream : streams_) longest = std::max(longest, stream->next);
  for (const auto& stream : streams_) {
    stream->queue.skip(longest - stream->next, MissingReason::source);
    stream->queue.flush();
  }
  length_.store(longest, std::memory_order_release);
  unfinished_.store(0, std::memory_order_release);
}

std::int64_t LiveTake::lostFrames(int stream) const noexcept {
  return streams_[static_cast<std::size_t>(stream)]->lost.load(std::memory_order_relaxed);
}

}  // namespace gainstage::recorder
