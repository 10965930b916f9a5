#pragma once

#include "neural/recurrent/activated_rows.h"
#include "neural/recurrent/stage.h"

namespace gainstage::neural {

/// A convolution over time and its activation. Its state are the rows before the first.
class ActivatedStage final : public Stage {
 public:
  ActivatedStage(const Activated& layer, std::span<const float> constants);

  int outputs() const noexcept override { return rows_.outputs; }
  double multiplyAdds() const noexcept override { return multiplyAdds_; }
  std::size_t weightBytes() const noexcept override;
  std::size_t stateFloats() const noexcept override;
  std::size_t scratchFloats() const noexcept override;
  void begin(std::span<float>) const noexcept override {}
  ConstRows run(ConstRows in, float* state, float* scratch, int frames) const noexcept override;

 private:
  ActivatedRows rows_;
  double multiplyAdds_;
};

}  // namespace gainstage::neural
