#include "rig/rig_state.h"

namespace gainstage::rig {

BlockState makeBlockState(const BlockDeclaration& declaration, std::string id) {
  BlockState state{.id = std::move(id), .declaration = &declaration};
  for (const Parameter& parameter : declaration.parameters)
    state.values.push_back(parameter.type == ParameterType::file ? 0.0f : parameter.defaultValue);
  state.files.resize(declaration.parameters.size());
  state.fileHashes.resize(declaration.parameters.size());
  return state;
}

}  // namespace gainstage::rig
