#include <cmath>
#include <random>

#include "bench/bench.h"
#include "neural/player.h"

namespace gainstage::bench {
namespace {

using neural::Activation;
using neural::Convolution;
using neural::WaveNet;

struct Array {
  int channels;
  std::vector<int> kernels;
  std::vector<int> dilations;
};

/// Captures' architectures with random weights: what they cost does not depend on what they learned.
class Maker {
 public:
  Convolution convolution(int inputs, int outputs, int kernel, int dilation, bool bias) {
    Convolution c{inputs, outputs, kernel, dilation, 1, {}, {}};
    c.weights = numbers(outputs * inputs * kernel, 1.0f / std::sqrt(static_cast<float>(inputs * kernel)));
    if (bias) c.bias = numbers(outputs, 0.1f);
    return c;
  }

  WaveNet waveNet(const std::vector<Array>& arrays, const Activation& activation, int headKernel) {
    WaveNet net;
    net.headScale = 0.02f;
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      const Array& from = arrays[a];
      const bool isLast = a + 1 == arrays.size();
      neural::WaveNetArray array;
      array.rechannel = convolution(a == 0 ? 1 : arrays[a - 1].channels, from.channels, 1, 1, false);
      for (std::size_t l = 0; l < from.dilations.size(); ++l) {
        neural::WaveNetLayer layer;
        layer.convolution =
            convolution(from.channels, from.channels, from.kernels[l], from.dilations[l], true);
        layer.mixin = convolution(1, from.channels, 1, 1, false);
        layer.activation = activation;
        layer.layer1x1 = convolution(from.channels, from.channels, 1, 1, true);
        array.layers.push_back(std::move(layer));
      }
      array.head = convolution(from.channels, isLast ? 1 : arrays[a + 1].channels, headKernel, 1, isLast);
      net.arrays.push_back(std::move(array));
    }
    return net;
  }

 private:
  std::vector<float> numbers(int count, float scale) {
    std::uniform_real_distribution<float> uniform(-scale, scale);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = uniform(random_);
    return values;
  }

  std::mt19937 random_{1};
};

/// The trainer's "A1": two arrays of layers with kernels of 3.
neural::Network a1(int channels, const std::vector<int>& first, const std::vector<int>& second) {
  return {Maker().waveNet({{channels, std::vector<int>(first.size(), 3), first},
                           {channels / 2, std::vector<int>(second.size(), 3), second}},
                          {.kind = neural::ActivationKind::tanh}, 1)};
}

neural::Network a1Standard() {
  const std::vector<int> dilations{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  return a1(16, dilations, dilations);
}

neural::Network a1Small(int channels) {
  return a1(channels, {1, 2, 4, 8, 16, 32, 64}, {128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512});
}

/// "A2": one array of 23 layers.
neural::Network a2(int channels) {
  std::vector<int> kernels(23, 6);
  kernels[14] = kernels[15] = 15;
  return {Maker().waveNet({{channels, kernels, {1,   3,   7, 17, 41, 101, 239, 1,  3,  7,   17, 41,
                                                101, 239, 1, 13, 1,  3,   7,   17, 41, 101, 239}}},
                          {.kind = neural::ActivationKind::leakyRelu, .slopes = {0.01f}}, 16)};
}

/// Twelve channels and an activation that no kernel was made for: what any other architecture gets.
neural::Network other() {
  const std::vector<int> dilations{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  return {Maker().waveNet({{12, std::vector<int>(10, 3), dilations}, {6, std::vector<int>(10, 3), dilations}},
                          {.kind = neural::ActivationKind::silu}, 1)};
}

/// A player as the bench wants it.
class Playing {
 public:
  explicit Playing(const neural::Network& network) : player_(neural::makeProgram(network)->makePlayer()) {}
  void reset() noexcept { player_->settle(); }
  void process(AudioView io) noexcept { player_->process(io, io); }

 private:
  std::unique_ptr<neural::Player> player_;
};

void add(std::vector<Case>& cases, const std::string& name, const neural::Network& network) {
  const double multiplyAdds = neural::makeProgram(network)->cost().multiplyAdds;
  for (const FrameCount frames : {64, 16})
    cases.push_back(inPlace(
        "neural/wavenet-" + name, frames, 1, [network] { return std::make_unique<Playing>(network); },
        multiplyAdds));
}

}  // namespace

std::vector<Case> waveNetCases() {
  std::vector<Case> cases;
  add(cases, "a1-standard", a1Standard());
  add(cases, "a1-feather", a1Small(8));
  add(cases, "a1-nano", a1Small(4));
  add(cases, "a2-full", a2(8));
  add(cases, "a2-lite", a2(3));
  add(cases, "other-12", other());
  return cases;
}

}  // namespace gainstage::bench
