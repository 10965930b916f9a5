#pragma once

#include "neural/network.h"

namespace gainstage::neural {

/// A WaveNet of everything that files may ask for, in a random combination: the same for the same seed. Its
/// output stays near 1 for an input near 1.
Network randomWaveNet(unsigned seed);

/// A WaveNet of `arrays` of plain layers, as most captures are: channels, kernel and dilations of each.
struct PlainArray {
  int channels;
  int kernel;
  std::vector<int> dilations;
};
Network plainWaveNet(const std::vector<PlainArray>& arrays, const Activation& activation, int headKernel,
                     unsigned seed);

Network randomConvNet(unsigned seed);

}  // namespace gainstage::neural
