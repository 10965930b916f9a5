#include "dsp/convolver/convolver_partitions.h"

#include <algorithm>

namespace gainstage::dsp {

ConvolverPartitions::ConvolverPartitions(const Convolution& convolution, const PartitionRun& run)
    : transform_(run.frames),
      partitions_(run.partitions),
      tileStride_(static_cast<std::size_t>(run.partitions) * kTileFloats),
      pathsTo_(static_cast<std::size_t>(convolution.outputs)) {
  const FrameCount floats = static_cast<FrameCount>(tileStride_) * transform_.tiles();
  for (int input = 0; input < convolution.inputs; ++input) past_.emplace_back(1, floats);
  for (const auto& response : convolution.responses) {
    AudioBuffer& parts = parts_.emplace_back(1, floats);
    for (int part = 0; part < partitions_; ++part) {
      const std::size_t first =
          static_cast<std::size_t>(run.firstTap + static_cast<std::int64_t>(part) * run.frames);
      if (first >= response.size()) break;
      const auto taps =
          response.subspan(first, std::min(response.size() - first, static_cast<std::size_t>(run.frames)));
      // The inverse transform leaves a factor of `frames`.
      transform_.forward(taps, 1.0f / static_cast<float>(run.frames),
                         parts.channel(0).data() + part * kTileFloats, tileStride_);
    }
  }
  for (const ConvolutionPath& path : convolution.paths)
    pathsTo_[static_cast<std::size_t>(path.output)].push_back(
        {past_[static_cast<std::size_t>(path.input)].channel(0).data(),
         parts_[static_cast<std::size_t>(path.response)].channel(0).data()});
}

void ConvolverPartitions::advance() noexcept {
  newest_ = newest_ == 0 ? partitions_ - 1 : newest_ - 1;
  known_ = std::min(known_ + 1, partitions_);
}

float* ConvolverPartitions::newest(int input, int tile) noexcept {
  return past_[static_cast<std::size_t>(input)].channel(0).data() +
         static_cast<std::size_t>(tile) * tileStride_ + static_cast<std::size_t>(newest_) * kTileFloats;
}

void ConvolverPartitions::multiplyAdd(int output, int tile, int first, int end, bool add,
                                      float* sum) const noexcept {
  if (!add && pathsTo_[static_cast<std::size_t>(output)].empty()) std::fill_n(sum, kTileFloats, 0.0f);
  const int known = std::max(first, std::min(end, known_));
  const int turn =
      std::clamp(partitions_ - newest_, first, known);  // blocks from here on stand at the beginning
  const std::size_t at = static_cast<std::size_t>(tile) * tileStride_;
  for (const Path& path : pathsTo_[static_cast<std::size_t>(output)]) {
    const float* response = path.response + at;
    sums_->multiplyAdd(path.past + at + (newest_ + first) * kTileFloats, response + first * kTileFloats,
                       turn - first, add, sum);
    if (known > turn)
      sums_->multiplyAdd(path.past + at + (newest_ + turn - partitions_) * kTileFloats,
                         response + turn * kTileFloats, known - turn, true, sum);
    add = true;
  }
}

}  // namespace gainstage::dsp
