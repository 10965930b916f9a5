#include "rig/rig_state.h"

#include "rig/blocks.h"

namespace gainstage::rig {

BlockState makeBlockState(const BlockDeclaration& declaration, std::string id) {
  BlockState state{.id = std::move(id), .declaration = &declaration};
  for (const Parameter& parameter : declaration.parameters)
    state.values.push_back(parameter.type == ParameterType::file ? 0.0f : parameter.defaultValue);
  state.files.resize(declaration.parameters.size());
  state.fileHashes.resize(declaration.parameters.size());
  return state;
}

bool isSplit(const BlockState& block) noexcept { return block.declaration == &kSplitBlock; }

std::size_t endOfSplit(const RigState& rig, std::size_t index) noexcept {
  std::size_t end = index + 1;
  if (isSplit(rig.blocks[index]))
    while (end < rig.blocks.size() && rig.blocks[end].chain != Chain::main) ++end;
  return end;
}

void rebaseFiles(RigState& rig, const std::filesystem::path& from, const std::filesystem::path& to) {
  for (BlockState& block : rig.blocks)
    for (std::string& file : block.files) rebaseFile(file, from, to);
}

void rebaseFile(std::string& file, const std::filesystem::path& from, const std::filesystem::path& to) {
  if (!file.empty() && std::filesystem::path(file).is_relative())
    file = (from / file).lexically_normal().lexically_relative(to.lexically_normal()).string();
}

std::string chainProblem(const RigState& rig, std::size_t index) {
  const BlockState& block = rig.blocks[index];
  if (block.chain == Chain::main) return {};
  const BlockState* before = index > 0 ? &rig.blocks[index - 1] : nullptr;
  if (isSplit(block)) return "belongs to a split, which cannot stand in a chain of another";
  if (!before || (!isSplit(*before) && before->chain == Chain::main))
    return "needs a split before it, and there is none";
  if (before->chain == Chain::b && block.chain == Chain::a)
    return "is a behind b: all of a split's chain a stands before its chain b";
  return {};
}

}  // namespace gainstage::rig
