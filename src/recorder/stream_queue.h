#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/audio_view.h"
#include "core/spsc_queue.h"
#include "recorder/manifest.h"

namespace gainstage::recorder {

/// One stream's way from the audio thread to the disk: its frames, and where how many of them are missing.
/// Neither side waits for the other.
class StreamQueue {
 public:
  /// Allocates, and touches all of it so that no page is missing later. [control]
  StreamQueue(int channels, FrameCount capacityFrames);

  int channels() const noexcept { return channels_; }         // [any thread]
  FrameCount capacity() const noexcept { return capacity_; }  // [any thread]
  FrameCount room() const noexcept;                           // [any thread] frames

  /// All frames, or none and false where there is no room. Once it was full it takes nothing until an eighth
  /// is free: one long gap hurts less than one in every block. `audio` has channels() channels. [audio]
  bool push(ConstAudioView audio) noexcept;
  /// The next frames are missing. [audio]
  void skip(std::int64_t frames, MissingReason reason) noexcept;
  /// Hands on what skip() still holds back, if there is room for it. [audio, or whoever took its place]
  void flush() noexcept;

  /// What comes next: samples in the file's order, or missing frames, or neither.
  struct Piece {
    std::span<const float> samples;
    std::int64_t missingFrames = 0;
    MissingReason reason = MissingReason::disk;
    bool empty() const noexcept { return samples.empty() && missingFrames == 0; }
  };
  Piece front() noexcept;  // [disk thread]
  /// Done with a piece, whole. [disk thread]
  void pop(const Piece& piece) noexcept;

 private:
  struct Gap {
    std::int64_t at = 0;  ///< frames pushed before it
    std::int64_t frames = 0;
    MissingReason reason = MissingReason::disk;
  };

  const int channels_;
  const FrameCount capacity_;
  std::vector<float> ring_;  ///< capacity x channels, interleaved
  SpscQueue<Gap> gaps_{256};

  alignas(64) std::atomic<std::int64_t> pushed_{0};  ///< frames
  Gap held_;                                         ///< by the audio thread
  bool wasFull_ = false;
  alignas(64) std::atomic<std::int64_t> popped_{0};
  std::optional<Gap> next_;  ///< by the disk thread
};

}  // namespace gainstage::recorder
