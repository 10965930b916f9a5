#include "dsp/looper/loop_layers.h"

#include <algorithm>
#include <span>

namespace gainstage::dsp {

LoopLayers::LoopLayers(LoopMemory& memory, std::int64_t mostFrames)
    : memory_(memory), mostFrames_(mostFrames) {
  const auto chunks = static_cast<std::size_t>((mostFrames + LoopChunk::kFrames - 1) / LoopChunk::kFrames);
  for (auto& table : tables_) table.assign(chunks, LoopMemory::kNone);
}

void LoopLayers::begin() noexcept {
  dropAll();
  count_ = 1;
  current_ = 0;
}

bool LoopLayers::append(std::int64_t frame, const float (&samples)[2]) noexcept {
  int& id = tables_[0][static_cast<std::size_t>(frame / LoopChunk::kFrames)];
  if (id == LoopMemory::kNone) id = memory_.take();
  if (id == LoopMemory::kNone) return false;
  used_ = static_cast<std::size_t>(frame / LoopChunk::kFrames) + 1;
  for (int c = 0; c < 2; ++c) at(0, frame, c) = samples[c];
  return true;
}

bool LoopLayers::beginOverdub(bool keep) noexcept {
  if (keep && (count_ > current_ + 1 || count_ == kMost)) return false;
  while (count_ > current_ + 1) {
    drop(count_ - 1, count_ - 2);
    --count_;
  }
  if (count_ == kMost) {
    drop(0, 1);
    std::ranges::rotate(tables_, tables_.begin() + 1);
    --count_;
    --current_;
  }
  std::copy_n(tables_[static_cast<std::size_t>(current_)].begin(), used_,
              tables_[static_cast<std::size_t>(count_)].begin());
  current_ = count_++;
  return true;
}

bool LoopLayers::own(std::size_t chunk) noexcept {
  int& id = tables_[static_cast<std::size_t>(current_)][chunk];
  if (id != tables_[static_cast<std::size_t>(current_ - 1)][chunk]) return true;
  const int fresh = memory_.take();
  if (fresh == LoopMemory::kNone) return false;
  memory_.chunk(fresh) = memory_.chunk(id);
  id = fresh;
  return true;
}

void LoopLayers::dropAll() noexcept {
  while (count_ > 1) {
    drop(count_ - 1, count_ - 2);
    --count_;
  }
  if (count_ == 1)
    for (int& id : std::span(tables_[0]).first(used_))
      if (id != LoopMemory::kNone) memory_.give(std::exchange(id, LoopMemory::kNone));
  count_ = current_ = 0;
  used_ = 0;
}

/// Layers are copies of their neighbours: what a layer does not share with the next it shares with none.
void LoopLayers::drop(int layer, int sharedWith) noexcept {
  auto& table = tables_[static_cast<std::size_t>(layer)];
  const auto& other = tables_[static_cast<std::size_t>(sharedWith)];
  for (std::size_t i = 0; i < used_; ++i) {
    if (table[i] != other[i] && table[i] != LoopMemory::kNone) memory_.give(table[i]);
    table[i] = LoopMemory::kNone;
  }
}

}  // namespace gainstage::dsp
