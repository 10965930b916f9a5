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
  /// of the outputs. Where isDot(): the bias and 15 zeros; then tap by tap paddedWidth of the inputs.
  AudioBuffer packed;

  /// Inputs lie along the vector, as a lone output would leave it idle.
  bool isDot() const noexcept { return outputs == 1 && inputs > 1; }
  FrameCount history() const noexcept { return (taps - 1) * dilation; }
};

/// The last inputs have the constant values `constants` and go into the bias. [control]
ActivatedRows packActivated(const Activated& layer, std::span<const float> constants);

/// `in` points to the row of the first of `frames` frames; history() rows stand before it. Writes paddedWidth
/// of the outputs into each row of `out`. [audio]
void runActivated(const ActivatedRows& layer, ConstRows in, Rows out, int frames) noexcept;

}  // namespace gainstage::neural
