#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <span>
#include <vector>

namespace gainstage {

/// A bounded queue between one thread that pushes and one that pops, both without waiting. A batch goes in
/// whole or not at all, and becomes visible at once. Memory is allocated by the constructor only.
template <typename T>
class SpscQueue {
 public:
  /// [control] Room for at least `capacity` items.
  explicit SpscQueue(std::size_t capacity) : ring_(std::bit_ceil(capacity < 2 ? 2 : capacity)) {}
  SpscQueue(const SpscQueue&) = delete;
  SpscQueue& operator=(const SpscQueue&) = delete;

  std::size_t capacity() const noexcept { return ring_.size(); }

  /// Items waiting; for the popping thread at least that many, for the pushing one at most. [any thread]
  std::size_t size() const noexcept {
    const std::size_t head = head_.load(std::memory_order_acquire);  // first: the tail is never behind it
    return tail_.load(std::memory_order_acquire) - head;
  }

  /// All of the batch, or nothing and false. [pushing thread]
  bool tryPush(std::span<const T> batch) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (ring_.size() - (tail - head_.load(std::memory_order_acquire)) < batch.size()) return false;
    for (std::size_t i = 0; i < batch.size(); ++i) ring_[(tail + i) & mask()] = batch[i];
    tail_.store(tail + batch.size(), std::memory_order_release);
    return true;
  }
  bool tryPush(const T& item) noexcept { return tryPush(std::span(&item, 1)); }

  /// [popping thread]
  bool tryPop(T& item) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (tail_.load(std::memory_order_acquire) == head) return false;
    item = ring_[head & mask()];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

 private:
  std::size_t mask() const noexcept { return ring_.size() - 1; }

  std::vector<T> ring_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace gainstage
