#include "rig/rig_edit.h"

#include <algorithm>
#include <fmt/format.h>

namespace gainstage::rig {
namespace {

Error usage(std::string message) { return {ErrorKind::usage, std::move(message)}; }

Result<std::size_t> find(const RigState& rig, std::string_view id) {
  const auto found = std::ranges::find(rig.blocks, id, &BlockState::id);
  if (found == rig.blocks.end()) return usage(fmt::format("The rig has no block \"{}\".", id));
  return static_cast<std::size_t>(found - rig.blocks.begin());
}

/// The chains that a block may be in between two others, as far as there are any.
struct Range {
  int first = 0, last = 0;  // 1 a, 2 b, 3 main; the order in which a split's blocks stand
};

int rank(Chain chain) { return chain == Chain::main ? 3 : static_cast<int>(chain); }

Range chainsAt(const std::vector<BlockState>& blocks, std::size_t place) {
  const BlockState* before = place > 0 ? &blocks[place - 1] : nullptr;
  const BlockState* after = place < blocks.size() ? &blocks[place] : nullptr;
  if (!before || (!isSplit(*before) && before->chain == Chain::main)) return {3, 3};
  return {isSplit(*before) ? 1 : rank(before->chain), after ? rank(after->chain) : 3};
}

}  // namespace

Result<std::string> addBlock(RigState& rig, const BlockDeclaration& declaration, std::string id) {
  const auto taken = [&] { return std::ranges::find(rig.blocks, id, &BlockState::id) != rig.blocks.end(); };
  if (!id.empty() && (taken() || !isId(id)))
    return usage(
        fmt::format("\"{}\" cannot be the new block's id: it is taken, or not of a-z, 0-9 and '-'.", id));
  if (rig.blocks.size() >= kMaxBlocks) return usage(fmt::format("A rig has at most {} blocks.", kMaxBlocks));
  if (id.empty()) {
    id = declaration.type;
    for (int n = 2; taken(); ++n) id = fmt::format("{}-{}", declaration.type, n);
  }
  rig.blocks.push_back(makeBlockState(declaration, id));
  return id;
}

Result<void> removeBlock(RigState& rig, std::string_view id) {
  const auto index = find(rig, id);
  if (!index) return index.error();
  const auto begin = rig.blocks.begin();
  rig.blocks.erase(begin + static_cast<std::ptrdiff_t>(*index),
                   begin + static_cast<std::ptrdiff_t>(endOfSplit(rig, *index)));
  return {};
}

Result<void> moveBlock(RigState& rig, std::string_view id, std::size_t position, std::optional<Chain> chain) {
  const auto index = find(rig, id);
  if (!index) return index.error();
  const auto from = static_cast<std::ptrdiff_t>(*index);
  const auto to = static_cast<std::ptrdiff_t>(endOfSplit(rig, *index));
  std::vector<BlockState> moved(rig.blocks.begin() + from, rig.blocks.begin() + to);
  std::vector<BlockState> others = rig.blocks;
  others.erase(others.begin() + from, others.begin() + to);
  if (position < 1 || position > others.size() + 1)
    return usage(fmt::format("{}: a position is a whole number from 1 to {}.", position, others.size() + 1));
  const Range range = chainsAt(others, position - 1);
  const bool goesMain = range.last == 3;
  if (isSplit(moved.front())) {
    if (!goesMain || (chain && *chain != Chain::main))
      return usage(fmt::format("{} cannot stand in a chain of another split.", id));
  } else {
    const int wanted = rank(chain.value_or(moved.front().chain));
    const bool fits = wanted >= range.first && wanted <= range.last;
    if (chain && !fits)
      return usage(
          fmt::format("Position {} is not in that chain: a split is followed by its chain a, then by "
                      "its chain b, then by the main line.",
                      position));
    const int rankThere = fits ? wanted : range.first;
    moved.front().chain = rankThere == 3 ? Chain::main : static_cast<Chain>(rankThere);
  }
  others.insert(others.begin() + static_cast<std::ptrdiff_t>(position - 1), moved.begin(), moved.end());
  rig.blocks = std::move(others);
  return {};
}

}  // namespace gainstage::rig
