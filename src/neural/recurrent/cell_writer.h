#pragma once

#include "neural/recurrent/cell.h"

namespace gainstage::neural {

CellCode lstmCode(int units);  // [control]
CellCode gruCode(int units);   // [control]

/// log2(e): cells compute powers of two, see gate_math-inl.h.
inline constexpr double kLog2E = 1.4426950408889634;

/// Makes a cell and writes its weights in the order of its layout, column by column. [control]
class CellWriter {
 public:
  /// Of each tile, `biases` vectors for each group and `gates` for each group and column.
  CellWriter(int inputs, int units, const CellCode& code, int biases, int gates);

  const Cell& cell() const noexcept { return cell_; }
  int tiles() const noexcept { return cell_.paddedUnits / tileUnits(); }
  Cell finish() && { return std::move(cell_); }

  /// Of a tile, `count` times weight(0 .. count - 1, unit); 0 for units that there are not.
  template <typename Weight>
  void write(int tile, int count, Weight weight) {
    for (int gate = 0; gate < count; ++gate)
      for (int unit = tile * tileUnits(); unit < (tile + 1) * tileUnits(); ++unit)
        cell_.packed.channel(0)[at_++] = unit < cell_.units ? static_cast<float>(weight(gate, unit)) : 0.0f;
  }

 private:
  int tileUnits() const noexcept { return cell_.code.lanes * cell_.code.groups; }

  Cell cell_;
  std::size_t at_ = 0;
};

}  // namespace gainstage::neural
