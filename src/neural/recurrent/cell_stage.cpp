#include "neural/recurrent/cell_stage.h"

#include <algorithm>

namespace gainstage::neural {
namespace {

std::size_t rowFloats(const Cell& cell) { return paddedWidth(cell.paddedUnits); }

BegunCell begun(Cell cell, std::span<const float> units, std::span<const float> memories) {
  BegunCell begun;
  const std::size_t width = rowFloats(cell);
  begun.initial.resize(2 * width);
  std::ranges::copy(units, begun.initial.begin());
  std::ranges::copy(memories, begun.initial.begin() + cell.paddedUnits);
  begun.cell = std::move(cell);
  return begun;
}

std::size_t bytes(const Cell& cell) { return static_cast<std::size_t>(cell.packed.frames()) * sizeof(float); }

}  // namespace

BegunCell begunLstm(const Lstm& lstm, std::span<const float> constants) {
  BegunCell cell = begun(packLstm(lstm, constants), lstm.initialUnits, lstm.initialCells);
  cell.multiplyAdds = 4.0 * lstm.units * (cell.cell.inputs + lstm.units);
  return cell;
}

BegunCell begunGru(const Gru& gru, std::span<const float> constants) {
  BegunCell cell = begun(packGru(gru, constants), {}, {});
  cell.multiplyAdds = 3.0 * gru.units * (cell.cell.inputs + gru.units);
  return cell;
}

std::size_t CellStage::weightBytes() const noexcept { return bytes(begun_.cell); }
std::size_t CellStage::scratchFloats() const noexcept { return kChunkFrames * rowFloats(begun_.cell); }

void CellStage::begin(std::span<float> state) const noexcept {
  std::ranges::copy(begun_.initial, state.begin());
}

ConstRows CellStage::run(ConstRows in, float* state, float* scratch, int frames) const noexcept {
  const Rows out{scratch, rowFloats(begun_.cell)};
  begun_.cell.code.run(begun_.cell, in, state, out, frames);
  return {out.data, out.stride};
}

std::size_t CellPairStage::weightBytes() const noexcept { return bytes(first_.cell) + bytes(second_.cell); }
std::size_t CellPairStage::scratchFloats() const noexcept {
  return kChunkFrames * (rowFloats(first_.cell) + rowFloats(second_.cell));
}

void CellPairStage::begin(std::span<float> state) const noexcept {
  std::ranges::copy(first_.initial, state.begin());
  std::ranges::copy(second_.initial, state.begin() + static_cast<std::ptrdiff_t>(first_.initial.size()));
}

ConstRows CellPairStage::run(ConstRows in, float* state, float* scratch, int frames) const noexcept {
  const Rows between{scratch, rowFloats(first_.cell)};
  const Rows out{scratch + kChunkFrames * between.stride, rowFloats(second_.cell)};
  first_.cell.code.runPair(first_.cell, second_.cell, in, state, state + first_.initial.size(), between, out,
                           frames);
  return {out.data, out.stride};
}

}  // namespace gainstage::neural
