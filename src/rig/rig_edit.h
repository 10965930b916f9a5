#pragma once

#include <optional>

#include "core/result.h"
#include "rig/rig_json.h"

/// What people do to a rig's list of blocks. Each refuses (usage) what would leave it not to be read again,
/// and leaves it as it was then. Positions count from 1. All of it [control].
namespace gainstage::rig {

/// A new block of the type, behind the last. An empty id becomes the type, with a number where it is taken.
/// The id that it got.
Result<std::string> addBlock(RigState& rig, const BlockDeclaration& declaration, std::string id = {});

/// A split goes with the blocks of its chains.
Result<void> removeBlock(RigState& rig, std::string_view id);

/// To a place that counts once the block has been taken out; a split goes with the blocks of its chains.
/// Between blocks of a split it joins the chain that has a place there: the `chain` asked for, else the one
/// it is in, else that of the block before it.
Result<void> moveBlock(RigState& rig, std::string_view id, std::size_t position,
                       std::optional<Chain> chain = std::nullopt);

}  // namespace gainstage::rig
