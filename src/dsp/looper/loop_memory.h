#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "core/spsc_queue.h"
#include "core/units.h"

namespace gainstage::dsp {

/// A stretch of two channels of a loop.
struct LoopChunk {
  static constexpr FrameCount kFrames = 4096;  ///< 32 KiB: copied by the audio thread within some 3 us
  alignas(64) std::array<std::array<float, kFrames>, 2> samples{};
};

/// Memory that grows while the audio thread uses it and never allocates there: the control thread hands over
/// chunks ahead of time, and gets back and frees those that are not wanted any more.
class LoopMemory {
 public:
  explicit LoopMemory(int mostChunks);  // [control]

  /// Hands over chunks until so many wait for use, as far as the most allows. [control]
  void supply(int waiting);
  void collect();                                        // [control] frees what came back
  int allocated() const noexcept { return allocated_; }  // [control]
  static constexpr std::size_t bytesPerChunk() { return sizeof(LoopChunk); }

  static constexpr int kNone = -1;
  int take() noexcept;         // [audio] kNone where none waits
  void give(int id) noexcept;  // [audio]
  /// Sends back a chunk if more than so many wait. [audio]
  void trim(int waiting) noexcept;
  /// Good from take() to give(); for the control thread while the audio thread keeps them. [any thread]
  LoopChunk& chunk(int id) noexcept { return *chunks_[static_cast<std::size_t>(id)]; }

 private:
  std::vector<std::unique_ptr<LoopChunk>>
      chunks_;               // by id; written by the control thread before it is pushed
  std::vector<int> unused_;  // ids; control's
  int allocated_ = 0;
  SpscQueue<int> supplied_, returned_;
  std::vector<int> free_;  // audio's; never grows past its capacity
  std::atomic<int> freeCount_{0};
};

}  // namespace gainstage::dsp
