#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gainstage::dsp {

/// One run of equal partitions of an impulse response.
struct PartitionRun {
  int frames;             ///< taps in each, and frames in a block of input
  std::int64_t firstTap;  ///< `frames` for the first run, 2 x `frames` for the others: see ConvolverTail
  int partitions;
};

/// Most runs that a layout has.
inline constexpr std::size_t kMostRuns = 6;

/// How many of what a convolution has.
struct ConvolutionShape {
  std::int64_t taps = 1;
  int inputs = 1;
  int outputs = 1;
  int paths = 1;
};

/// The partitions behind the direct taps: the run of the smallest first, empty where the direct taps are all.
/// Of all layouts in steps of four it takes the one with the least time by the figures measured for each step
/// (see the .cpp), so the same shape has the same layout on every machine. [control]
std::vector<PartitionRun> choosePartitions(const ConvolutionShape& shape);

}  // namespace gainstage::dsp
