#pragma once

#include <vector>

namespace gainstage::neural {

enum class ActivationKind {
  identity,
  tanh,
  hardTanh,
  fastTanh,  ///< the rational function that early .nam trainers meant by "Fasttanh"
  relu,
  leakyRelu,  ///< also PReLU: a slope for all channels or one for each
  sigmoid,
  silu,  ///< x sigmoid(x), also called swish
  hardSwish,
  leakyHardTanh,
  softsign,
  elu,  ///< keras only
};

/// What happens to every number of a layer's output.
struct Activation {
  ActivationKind kind = ActivationKind::identity;
  std::vector<float> slopes;   ///< leakyRelu below 0: one, or one for each channel
  float minimum = -1.0f;       ///< leakyHardTanh is the identity from here
  float maximum = 1.0f;        ///< to here
  float minimumSlope = 0.01f;  ///< and so steep below
  float maximumSlope = 0.01f;  ///< and above
};

}  // namespace gainstage::neural
