#pragma once

#include "neural/player.h"

/// One maker for each kind of network; makeProgram chooses.
namespace gainstage::neural {

std::shared_ptr<const Program> makeWaveNetProgram(const WaveNet& network);  // cut to its size beforehand
std::shared_ptr<const Program> makeConvNetProgram(const ConvNet& network);
std::shared_ptr<const Program> makeLinearProgram(const Linear& network);
std::shared_ptr<const Program> makeSequenceProgram(const Sequence& network);

}  // namespace gainstage::neural
