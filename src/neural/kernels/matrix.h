#pragma once

#include <vector>

#include "neural/kernels/rows.h"
#include "neural/network.h"

namespace gainstage::neural {

/// Weights of a convolution in the order in which the kernels read them: for each group, tap (oldest first)
/// and input, those of all outputs of the group beside each other.
///
///     group 0: tap 0: input 0: [o0 o1 o2 ...]
///                     input 1: [o0 o1 o2 ...]
///              tap 1: input 0: ...
///
/// The same for every instruction set, so that one copy serves all players.
struct Matrix {
  int inputs = 0;
  int outputs = 0;
  int kernel = 1;
  int dilation = 1;
  int groups = 1;
  int besides = 0;  ///< inputs of a second matrix whose outputs are added: its rows of weights come first
                    ///< (one group only)
  std::vector<float> weights;
  std::vector<float> bias;  ///< one for each output

  std::size_t span() const noexcept {
    return static_cast<std::size_t>(kernel - 1) * static_cast<std::size_t>(dilation);
  }
  double multiplyAdds() const noexcept {
    const int inputsOfEach = inputs / groups;
    return static_cast<double>(outputs) * (static_cast<double>(inputsOfEach) * kernel + besides);
  }
  std::size_t bytes() const noexcept { return (weights.size() + bias.size()) * sizeof(float); }
};

/// `scale` times the convolution. `beside`, if any, is a matrix (kernel 1) of as many outputs, to be added;
/// neither has more than one group then. [control]
Matrix pack(const Convolution& convolution, const Convolution* beside = nullptr, float scale = 1.0f);

}  // namespace gainstage::neural
