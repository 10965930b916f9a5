#include "neural/recurrent/activated_stage.h"
#include "neural/recurrent/cell_stage.h"

namespace gainstage::neural {
namespace {

bool canPair(const BegunCell& first, const BegunCell& second) {
  return first.cell.code.runPair == second.cell.code.runPair;
}

}  // namespace

std::vector<std::unique_ptr<const Stage>> makeStages(const Sequence& network) {
  std::vector<std::unique_ptr<const Stage>> stages;
  const auto& layers = network.layers;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::span<const float> constants = i == 0 ? network.parameters : std::span<const float>{};
    if (const Lstm* lstm = std::get_if<Lstm>(&layers[i])) {
      BegunCell cell = begunLstm(*lstm, constants);
      const Lstm* next = i + 1 < layers.size() ? std::get_if<Lstm>(&layers[i + 1]) : nullptr;
      if (next != nullptr) {
        BegunCell second = begunLstm(*next, {});
        if (canPair(cell, second)) {
          stages.push_back(std::make_unique<CellPairStage>(std::move(cell), std::move(second)));
          ++i;
          continue;
        }
      }
      stages.push_back(std::make_unique<CellStage>(std::move(cell)));
    } else if (const Gru* gru = std::get_if<Gru>(&layers[i])) {
      stages.push_back(std::make_unique<CellStage>(begunGru(*gru, constants)));
    } else {
      stages.push_back(std::make_unique<ActivatedStage>(std::get<Activated>(layers[i]), constants));
    }
  }
  return stages;
}

}  // namespace gainstage::neural
