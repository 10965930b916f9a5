#pragma once

#include <algorithm>

#include "core/units.h"
#include "neural/kernels/rows.h"

namespace gainstage::neural {

/// What a dilated convolution remembers: a ring of frames for each channel. Nothing is ever moved; instead
/// each row ends in a copy of its first kChunk frames, so that a chunk read from any place is one piece:
///
///     ┌ ring: a multiple of kGrain frames ────────────┬ copy ┐
///     │0123...              │now, one chunk│  oldest   │0123..│  channel 0
///     └──────────────────────────────────────────────┴──────┘  channel 1 ...
///
/// Chunks are cut at multiples of kGrain frames (chunkAt), so that writing never meets the ring's end.
class History {
 public:
  /// Rings are multiples of it, and chunks cut there: few cuts for block sizes that do not divide it, little
  /// memory.
  static constexpr std::size_t kGrain = 128;

  /// Frames that may be processed in one go at time `now`, at most `wanted`.
  static FrameCount chunkAt(FrameTime now, FrameCount wanted) noexcept {
    const auto toCut = static_cast<FrameCount>(kGrain) - static_cast<FrameCount>(now % FrameTime{kGrain});
    return std::min({wanted, static_cast<FrameCount>(kChunk), toCut});
  }

  /// `span` frames before the present one are remembered.
  History(std::size_t channels, std::size_t span) : channels_(channels), ring_(ringFor(span)) {
    // An odd number of 64-byte lines: rows then spread over all sets of the cache.
    constexpr std::size_t kLine = 16;
    stride_ = ((ring_ + kChunk + kLongestVector) / kLine | 1) * kLine;
  }

  std::size_t floats() const noexcept { return channels_ * stride_; }

  /// `index` among a network's histories: they begin at different places, so that not all of them copy at
  /// once.
  void place(float* memory, std::size_t index) noexcept {
    memory_ = memory;
    start_ = position_ = index * kGrain % ring_;
  }

  /// Where the present chunk is written.
  Rows now() const noexcept { return {memory_ + position_, stride_}; }

  /// After a chunk of `frames` was written, before it is read.
  void mirror(std::size_t frames) noexcept {
    if (position_ >= kChunk) return;
    for (std::size_t c = 0; c < channels_; ++c) {
      float* from = memory_ + c * stride_ + position_;
      std::copy_n(from, std::min(frames, kChunk - position_), from + ring_);
    }
  }

  /// The chunk as it was `frames` ago, at most the span.
  ConstRows ago(std::size_t frames) const noexcept {
    return {memory_ + position_ + (frames > position_ ? ring_ : 0) - frames, stride_};
  }

  void advance(std::size_t frames) noexcept {
    position_ += frames;
    if (position_ == ring_) position_ = 0;
  }

  /// As if `rows`' first frame had been there always.
  void fill(ConstRows rows) noexcept {
    for (std::size_t c = 0; c < channels_; ++c) std::fill_n(memory_ + c * stride_, stride_, *rows.row(c));
    position_ = start_;
  }

 private:
  static std::size_t ringFor(std::size_t span) noexcept {
    const std::size_t least = (span + kChunk + kLongestVector + kGrain - 1) / kGrain * kGrain;
    return std::max(least, 4 * kGrain);
  }

  std::size_t channels_;
  std::size_t ring_;
  std::size_t stride_;
  std::size_t start_ = 0;
  std::size_t position_ = 0;
  float* memory_ = nullptr;
};

}  // namespace gainstage::neural
