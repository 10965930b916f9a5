#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neural/network.h"

namespace gainstage::neural {

/// A network in a few words for each of its parts, in order: "16 channels, 10 layers of 3 taps, Tanh". What
/// it holds follows, indented by two spaces under its own heading. At most 64 lines. [control]
std::vector<std::string> outlineOf(const Network& network);

/// How many weights it and the networks in it have, states included. [any thread]
std::size_t parametersOf(const Network& network);

}  // namespace gainstage::neural
