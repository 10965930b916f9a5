#pragma once

#include "neural/kernels/matrix.h"
#include "neural/player.h"

namespace gainstage::neural {

/// A WaveNet's weights in the kernels' order. Without arrays, its head layers alone play.
class WaveNetProgram final : public Program, public std::enable_shared_from_this<WaveNetProgram> {
 public:
  struct PackedFilm {
    Matrix scaleShift;
    bool shift = false;
  };
  /// What only some layers have; kept aside so that what all have lies close together.
  struct Extras {
    std::optional<Matrix> mixin;  ///< where something stands between it and the convolution
    Gating gating = Gating::none;
    Activation secondActivation;
    std::optional<Matrix> head1x1;
    std::array<std::optional<PackedFilm>, kFilmPlaces> films;

    const PackedFilm* film(FilmPlace place) const {
      const auto& film = films[static_cast<std::size_t>(place)];
      return film ? &*film : nullptr;
    }
  };
  struct Layer {
    Matrix convolution;  ///< with the mixin beside it, unless it is among the extras
    std::optional<Matrix> layer1x1;
    Activation activation;
    std::unique_ptr<const Extras> extras;  ///< nullptr: plain
    bool isHeard = true;                   ///< by another layer: the last of all is heard by the head alone
    std::size_t channels = 0;              ///< from layer to layer
    std::size_t bottleneck = 0;            ///< after the activation
  };
  struct Array {
    Matrix rechannel;
    std::vector<Layer> layers;
    bool isUniform = false;  ///< plain layers, all of one width and activation, whose 1x1 has one group
    Matrix head;
  };
  struct HeadLayer {
    Activation activation;
    Matrix convolution;
  };

  explicit WaveNetProgram(const WaveNet& network);

  int inputs() const noexcept override { return inputs_; }
  int outputs() const noexcept override { return outputs_; }
  Cost cost() const noexcept override { return cost_; }
  std::unique_ptr<Player> makePlayer() const override;

  const std::vector<Array>& arrays() const noexcept { return arrays_; }
  const std::vector<HeadLayer>& headLayers() const noexcept { return headLayers_; }
  const Program* condition() const noexcept { return condition_.get(); }

 private:
  void add(const WaveNetLayer& layer, bool isHeard, Array& to);
  std::unique_ptr<const Extras> extrasOf(const WaveNetLayer& layer, bool has1x1);
  void count(const Matrix& matrix);

  int inputs_;
  int outputs_;
  std::vector<Array> arrays_;
  std::vector<HeadLayer> headLayers_;
  std::shared_ptr<const Program> condition_;
  Cost cost_;
};

}  // namespace gainstage::neural
