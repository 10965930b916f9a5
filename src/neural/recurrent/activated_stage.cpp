#include "neural/recurrent/activated_stage.h"

#include <algorithm>

namespace gainstage::neural {

ActivatedStage::ActivatedStage(const Activated& layer, std::span<const float> constants)
    : rows_(packActivated(layer, constants)),
      multiplyAdds_(static_cast<double>(layer.convolution.weights.size()) * rows_.inputs /
                    layer.convolution.inputs) {}

// A lone input is what the network plays: nothing reads it as a vector.
std::size_t ActivatedStage::inStride() const noexcept {
  return rows_.inputs == 1 ? 1 : paddedWidth(rows_.inputs);
}

std::size_t ActivatedStage::weightBytes() const noexcept {
  return static_cast<std::size_t>(rows_.packed.frames() + rows_.slopes.frames()) * sizeof(float);
}

std::size_t ActivatedStage::stateFloats() const noexcept {
  return paddedWidth(rows_.history() * static_cast<int>(inStride()));
}

std::size_t ActivatedStage::scratchFloats() const noexcept {
  const auto moved = rows_.history() == 0 ? 0 : stateFloats() + kChunkFrames * paddedWidth(rows_.inputs);
  return kChunkFrames * outStride() + moved;
}

ConstRows ActivatedStage::run(ConstRows in, float* state, float* scratch, int frames) const noexcept {
  const Rows out{scratch, outStride()};
  if (rows_.history() > 0) {
    const std::size_t stride = inStride();
    const std::size_t past = static_cast<std::size_t>(rows_.history()) * stride;
    float* moved = scratch + kChunkFrames * outStride();
    float* row = std::copy_n(state, past, moved);
    for (int n = 0; n < frames; ++n, row += stride)
      std::copy_n(in.data + static_cast<std::size_t>(n) * in.stride, rows_.inputs, row);
    std::copy_n(row - past, past, state);
    in = {moved + past, stride};
  }
  runActivated(rows_, in, out, frames);
  return {out.data, out.stride};
}

}  // namespace gainstage::neural
