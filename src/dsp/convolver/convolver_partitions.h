#pragma once

#include <span>
#include <vector>

#include "core/audio_buffer.h"
#include "dsp/convolver/convolver_layout.h"
#include "dsp/convolver/convolver_sums.h"
#include "dsp/convolver/convolver_transform.h"

namespace gainstage::dsp {

/// Where a response stands: from an input to an output.
struct ConvolutionPath {
  int input = 0;
  int output = 0;
  int response = 0;
};

/// What is convolved with what: impulse responses and the paths that use them. Two paths may share a
/// response.
struct Convolution {
  int inputs = 1;
  int outputs = 1;
  std::vector<std::span<const float>> responses;
  std::vector<ConvolutionPath> paths;

  std::size_t taps() const noexcept {  ///< of the longest response
    std::size_t most = 0;
    for (const auto& response : responses) most = std::max(most, response.size());
    return most;
  }
};

/// The spectra of one run of equal partitions: of the responses' parts, and of as many past blocks of each
/// input. Tile by tile, so that the sum of products of a tile reads two arrays from end to end.
class ConvolverPartitions {
 public:
  ConvolverPartitions(const Convolution& convolution, const PartitionRun& run);  // [control]

  const PartitionTransform& transform() const noexcept { return transform_; }
  int partitions() const noexcept { return partitions_; }
  int inputs() const noexcept { return static_cast<int>(past_.size()); }

  void forget() noexcept { known_ = 0; }  // [audio]
  /// Makes room for a new block of every input; its tiles are to be written to newest(). [audio]
  void advance() noexcept;
  float* newest(int input, int tile) noexcept;  // [audio]

  /// tile (+)= the output's products of the blocks `first`..`end` - 1 with the partitions of the same number,
  /// block 0 being the newest; blocks from before forget() are silent. The first products of an output
  /// replace what `sum` holds where `add` is false. [audio]
  void multiplyAdd(int output, int tile, int first, int end, bool add, float* sum) const noexcept;

 private:
  struct Path {
    const float* past;
    const float* response;
  };

  PartitionTransform transform_;
  int partitions_;
  std::size_t tileStride_;                  // floats from one tile's spectra to the next tile's
  std::vector<AudioBuffer> past_;           // one for each input: tiles x partitions x kTileFloats
  std::vector<AudioBuffer> parts_;          // one for each response, likewise
  std::vector<std::vector<Path>> pathsTo_;  // one list for each output
  const SumSteps* sums_ = &sumSteps();
  int newest_ = 0;  // blocks run upwards from it into the past, round the end
  int known_ = 0;
};

}  // namespace gainstage::dsp
