#include "neural/kernels/matrix.h"

#include <cassert>

namespace gainstage::neural {
namespace {

void append(const Convolution& from, float scale, std::vector<float>& weights) {
  const int inputs = from.inputs / from.groups;
  const int outputs = from.outputs / from.groups;
  for (int group = 0; group < from.groups; ++group)
    for (int tap = 0; tap < from.kernel; ++tap)
      for (int input = 0; input < inputs; ++input)
        for (int output = 0; output < outputs; ++output) {
          const int place = ((group * outputs + output) * inputs + input) * from.kernel + tap;
          weights.push_back(scale * from.weights[static_cast<std::size_t>(place)]);
        }
}

}  // namespace

Matrix pack(const Convolution& convolution, const Convolution* beside, float scale) {
  Matrix matrix{.inputs = convolution.inputs,
                .outputs = convolution.outputs,
                .kernel = convolution.kernel,
                .dilation = convolution.dilation,
                .groups = convolution.groups,
                .besides = beside != nullptr ? beside->inputs : 0,
                .weights = {},
                .bias = std::vector<float>(static_cast<std::size_t>(convolution.outputs))};
  for (std::size_t o = 0; o < convolution.bias.size(); ++o) matrix.bias[o] = scale * convolution.bias[o];
  if (beside != nullptr) {
    assert(convolution.groups == 1 && beside->groups == 1 && beside->kernel == 1 &&
           beside->outputs == convolution.outputs);
    append(*beside, scale, matrix.weights);
    for (std::size_t o = 0; o < beside->bias.size(); ++o) matrix.bias[o] += scale * beside->bias[o];
  }
  append(convolution, scale, matrix.weights);
  return matrix;
}

}  // namespace gainstage::neural
