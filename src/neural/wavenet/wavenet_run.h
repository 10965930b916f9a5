#pragma once

#include "neural/wavenet/wavenet_player.h"

namespace gainstage::neural {

/// One chunk, 1..kChunk frames cut by History::chunkAt, from state.input and state.condition to state.output.
/// Histories have not advanced yet. [audio]
void runWaveNet(const WaveNetProgram& program, WaveNetState& state, std::size_t frames) noexcept;

/// The same for one frame that has been coming in for ever: every history is filled. [audio]
void settleWaveNet(const WaveNetProgram& program, WaveNetState& state) noexcept;

}  // namespace gainstage::neural
