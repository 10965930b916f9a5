#include "neural/recurrent/activated_stage.h"

#include <algorithm>

namespace gainstage::neural {

ActivatedStage::ActivatedStage(const Activated& layer, std::span<const float> constants)
    : rows_(packActivated(layer, constants)),
      multiplyAdds_(static_cast<double>(layer.convolution.weights.size()) * rows_.inputs /
                    layer.convolution.inputs) {}

std::size_t ActivatedStage::weightBytes() const noexcept {
  return static_cast<std::size_t>(rows_.packed.frames() + rows_.slopes.frames()) * sizeof(float);
}

std::size_t ActivatedStage::stateFloats() const noexcept {
  return paddedWidth(rows_.history() * static_cast<int>(rowStride(rows_.inputs)));
}

std::size_t ActivatedStage::scratchFloats() const noexcept {
  const bool isMoved = rows_.history() > 0 || rows_.inputs == 1;
  const std::size_t moved = isMoved ? stateFloats() + kChunkFrames * rowStride(rows_.inputs) : 0;
  return kChunkFrames * rowStride(rows_.outputs) + moved;
}

ConstRows ActivatedStage::run(ConstRows in, float* state, float* scratch, int frames) const noexcept {
  const Rows out{scratch, rowStride(rows_.outputs)};
  const std::size_t stride = rowStride(rows_.inputs);
  const bool isSparse = rows_.inputs == 1 && in.stride != 1;  // a recurrent layer of one unit came before
  if (rows_.history() > 0 || isSparse) {
    const std::size_t past = static_cast<std::size_t>(rows_.history()) * stride;
    float* moved = scratch + kChunkFrames * rowStride(rows_.outputs);
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
