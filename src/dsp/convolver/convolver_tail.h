#pragma once

#include <vector>

#include "dsp/convolver/convolver_partitions.h"

namespace gainstage::dsp {

/// One run of larger partitions. A block of input that is whole is worked on during the next block, a little
/// with every call, and heard in the one after: which is why the run's first tap is two partitions away. How
/// far the work has got depends on the frames since reset and on nothing else.
class ConvolverTail {
 public:
  ConvolverTail(const Convolution& convolution, const PartitionRun& run);  // [control]

  int blockFrames() const noexcept { return frames_; }

  void reset() noexcept;  // [audio]

  /// This run's output from the present position to the block's end, with kOverread numbers after it; nullptr
  /// while there is none. [audio]
  const float* ready(int output) const noexcept {
    return audible_ ? heard_[block_ & 1].channel(output).data() + position_ : nullptr;
  }

  /// On to the next frames. `blocks` holds each input's frames in a ring of `ringFrames`, a multiple of four
  /// blocks. [audio]
  void advance(int frames, const AudioBuffer& ring) noexcept;

 private:
  enum class Step { forward, tiles, inverse };
  /// A part of the work on a block: tiles() items of the same kind.
  struct Phase {
    Step step;
    int pass;
    std::int64_t itemCost;
  };

  void beginBlock() noexcept;
  void work(std::int64_t target, const AudioBuffer& ring) noexcept;
  void run(const Phase& phase, int first, int count, const AudioBuffer& ring) noexcept;
  void runTiles(int first, int count) noexcept;

  ConvolverPartitions partitions_;
  int frames_;
  std::vector<Phase> phases_;
  std::int64_t totalCost_ = 0;
  std::vector<AudioBuffer> spectra_;  // one for each input: a transform under way
  std::vector<AudioBuffer> results_;  // one for each output, likewise
  AudioBuffer heard_[2];              // one row for each output: what is heard now, and what is being made
  const TransformSteps* steps_ = &transformSteps();

  std::int64_t block_ = 0;  // counted from reset
  int position_ = 0;        // frames into it
  bool working_ = false;    // block 0 has nothing before it to work on
  bool audible_ = false;
  std::size_t phase_ = 0;
  int item_ = 0;
  std::int64_t done_ = 0;  // cost
};

}  // namespace gainstage::dsp
