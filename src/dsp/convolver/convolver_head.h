#pragma once

#include <optional>
#include <vector>

#include "dsp/convolver/convolver_partitions.h"

namespace gainstage::dsp {

/// The first part of a convolution: kDirectTaps taps sample by sample, behind them partitions of as many
/// taps. A block of 64 frames is transformed as soon as it is whole and heard from the next frame on; the
/// products with older blocks are spread over the frames before.
class ConvolverHead {
 public:
  static constexpr int kBlock = kTileBins;
  static_assert(kBlock == kDirectTaps);

  ConvolverHead() = default;
  ConvolverHead(const Convolution& convolution,
                const PartitionRun* run);  // [control] run: nullptr where there is none

  void reset() noexcept;  // [audio]

  /// Frames since the last whole block, 0..kBlock - 1. [audio]
  int position() const noexcept { return position_; }

  /// Takes the next frames of an input, at most up to the block's end. [audio]
  void take(int input, std::span<const float> frames) noexcept;
  /// What the partitions give for the frames that were taken. [audio]
  const float* ready(int output) const noexcept { return ready_.channel(output).data() + position_; }
  /// The sum of the direct taps and of the `added` parts, each with kOverread numbers after the last. [audio]
  void render(int output, std::span<const float* const> added, std::span<float> out) noexcept;
  /// After every output has been added: on to the next frames. [audio]
  void advance(int frames) noexcept;

 private:
  void multiplyOlder(int end) noexcept;
  void finishBlock() noexcept;

  std::optional<ConvolverPartitions> partitions_;
  std::vector<AudioBuffer>
      windows_;  // one for each input: the last block, the present one, zeros to read over
  struct Path {
    int input;
    PaddedTaps taps;
  };
  std::vector<std::vector<Path>> pathsTo_;  // one list for each output
  AudioBuffer sums_;                        // one row for each output: a tile of products for the next block
  AudioBuffer ready_;    // one row for each output: what the partitions give for the present block
  AudioBuffer pathSum_;  // of an output that several paths lead to
  int position_ = 0;
  int olderDone_ = 1;  // partitions whose products with older blocks are in sums_
  const SumSteps* steps_ = &sumSteps();
  const TransformSteps* transforms_ = &transformSteps();
};

}  // namespace gainstage::dsp
