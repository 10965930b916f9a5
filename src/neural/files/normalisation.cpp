#include "neural/files/normalisation.h"

#include <cmath>

namespace gainstage::neural::files {

bool Normalisation::foldInto(Convolution& convolution) const {
  const std::size_t rows = scale.size(), columns = convolution.weights.size() / rows;
  convolution.bias.resize(rows);  // zeros where it had none
  bool finite = true;
  for (std::size_t row = 0; row < rows; ++row) {
    const float factor = scale[row] / std::sqrt(variance[row] + epsilon);
    for (std::size_t i = row * columns; i < (row + 1) * columns; ++i) {
      convolution.weights[i] *= factor;
      finite = finite && std::isfinite(convolution.weights[i]);
    }
    convolution.bias[row] = factor * (convolution.bias[row] - mean[row]) + offset[row];
    finite = finite && std::isfinite(convolution.bias[row]);
  }
  return finite;
}

}  // namespace gainstage::neural::files
