#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rig/block.h"

namespace gainstage::rig {

/// Where a block stands in its rig: in the main line, or in one of the two chains of the split before it.
enum class Chain : std::uint8_t { main, a, b };

/// A block as the session holds it.
struct BlockState {
  std::string id;         ///< stable, unique in its rig
  std::string name = {};  ///< what people see; may be empty: the declaration's name then
  const BlockDeclaration* declaration = nullptr;
  bool on = true;
  Chain chain = Chain::main;
  std::vector<float> values = {};  ///< one for each declared parameter, in order; 0 for files
  std::vector<std::string> files =
      {};  ///< one for each declared parameter; a path, or empty; empty for numbers
  /// One for each of `files`: SHA-256 of what the file held when the session was saved, in hex; empty where
  /// unknown.
  std::vector<std::string> fileHashes = {};

  bool operator==(const BlockState&) const = default;
};

/// A rig as the session holds it: blocks from the strip's input to its fader. A split is followed by the
/// blocks of its chain a and then by those of its chain b; the next block of the main line ends it. One split
/// cannot stand in another's chain.
struct RigState {
  std::vector<BlockState> blocks;

  bool operator==(const RigState&) const = default;
};

/// A block with its declaration's defaults. [control]
BlockState makeBlockState(const BlockDeclaration& declaration, std::string id);

/// Whether the block is a split. [any thread]
bool isSplit(const BlockState& block) noexcept;

/// Behind the block at `index`, and where that is a split behind its chains. [any thread]
std::size_t endOfSplit(const RigState& rig, std::size_t index) noexcept;

/// Makes relative files, so far meant from one folder, be meant from another (both absolute). [control]
void rebaseFiles(RigState& rig, const std::filesystem::path& from, const std::filesystem::path& to);
void rebaseFile(std::string& file, const std::filesystem::path& from, const std::filesystem::path& to);

/// Why the block at `index` cannot stand where it does ("is a, but ..."), given that those before it can;
/// empty where it can. [control]
std::string chainProblem(const RigState& rig, std::size_t index);

}  // namespace gainstage::rig
