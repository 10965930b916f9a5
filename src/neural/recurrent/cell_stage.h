#pragma once

#include "neural/recurrent/cell.h"
#include "neural/recurrent/stage.h"

namespace gainstage::neural {

/// A cell and the state that its file begins with.
struct BegunCell {
  Cell cell;
  std::vector<float> initial;  ///< units, then what else the cell remembers: cell.paddedUnits each
  double multiplyAdds = 0.0;
};

BegunCell begunLstm(const Lstm& lstm, std::span<const float> constants);  // [control]
BegunCell begunGru(const Gru& gru, std::span<const float> constants);     // [control]

class CellStage final : public Stage {
 public:
  explicit CellStage(BegunCell cell) : begun_(std::move(cell)) {}

  int outputs() const noexcept override { return begun_.cell.units; }
  double multiplyAdds() const noexcept override { return begun_.multiplyAdds; }
  std::size_t weightBytes() const noexcept override;
  std::size_t stateFloats() const noexcept override { return begun_.initial.size(); }
  std::size_t scratchFloats() const noexcept override;
  void begin(std::span<float> state) const noexcept override;
  ConstRows run(ConstRows in, float* state, float* scratch, int frames) const noexcept override;

 private:
  BegunCell begun_;
};

/// Two LSTMs, the second of which plays the first's units.
class CellPairStage final : public Stage {
 public:
  CellPairStage(BegunCell first, BegunCell second) : first_(std::move(first)), second_(std::move(second)) {}

  int outputs() const noexcept override { return second_.cell.units; }
  double multiplyAdds() const noexcept override { return first_.multiplyAdds + second_.multiplyAdds; }
  std::size_t weightBytes() const noexcept override;
  std::size_t stateFloats() const noexcept override { return first_.initial.size() + second_.initial.size(); }
  std::size_t scratchFloats() const noexcept override;
  void begin(std::span<float> state) const noexcept override;
  ConstRows run(ConstRows in, float* state, float* scratch, int frames) const noexcept override;

 private:
  BegunCell first_, second_;
};

}  // namespace gainstage::neural
