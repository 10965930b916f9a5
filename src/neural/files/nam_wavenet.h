#pragma once

#include "neural/files/convolutions.h"
#include "neural/files/reading.h"
#include "neural/files/weights.h"
#include "neural/network.h"

namespace gainstage::neural::files {

/// One entry of a WaveNet's "layers": an array of them.
struct NamArray {
  WaveNetArray array;
  bool headBias = false;
};

/// Without its weights. [control]
NamArray readNamArray(const Json& json, const std::string& path, ReceptiveField& field, Reading& reading);

/// Adds its weights in the order of the file. [control]
void planNamArray(WaveNetArray& array, bool headBias, WeightPlan& plan);

}  // namespace gainstage::neural::files
