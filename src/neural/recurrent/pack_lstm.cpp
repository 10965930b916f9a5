#include <array>

#include "neural/recurrent/cell_writer.h"

namespace gainstage::neural {
namespace {

// Of i, f, g, o.
constexpr std::array<double, 4> kScales{-kLog2E, -kLog2E, 2.0 * kLog2E, -kLog2E};

}  // namespace

Cell packLstm(const Lstm& lstm, std::span<const float> constants) {
  const int inputs = lstm.inputs - static_cast<int>(constants.size());
  CellWriter writer(inputs, lstm.units, lstmCode(lstm.units), 4, 4);
  const auto row = [&](int gate, int unit) { return static_cast<std::size_t>(gate * lstm.units + unit); };
  const auto weight = [&](int gate, int unit, int column) {
    const auto length = static_cast<std::size_t>(lstm.inputs + lstm.units);
    return kScales[static_cast<std::size_t>(gate)] *
           static_cast<double>(lstm.weights[row(gate, unit) * length + static_cast<std::size_t>(column)]);
  };
  for (int tile = 0; tile < writer.tiles(); ++tile) {
    writer.write(tile, 4, [&](int gate, int unit) {
      double bias = kScales[static_cast<std::size_t>(gate)] * static_cast<double>(lstm.bias[row(gate, unit)]);
      for (int k = inputs; k < lstm.inputs; ++k)
        bias += weight(gate, unit, k) * static_cast<double>(constants[static_cast<std::size_t>(k - inputs)]);
      return bias;
    });
    for (int input = 0; input < inputs; ++input)
      writer.write(tile, 4, [&](int gate, int unit) { return weight(gate, unit, input); });
    for (const auto& [gate, count] : {std::pair{0, 3}, std::pair{3, 1}})
      for (int column = 0; column < writer.cell().columns; ++column)
        writer.write(tile, count, [&, from = gate](int further, int unit) {
          return column < lstm.units ? weight(from + further, unit, lstm.inputs + column) : 0.0;
        });
  }
  return std::move(writer).finish();
}

}  // namespace gainstage::neural
