#pragma once

#include "neural/network.h"

/// Layers with random weights, of a scale that keeps them lively. The same for the same seed.
namespace gainstage::neural {

Lstm randomLstm(int inputs, int units, unsigned seed);  ///< begins with random units and cells
Gru randomGru(int inputs, int units, unsigned seed);
Activated randomActivated(int inputs, int outputs, ActivationKind kind, unsigned seed, int kernel = 1,
                          int dilation = 1, int groups = 1);

}  // namespace gainstage::neural
