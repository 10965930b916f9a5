#include "console/level_sum.h"

#include <algorithm>
#include <cmath>

namespace gainstage::console {
namespace {

float blockLevelDb(const rig::BlockState& block) {
  float sum = 0.0f;
  for (std::size_t p = 0; p < block.values.size(); ++p)
    if (block.declaration->parameters[p].hazard == Hazard::level) sum += block.values[p];
  return sum;
}

float valueOf(const rig::BlockState& block, std::string_view id) {
  return block.values[indexOf(block.declaration->parameters, id).value()];
}

/// Of the split at `split`, whose chains end before `end`.
float splitLevelDb(const rig::RigState& rig, std::size_t split, std::size_t end) {
  const rig::BlockState& settings = rig.blocks[split];
  float aDb = valueOf(settings, "levelADb"), bDb = valueOf(settings, "levelBDb");
  for (std::size_t i = split + 1; i < end; ++i)
    if (rig.blocks[i].on) (rig.blocks[i].chain == rig::Chain::a ? aDb : bDb) += blockLevelDb(rig.blocks[i]);
  const float blend = valueOf(settings, "blend");
  const float sum = (1.0f - blend) * Decibels{aDb}.linear() + blend * Decibels{bDb}.linear();
  return static_cast<float>(Decibels::fromLinear(std::max(sum, 1e-6f)).value);
}

}  // namespace

float rigLevelDb(const rig::RigState& rig) {
  float sum = 0.0f;
  for (std::size_t i = 0; i < rig.blocks.size();) {
    const std::size_t end = rig::endOfSplit(rig, i);
    const rig::BlockState& block = rig.blocks[i];
    if (block.on) sum += rig::isSplit(block) ? splitLevelDb(rig, i, end) : blockLevelDb(block);
    i = end;
  }
  return sum;
}

bool sameStructure(const rig::RigState& a, const rig::RigState& b) {
  if (a.blocks.size() != b.blocks.size()) return false;
  for (std::size_t i = 0; i < a.blocks.size(); ++i) {
    const rig::BlockState &x = a.blocks[i], &y = b.blocks[i];
    if (x.id != y.id || x.chain != y.chain || x.declaration != y.declaration || x.files != y.files)
      return false;
    for (std::size_t p = 0; p < x.values.size(); ++p)
      if (x.declaration->parameters[p].structural && x.values[p] != y.values[p]) return false;
  }
  return true;
}

}  // namespace gainstage::console
