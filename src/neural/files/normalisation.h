#pragma once

#include <vector>

#include "neural/network.h"

namespace gainstage::neural::files {

/// Batch normalisation of each channel as it plays: scale (x - mean) / sqrt(variance + epsilon) + offset
/// (Ioffe & Szegedy 2015, algorithm 2).
struct Normalisation {
  std::vector<float> mean, variance, scale, offset;  ///< one for each channel
  float epsilon = 0.0f;

  /// Makes the convolution in front of it do its work too. False: a number is not finite any more. [control]
  bool foldInto(Convolution& convolution) const;
};

}  // namespace gainstage::neural::files
