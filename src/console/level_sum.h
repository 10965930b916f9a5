#pragma once

#include "rig/rig_state.h"

namespace gainstage::console {

/// What the level parameters of a rig's blocks that are on add up to, in dB: the part of a path's total that
/// lies in its rig.
inline float rigLevelDb(const rig::RigState& rig) {
  float sum = 0.0f;
  for (const rig::BlockState& block : rig.blocks) {
    if (!block.on) continue;
    for (std::size_t p = 0; p < block.values.size(); ++p)
      if (block.declaration->parameters[p].hazard == Hazard::level) sum += block.values[p];
  }
  return sum;
}

/// Whether one rig can become the other by setting parameters, without building anything.
inline bool sameStructure(const rig::RigState& a, const rig::RigState& b) {
  if (a.blocks.size() != b.blocks.size()) return false;
  for (std::size_t i = 0; i < a.blocks.size(); ++i) {
    const rig::BlockState &x = a.blocks[i], &y = b.blocks[i];
    if (x.id != y.id || x.declaration != y.declaration || x.files != y.files) return false;
    for (std::size_t p = 0; p < x.values.size(); ++p)
      if (x.declaration->parameters[p].structural && x.values[p] != y.values[p]) return false;
  }
  return true;
}

}  // namespace gainstage::console
