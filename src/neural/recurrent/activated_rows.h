#pragma once

#include "core/audio_buffer.h"
#include "neural/network.h"
#include "neural/recurrent/rows.h"

/// Convolutions and their activations on rows, outputs along the vector.
namespace gainstage::neural {

struct ActivatedRows {
  int inputs = 0;
  int outputs = 0;
  int taps = 1;
  int dilation = 1;
  Activation activation;
  AudioBuffer slopes;  ///< one row: of leakyRelu, for each output
  /// One row. First the bias; then tap by tap (the oldest first), input by input a column: each paddedWidth
  /// of the outputs. A single output: the bias and 15 zeros; then tap by tap rowStride of the inputs.
  AudioBuffer packed;

  FrameCount history() const noexcept { return (taps - 1) * dilation; }
};

/// The last inputs have the constant values `constants` and go into the bias. [control]
ActivatedRows packActivated(const Activated& layer, std::span<const float> constants);

/// `in` points to the row of the first of `frames` frames; history() rows stand before it. Rows have
/// rowStride; there is room for all columns of theirs, and for a multiple of 16 rows. [audio]
void runActivated(const ActivatedRows& layer, ConstRows in, Rows out, int frames) noexcept;

}  // namespace gainstage::neural
