#include "neural/wavenet/wavenet_program.h"

#include <algorithm>

#include "neural/programs.h"
#include "neural/wavenet/wavenet_player.h"

namespace gainstage::neural {
namespace {

/// Whether the mixin's product can be summed in one go with the convolution's.
bool mixesAtOnce(const WaveNetLayer& layer) {
  const auto has = [&](FilmPlace place) { return layer.films[static_cast<std::size_t>(place)].has_value(); };
  return !has(FilmPlace::afterConvolution) && !has(FilmPlace::beforeMixin) && !has(FilmPlace::afterMixin) &&
         layer.convolution.groups == 1 && layer.mixin.groups == 1;
}

bool isUniform(const WaveNetProgram::Array& array) {
  const Activation& activation = array.layers.front().activation;
  return std::ranges::all_of(array.layers, [&](const WaveNetProgram::Layer& layer) {
    const bool has1x1 = layer.layer1x1 ? layer.layer1x1->groups == 1 : !layer.isHeard;
    return layer.extras == nullptr && layer.channels == layer.bottleneck && has1x1 &&
           layer.activation.kind == activation.kind && layer.activation.slopes == activation.slopes;
  });
}

}  // namespace

WaveNetProgram::WaveNetProgram(const WaveNet& network) : inputs_(network.inputs) {
  if (network.condition) {
    condition_ = makeProgram(*network.condition);
    cost_ = condition_->cost();
  }
  for (std::size_t a = 0; a < network.arrays.size(); ++a) {
    const WaveNetArray& from = network.arrays[a];
    const bool isLast = a + 1 == network.arrays.size();
    Array array{.rechannel = pack(from.rechannel),
                .layers = {},
                .isUniform = false,
                .head = pack(from.head, nullptr, isLast ? network.headScale : 1.0f)};
    count(array.rechannel);
    for (std::size_t l = 0; l < from.layers.size(); ++l)
      add(from.layers[l], !isLast || l + 1 < from.layers.size(), array);
    array.isUniform = isUniform(array);
    count(array.head);
    arrays_.push_back(std::move(array));
  }
  for (const WaveNet::HeadLayer& layer : network.headLayers) {
    headLayers_.push_back({layer.activation, pack(layer.convolution)});
    count(headLayers_.back().convolution);
  }
  outputs_ = headLayers_.empty() ? arrays_.back().head.outputs : headLayers_.back().convolution.outputs;
  cost_.receptiveFieldFrames += condition_ ? 0 : 1;
  cost_.stateBytes += WaveNetPlayer::stateFloats(*this) * sizeof(float);
}

/// The last layer of all has nobody to hand its outputs to: unless `isHeard`, they are not computed.
void WaveNetProgram::add(const WaveNetLayer& layer, bool isHeard, Array& to) {
  Layer packed{.convolution = pack(layer.convolution, mixesAtOnce(layer) ? &layer.mixin : nullptr),
               .layer1x1 = {},
               .activation = layer.activation,
               .extras = {},
               .isHeard = isHeard,
               .channels = static_cast<std::size_t>(layer.convolution.inputs),
               .bottleneck = static_cast<std::size_t>(layer.convolution.outputs) /
                             (layer.gating == Gating::none ? 1 : 2)};
  count(packed.convolution);
  if (layer.layer1x1 && isHeard) count(packed.layer1x1.emplace(pack(*layer.layer1x1)));
  packed.extras = extrasOf(layer, packed.layer1x1.has_value());
  to.layers.push_back(std::move(packed));
}

std::unique_ptr<const WaveNetProgram::Extras> WaveNetProgram::extrasOf(const WaveNetLayer& layer,
                                                                       bool has1x1) {
  auto extras = std::make_unique<Extras>();
  extras->gating = layer.gating;
  extras->secondActivation = layer.secondActivation;
  if (!mixesAtOnce(layer)) count(extras->mixin.emplace(pack(layer.mixin)));
  if (layer.head1x1) count(extras->head1x1.emplace(pack(*layer.head1x1)));
  bool hasFilm = false;
  for (std::size_t place = 0; place < kFilmPlaces; ++place) {
    if (!layer.films[place]) continue;
    // As NeuralAmpModelerCore has it: after the 1x1 it modulates only where layers are blended.
    if (place == static_cast<std::size_t>(FilmPlace::afterLayer1x1) &&
        (layer.gating != Gating::blended || !has1x1))
      continue;
    hasFilm = true;
    extras->films[place] = PackedFilm{pack(layer.films[place]->scaleShift), layer.films[place]->shift};
    count(extras->films[place]->scaleShift);
  }
  const bool isPlain = !hasFilm && !extras->mixin && !extras->head1x1 && layer.gating == Gating::none;
  return isPlain ? nullptr : std::move(extras);
}

void WaveNetProgram::count(const Matrix& matrix) {
  cost_.multiplyAdds += matrix.multiplyAdds();
  cost_.receptiveFieldFrames += static_cast<FrameCount>(matrix.span());
  cost_.weightBytes += matrix.bytes();
}

std::unique_ptr<Player> WaveNetProgram::makePlayer() const {
  auto player = std::make_unique<WaveNetPlayer>(shared_from_this());
  player->settle();
  return player;
}

std::shared_ptr<const Program> makeWaveNetProgram(const WaveNet& network) {
  return std::make_shared<const WaveNetProgram>(network);
}

std::shared_ptr<const Program> makeConvNetProgram(const ConvNet& network) {
  // The same chain as a WaveNet's head layers, but that each activation there comes before its convolution.
  WaveNet chain{.inputs = network.blocks.front().convolution.inputs,
                .arrays = {},
                .headScale = 1.0f,
                .headLayers = {},
                .condition = nullptr};
  Activation before;
  for (const ConvNet::Block& block : network.blocks) {
    chain.headLayers.push_back({before, block.convolution});
    before = block.activation;
  }
  chain.headLayers.push_back({before, network.head});
  return makeWaveNetProgram(chain);
}

}  // namespace gainstage::neural
