#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "dsp/looper/loop_memory.h"

namespace gainstage::dsp {

/// A loop's versions, the one heard and those that undo and redo lead to. They share what they have in
/// common: a layer owns only the chunks that were overdubbed in it, so that undoing gives back every bit and
/// costs nothing.
class LoopLayers {
 public:
  static constexpr int kMost = 9;  ///< the first take and eight overdubs; the oldest goes for a tenth

  LoopLayers(LoopMemory& memory, std::int64_t mostFrames);  // [control]

  int count() const noexcept { return count_; }      // [audio]
  int current() const noexcept { return current_; }  // [audio] 0..count - 1
  void setCurrent(int layer) noexcept { current_ = layer; }
  std::int64_t mostFrames() const noexcept { return mostFrames_; }  // [any thread]

  /// The first layer, empty. [audio]
  void begin() noexcept;
  /// Appends to the first layer; false where no memory waits. [audio]
  bool append(std::int64_t frame, const float (&samples)[2]) noexcept;
  /// A copy of the current layer becomes current; what could be redone is dropped. False where something
  /// would have to be dropped that is not to be (`keep`). [audio]
  bool beginOverdub(bool keep) noexcept;
  /// Makes a chunk of the current layer its own; false where no memory waits. [audio]
  bool own(std::size_t chunk) noexcept;
  void dropAll() noexcept;  // [audio]

  float& at(int layer, std::int64_t frame, int channel) noexcept {
    const int id =
        tables_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(frame / LoopChunk::kFrames)];
    return memory_.chunk(id)
        .samples[static_cast<std::size_t>(channel)][static_cast<std::size_t>(frame % LoopChunk::kFrames)];
  }
  const std::vector<int>& table(int layer) const noexcept { return tables_[static_cast<std::size_t>(layer)]; }

 private:
  void drop(int layer, int sharedWith) noexcept;

  LoopMemory& memory_;
  std::int64_t mostFrames_;
  std::array<std::vector<int>, kMost> tables_;  // chunk ids in the order of the loop
  std::size_t used_ = 0;                        // entries of each that may hold one: nothing walks them all
  int count_ = 0, current_ = 0;
};

}  // namespace gainstage::dsp
