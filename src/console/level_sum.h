#pragma once

#include "rig/rig_state.h"

namespace gainstage::console {

/// What the level parameters of a rig's blocks that are on add up to, in dB: the part of a path's total that
/// lies in its rig. Of a split, what its chains would add up to if they gave the same.
float rigLevelDb(const rig::RigState& rig);

/// Whether one rig can become the other by setting parameters, without building anything.
bool sameStructure(const rig::RigState& a, const rig::RigState& b);

}  // namespace gainstage::console
