#include <algorithm>

#include "neural/recurrent/activated_rows.h"

namespace gainstage::neural {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

ActivatedRows packActivated(const Activated& layer, std::span<const float> constants) {
  const Convolution& convolution = layer.convolution;
  ActivatedRows rows;
  rows.inputs = convolution.inputs - static_cast<int>(constants.size());
  rows.outputs = convolution.outputs;
  rows.taps = convolution.kernel;
  rows.dilation = convolution.dilation;
  rows.activation = layer.activation;

  const std::size_t outputs = paddedWidth(rows.outputs);
  rows.slopes = AudioBuffer(1, static_cast<FrameCount>(outputs));
  const std::vector<float>& slopes = layer.activation.slopes;
  for (int o = 0; o < rows.outputs && !slopes.empty(); ++o)
    rows.slopes.channel(0)[at(o)] = slopes[at(o) % slopes.size()];

  // Groups become zeros: files in the wild have none where it matters.
  const int groupInputs = convolution.inputs / convolution.groups;
  const int groupOutputs = convolution.outputs / convolution.groups;
  const auto weight = [&](int output, int input, int tap) {
    if (output / groupOutputs != input / groupInputs) return 0.0f;
    return convolution.weights[at((output * groupInputs + input % groupInputs) * rows.taps + tap)];
  };
  const bool isDot = rows.outputs == 1;
  const std::size_t tapFloats = isDot ? rowStride(rows.inputs) : outputs * at(rows.inputs);
  rows.packed = AudioBuffer(1, static_cast<FrameCount>(outputs + at(rows.taps) * tapFloats));
  const std::span<float> packed = rows.packed.channel(0);
  for (int o = 0; o < rows.outputs; ++o) {
    double bias = convolution.bias.empty() ? 0.0 : static_cast<double>(convolution.bias[at(o)]);
    for (int tap = 0; tap < rows.taps; ++tap) {
      for (int i = 0; i < rows.inputs; ++i)
        packed[outputs + at(tap) * tapFloats + (isDot ? at(i) : at(i) * outputs + at(o))] = weight(o, i, tap);
      for (int i = rows.inputs; i < convolution.inputs; ++i)
        bias += static_cast<double>(weight(o, i, tap)) * static_cast<double>(constants[at(i - rows.inputs)]);
    }
    packed[at(o)] = static_cast<float>(bias);
  }
  return rows;
}

}  // namespace gainstage::neural
