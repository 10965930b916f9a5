#pragma once

#include <vector>

#include "core/units.h"
#include "neural/player.h"

/// What players do in silence. All of it [control].
namespace gainstage::neural {

/// What a settled player gives for silence, for each output. Leaves it settled.
std::vector<float> restOutputs(Player& player, int inputs, int outputs);

/// Frames from the end of loud noise until the output stays within -90 dB of what the noise made of its rest;
/// at most `most`. For networks that feed back; leaves the player settled. One input and output.
FrameTime measuredTail(Player& player, FrameTime most);

}  // namespace gainstage::neural
