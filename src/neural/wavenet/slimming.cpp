#include "neural/wavenet/slimming.h"

#include <algorithm>

namespace gainstage::neural {
namespace {

/// The first outputs and inputs only.
Convolution cut(const Convolution& from, int inputs, int outputs) {
  Convolution to = from;
  to.inputs = inputs;
  to.outputs = outputs;
  to.weights.clear();
  for (int o = 0; o < outputs; ++o)
    for (int i = 0; i < inputs; ++i) {
      const auto first = from.weights.begin() + (o * from.inputs + i) * from.kernel;
      to.weights.insert(to.weights.end(), first, first + from.kernel);
    }
  if (!to.bias.empty()) to.bias.resize(static_cast<std::size_t>(outputs));
  return to;
}

/// What a film's matrix makes for `channels`: scales, and as many offsets behind them.
void cutFilm(std::optional<Film>& film, int channels) {
  if (film)
    film->scaleShift = cut(film->scaleShift, film->scaleShift.inputs, film->shift ? 2 * channels : channels);
}

struct Width {
  int channels;
  int bottleneck;
};

WaveNetLayer cut(const WaveNetLayer& from, Width to) {
  WaveNetLayer layer = from;
  const int mixed = from.gating == Gating::none ? to.bottleneck : 2 * to.bottleneck;
  layer.convolution = cut(from.convolution, to.channels, mixed);
  layer.mixin = cut(from.mixin, from.mixin.inputs, mixed);
  if (from.layer1x1) layer.layer1x1 = cut(*from.layer1x1, to.bottleneck, to.channels);
  if (from.head1x1) layer.head1x1 = cut(*from.head1x1, to.bottleneck, from.head1x1->outputs);
  const auto film = [&](FilmPlace place) -> std::optional<Film>& {
    return layer.films[static_cast<std::size_t>(place)];
  };
  cutFilm(film(FilmPlace::beforeConvolution), to.channels);
  cutFilm(film(FilmPlace::afterConvolution), mixed);
  cutFilm(film(FilmPlace::afterMixin), mixed);
  cutFilm(film(FilmPlace::beforeActivation), mixed);
  cutFilm(film(FilmPlace::afterActivation), to.bottleneck);
  cutFilm(film(FilmPlace::afterLayer1x1), to.channels);
  const auto cutSlopes = [](std::vector<float>& slopes, int channels) {
    if (slopes.size() > 1) slopes.resize(static_cast<std::size_t>(channels));
  };
  cutSlopes(layer.activation.slopes, to.bottleneck);
  cutSlopes(layer.secondActivation.slopes, to.bottleneck);
  return layer;
}

int widthAt(const WaveNetArray& array, double size) {
  if (array.widths.empty()) return array.rechannel.outputs;
  const auto count = static_cast<double>(array.widths.size());
  return array.widths[static_cast<std::size_t>(std::clamp(size * count, 0.0, count - 1.0))];
}

}  // namespace

WaveNet cutToSize(const WaveNet& network, double size) {
  std::vector<int> widths;
  bool isFull = true;
  for (const WaveNetArray& array : network.arrays) {
    widths.push_back(widthAt(array, size));
    isFull = isFull && widths.back() == array.rechannel.outputs;
  }
  if (isFull) return network;

  WaveNet slim = network;
  for (std::size_t a = 0; a < network.arrays.size(); ++a) {
    const WaveNetArray& from = network.arrays[a];
    WaveNetArray& array = slim.arrays[a];
    int headInputs = from.head.inputs;
    array.rechannel = cut(from.rechannel, a == 0 ? from.rechannel.inputs : widths[a - 1], widths[a]);
    for (std::size_t l = 0; l < from.layers.size(); ++l) {
      const WaveNetLayer& layer = from.layers[l];
      const int bottleneck = layer.convolution.outputs / (layer.gating == Gating::none ? 1 : 2);
      const Width to{widths[a], layer.layer1x1 ? std::max(1, bottleneck * widths[a] / from.rechannel.outputs)
                                               : widths[a]};
      array.layers[l] = cut(layer, to);
      if (!layer.head1x1) headInputs = to.bottleneck;
    }
    array.head =
        cut(from.head, headInputs, a + 1 == network.arrays.size() ? from.head.outputs : widths[a + 1]);
  }
  return slim;
}

}  // namespace gainstage::neural
