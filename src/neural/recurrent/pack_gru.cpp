#include <array>

#include "neural/recurrent/cell_writer.h"

namespace gainstage::neural {
namespace {

// Of z, r, n.
constexpr std::array<double, 3> kScales{-kLog2E, -kLog2E, 2.0 * kLog2E};

}  // namespace

Cell packGru(const Gru& gru, std::span<const float> constants) {
  const int inputs = gru.inputs - static_cast<int>(constants.size());
  CellWriter writer(inputs, gru.units, gruCode(gru.units), 4, 3);
  const auto row = [&](int gate, int unit) { return static_cast<std::size_t>(gate * gru.units + unit); };
  const auto element = [&](const std::vector<float>& values, int gate, std::size_t index) {
    return kScales[static_cast<std::size_t>(gate)] * static_cast<double>(values[index]);
  };
  const auto inputWeight = [&](int gate, int unit, int column) {
    const std::size_t index = row(gate, unit) * static_cast<std::size_t>(gru.inputs);
    return element(gru.inputWeights, gate, index + static_cast<std::size_t>(column));
  };
  const auto recurrentWeight = [&](int gate, int unit, int column) {
    const std::size_t index = row(gate, unit) * static_cast<std::size_t>(gru.units);
    return element(gru.recurrentWeights, gate, index + static_cast<std::size_t>(column));
  };
  for (int tile = 0; tile < writer.tiles(); ++tile) {
    // z, r, the input's share of n, the units' share of n: that alone goes through the reset gate.
    writer.write(tile, 4, [&](int part, int unit) {
      if (part == 3) return element(gru.recurrentBias, 2, row(2, unit));
      double bias = element(gru.inputBias, part, row(part, unit));
      if (part < 2) bias += element(gru.recurrentBias, part, row(part, unit));
      for (int k = inputs; k < gru.inputs; ++k)
        bias +=
            inputWeight(part, unit, k) * static_cast<double>(constants[static_cast<std::size_t>(k - inputs)]);
      return bias;
    });
    for (int input = 0; input < inputs; ++input)
      writer.write(tile, 3, [&](int gate, int unit) { return inputWeight(gate, unit, input); });
    for (int column = 0; column < writer.cell().columns; ++column)
      writer.write(tile, 3, [&](int gate, int unit) {
        return column < gru.units ? recurrentWeight(gate, unit, column) : 0.0;
      });
  }
  return std::move(writer).finish();
}

}  // namespace gainstage::neural
