#include "dsp/looper/loop_memory.h"

namespace gainstage::dsp {

LoopMemory::LoopMemory(int mostChunks)
    : chunks_(static_cast<std::size_t>(mostChunks)),
      supplied_(static_cast<std::size_t>(mostChunks)),
      returned_(static_cast<std::size_t>(mostChunks)) {
  free_.reserve(static_cast<std::size_t>(mostChunks));
  for (int id = mostChunks - 1; id >= 0; --id) unused_.push_back(id);
}

void LoopMemory::supply(int waiting) {
  const int there = freeCount_.load(std::memory_order_relaxed) + static_cast<int>(supplied_.size());
  for (int n = there; n < waiting && !unused_.empty(); ++n) {
    const int id = unused_.back();
    unused_.pop_back();
    chunks_[static_cast<std::size_t>(id)] = std::make_unique<LoopChunk>();
    ++allocated_;
    supplied_.tryPush(id);
  }
}

void LoopMemory::collect() {
  for (int id = 0; returned_.tryPop(id); --allocated_) {
    chunks_[static_cast<std::size_t>(id)].reset();
    unused_.push_back(id);
  }
}

int LoopMemory::take() noexcept {
  int id = kNone;
  if (!free_.empty()) {
    id = free_.back();
    free_.pop_back();
    freeCount_.store(static_cast<int>(free_.size()), std::memory_order_relaxed);
  } else {
    supplied_.tryPop(id);
  }
  return id;
}

void LoopMemory::give(int id) noexcept {
  free_.push_back(id);
  freeCount_.store(static_cast<int>(free_.size()), std::memory_order_relaxed);
}

void LoopMemory::trim(int waiting) noexcept {
  if (free_.empty() || static_cast<int>(free_.size() + supplied_.size()) <= waiting ||
      !returned_.tryPush(free_.back()))
    return;
  free_.pop_back();
  freeCount_.store(static_cast<int>(free_.size()), std::memory_order_relaxed);
}

}  // namespace gainstage::dsp
