#pragma once

#include <string>
#include <vector>

#include "rig/block.h"

namespace gainstage::rig {

/// A block as the session holds it.
struct BlockState {
  std::string id;         ///< stable, unique in its rig
  std::string name = {};  ///< what people see; may be empty: the declaration's name then
  const BlockDeclaration* declaration = nullptr;
  bool on = true;
  std::vector<float> values = {};  ///< one for each declared parameter, in order; 0 for files
  std::vector<std::string> files =
      {};  ///< one for each declared parameter; a path, or empty; empty for numbers
  /// One for each of `files`: SHA-256 of what the file held when the session was saved, in hex; empty where
  /// unknown.
  std::vector<std::string> fileHashes = {};

  bool operator==(const BlockState&) const = default;
};

/// A rig as the session holds it: blocks from the strip's input to its fader.
struct RigState {
  std::vector<BlockState> blocks;

  bool operator==(const RigState&) const = default;
};

/// A block with its declaration's defaults. [control]
BlockState makeBlockState(const BlockDeclaration& declaration, std::string id);

}  // namespace gainstage::rig
