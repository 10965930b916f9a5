#include "neural/random_network.h"

#include <cmath>
#include <random>

namespace gainstage::neural {
namespace {

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  int from(std::initializer_list<int> choices) { return choices.begin()[random_() % choices.size()]; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  /// Weights small enough that sums of outputs of about 1 are about 1.
  Convolution convolution(int inputs, int outputs, int kernel, int dilation, bool bias, int groups = 1) {
    Convolution c{inputs, outputs, kernel, dilation, groups, {}, {}};
    const int terms = inputs / groups * kernel;
    const float scale = 1.0f / std::sqrt(static_cast<float>(terms));
    c.weights = numbers(outputs * (inputs / groups) * kernel, scale);
    if (bias) c.bias = numbers(outputs, 0.2f);
    return c;
  }

  Activation activation(int channels) {
    Activation a;
    a.kind = static_cast<ActivationKind>(random_() % (static_cast<unsigned>(ActivationKind::elu) + 1));
    if (a.kind == ActivationKind::leakyRelu) a.slopes = numbers(chance(50) ? 1 : channels, 1.5f);
    if (a.kind == ActivationKind::leakyHardTanh) {
      a.minimum = -0.4f;
      a.maximum = 0.7f;
      a.minimumSlope = 0.05f;
      a.maximumSlope = 0.2f;
    }
    return a;
  }

  std::optional<Film> film(int condition, int channels) {
    if (!chance(35)) return std::nullopt;
    const bool shift = chance(50);
    const int outputs = shift ? 2 * channels : channels;
    const int groups = condition == 2 && outputs % 2 == 0 && chance(30) ? 2 : 1;
    return Film{convolution(condition, outputs, 1, 1, true, groups), shift};
  }

  WaveNetLayer layer(int channels, int bottleneck, int condition, int headChannels, bool with1x1,
                     bool extras) {
    WaveNetLayer layer;
    if (extras) layer.gating = static_cast<Gating>(random_() % 3);
    const int mixed = layer.gating == Gating::none ? bottleneck : 2 * bottleneck;
    const int groups = extras && channels % 2 == 0 && mixed % 2 == 0 && chance(30) ? 2 : 1;
    layer.convolution =
        convolution(channels, mixed, from({1, 2, 3, 6}), from({1, 2, 5, 17, 64}), true, groups);
    layer.mixin =
        convolution(condition, mixed, 1, 1, false, condition == 2 && mixed % 2 == 0 && chance(20) ? 2 : 1);
    layer.activation = activation(bottleneck);
    layer.secondActivation = activation(bottleneck);
    if (with1x1) layer.layer1x1 = convolution(bottleneck, channels, 1, 1, true);
    if (headChannels > 0) layer.head1x1 = convolution(bottleneck, headChannels, 1, 1, true);
    if (!extras) return layer;
    const int widths[kFilmPlaces] = {channels, mixed,      condition, mixed,
                                     mixed,    bottleneck, channels,  headChannels};
    for (std::size_t place = 0; place < kFilmPlaces; ++place)
      if (widths[place] > 0 && (place != 6 || with1x1)) layer.films[place] = film(condition, widths[place]);
    return layer;
  }

  /// `inputs` channels in, `outputs` out.
  WaveNet waveNet(int inputs, int outputs, int depth) {
    WaveNet net;
    net.inputs = inputs;
    net.headScale = 0.5f;
    int condition = inputs;
    if (depth > 0 && chance(50)) {
      condition = from({1, 2, 3});
      net.condition = std::make_shared<const Network>(Network{waveNet(inputs, condition, depth - 1)});
    }
    const int arrays = from({1, 2, 3});
    const bool hasHeadLayers = chance(30);
    int channelsBefore = inputs;
    int channels = from({1, 2, 3, 4, 6, 8, 16});
    int headBefore = 0;
    for (int a = 0; a < arrays; ++a) {
      const bool isLast = a + 1 == arrays;
      const int next = from({1, 2, 3, 4, 8});
      const bool with1x1 = chance(85);
      const bool withHead1x1 = headBefore != 0 ? true : chance(30);
      const int bottleneck = with1x1 ? from({1, 2, 3, channels, channels}) : channels;
      // The head's sum goes on from array to array: as many channels as came out of the one before.
      const int headChannels = withHead1x1 ? (headBefore != 0 ? headBefore : from({1, 2, 4})) : 0;
      const bool extras = chance(60);
      WaveNetArray array;
      array.rechannel = convolution(channelsBefore, channels, 1, 1, false);
      for (int l = from({1, 2, 3}); l > 0; --l)
        array.layers.push_back(layer(channels, bottleneck, condition, headChannels, with1x1, extras));
      const int headOutputs = isLast ? (hasHeadLayers ? 3 : outputs) : next;
      array.head = convolution(withHead1x1 ? headChannels : bottleneck, headOutputs, from({1, 1, 4, 16}), 1,
                               chance(50));
      net.arrays.push_back(std::move(array));
      headBefore = headOutputs;
      channelsBefore = channels;
      channels = next;
    }
    if (hasHeadLayers) {
      net.headLayers.push_back({activation(3), convolution(3, 4, from({1, 3}), 1, true)});
      net.headLayers.push_back({activation(4), convolution(4, outputs, from({1, 5}), 1, true)});
    }
    return net;
  }

  std::vector<float> numbers(int count, float scale) {
    std::uniform_real_distribution<float> uniform(-scale, scale);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = uniform(random_);
    return values;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

Network randomWaveNet(unsigned seed) { return {Maker(seed).waveNet(1, 1, 2)}; }

Network plainWaveNet(const std::vector<PlainArray>& arrays, const Activation& activation, int headKernel,
                     unsigned seed) {
  Maker make(seed);
  WaveNet net;
  net.headScale = 0.02f;
  int before = 1;
  for (std::size_t a = 0; a < arrays.size(); ++a) {
    const PlainArray& from = arrays[a];
    WaveNetArray array;
    array.rechannel = make.convolution(before, from.channels, 1, 1, false);
    for (const int dilation : from.dilations) {
      WaveNetLayer layer;
      layer.convolution = make.convolution(from.channels, from.channels, from.kernel, dilation, true);
      layer.mixin = make.convolution(1, from.channels, 1, 1, false);
      layer.activation = activation;
      layer.layer1x1 = make.convolution(from.channels, from.channels, 1, 1, true);
      array.layers.push_back(std::move(layer));
    }
    const bool isLast = a + 1 == arrays.size();
    array.head = make.convolution(from.channels, isLast ? 1 : arrays[a + 1].channels, headKernel, 1, isLast);
    net.arrays.push_back(std::move(array));
    before = from.channels;
  }
  return {std::move(net)};
}

Network randomConvNet(unsigned seed) {
  Maker make(seed);
  ConvNet net;
  int channels = 1;
  for (int b = make.from({1, 3, 5}); b > 0; --b) {
    const int outputs = make.from({1, 3, 8, 12});
    const int groups = channels % 3 == 0 && outputs % 3 == 0 && make.chance(50) ? 3 : 1;
    net.blocks.push_back({make.convolution(channels, outputs, 2, make.from({1, 4, 32, 128}), true, groups),
                          make.activation(outputs)});
    channels = outputs;
  }
  net.head = make.convolution(channels, 1, 1, 1, true);
  return {std::move(net)};
}

}  // namespace gainstage::neural
