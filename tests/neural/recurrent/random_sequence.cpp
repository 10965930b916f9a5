#include "neural/recurrent/random_sequence.h"

#include <cmath>

#include "support/audio.h"

namespace gainstage::neural {
namespace {

std::vector<float> numbers(int count, float largest, unsigned seed) {
  return testing::noise(count, largest, seed);
}

float scaleFor(int columns) { return 2.0f / std::sqrt(static_cast<float>(columns)); }

}  // namespace

Lstm randomLstm(int inputs, int units, unsigned seed) {
  const int columns = inputs + units;
  return {inputs,
          units,
          numbers(4 * units * columns, scaleFor(columns), seed),
          numbers(4 * units, 0.5f, seed + 1),
          numbers(units, 0.5f, seed + 2),
          numbers(units, 1.0f, seed + 3)};
}

Gru randomGru(int inputs, int units, unsigned seed) {
  return {inputs,
          units,
          numbers(3 * units * inputs, scaleFor(inputs), seed),
          numbers(3 * units * units, scaleFor(units), seed + 1),
          numbers(3 * units, 0.5f, seed + 2),
          numbers(3 * units, 0.5f, seed + 3)};
}

Activated randomActivated(int inputs, int outputs, ActivationKind kind, unsigned seed, int kernel,
                          int dilation, int groups) {
  const int columns = inputs / groups * kernel;
  Activated layer;
  layer.convolution = {inputs,
                       outputs,
                       kernel,
                       dilation,
                       groups,
                       numbers(outputs * columns, 2.0f * scaleFor(columns), seed),
                       numbers(outputs, 0.5f, seed + 1)};
  layer.activation = {.kind = kind, .minimum = -0.4f, .maximum = 0.6f, .maximumSlope = 0.1f};
  if (kind == ActivationKind::leakyRelu) layer.activation.slopes = numbers(outputs, 0.5f, seed + 2);
  return layer;
}

}  // namespace gainstage::neural
