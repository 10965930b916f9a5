#pragma once

#include <atomic>
#include <limits>
#include <memory>
#include <vector>

#include "recorder/stream_queue.h"

namespace gainstage::recorder {

/// As a frame to start or stop at: the first of the next callback.
inline constexpr FrameTime kNow = std::numeric_limits<FrameTime>::min();

/// The part of a take that the audio thread sees.
class LiveTake {
 public:
  /// `channels`: of each stream. `startAt`: the first frame recorded, or kNow. [control]
  LiveTake(std::span<const int> channels, FrameCount queueFrames, FrameTime startAt);

  /// A callback begins at `frame`: starts and ends are decided here, for all streams alike. [audio]
  void begin(FrameTime frame) noexcept;
  /// See Recorder::push. [audio]
  void push(int stream, FrameTime frame, ConstAudioView audio, FrameCount latencyFrames) noexcept;

  void endAt(FrameTime frame) noexcept;  // [control] the first call counts
  /// The audio thread has gone and all that it gave is to be kept: the take ends with its longest stream.
  /// [control]
  void endWithoutAudio() noexcept;
  void ignoreAudio() noexcept { ignored_.store(true, std::memory_order_relaxed); }  // [disk thread]

  static constexpr FrameTime kUnknown = std::numeric_limits<FrameTime>::max();
  /// The device's count at the take's first frame; kUnknown before the first callback. [any thread]
  FrameTime startFrame() const noexcept { return start_.load(std::memory_order_acquire); }
  /// Frames of the take; kUnknown before its end is decided. [any thread]
  std::int64_t length() const noexcept { return length_.load(std::memory_order_acquire); }
  /// Whether every stream has come to the end: nothing is pushed any more. [any thread]
  bool isDelivered() const noexcept { return unfinished_.load(std::memory_order_acquire) == 0; }
  /// Frames that streams lost because their queue was full. [any thread]
  std::int64_t lostFrames(int stream) const noexcept;
  StreamQueue& queue(int stream) noexcept { return streams_[static_cast<std::size_t>(stream)]->queue; }
  int streams() const noexcept { return static_cast<int>(streams_.size()); }

 private:
  struct Stream {
    Stream(int channels, FrameCount frames) : queue(channels, frames) {}
    StreamQueue queue;
    std::int64_t next = 0;  ///< frame of the take
    bool finished = false;
    std::atomic<std::int64_t> lost{0};
  };
  void finishIfAtEnd(Stream& stream) noexcept;
  /// For streams that nobody pushes any more (a strip that was removed): no path is as late as a queue is
  /// long.
  void giveUpWaiting() noexcept;

  const FrameTime startAt_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::atomic<FrameTime> wantedEnd_{kUnknown};
  std::atomic<FrameTime> start_{kUnknown};
  std::atomic<std::int64_t> length_{kUnknown};
  std::atomic<int> unfinished_;
  std::atomic<bool> ignored_{false};
};

}  // namespace gainstage::recorder
