#pragma once

#include <vector>

#include "neural/network.h"

namespace gainstage::neural::files {

/// Sizes between 0 and 1 from which on another network plays, rising. [control]
std::vector<double> sizeStepsOf(const Network& network);

}  // namespace gainstage::neural::files
