#pragma once

#include <string>

#include "neural/network.h"

namespace gainstage::neural {

/// What breaks the promises of network.h (parts that do not fit together, weights that are not finite or of
/// another number than the sizes say), or empty.
std::string flawOf(const Network& network);

}  // namespace gainstage::neural
