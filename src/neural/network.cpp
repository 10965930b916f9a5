#include "neural/network.h"

#include <algorithm>

namespace gainstage::neural {
namespace {

struct Inputs {
  int operator()(const WaveNet& net) const { return net.inputs; }
  int operator()(const ConvNet& net) const { return net.blocks.front().convolution.inputs; }
  int operator()(const Linear&) const { return 1; }
  int operator()(const Sequence&) const { return 1; }
  int operator()(const Sizes& sizes) const { return inputsOf(*sizes.entries.front().network); }
};

struct Outputs {
  int operator()(const WaveNet& net) const {
    return net.headLayers.empty() ? net.arrays.back().head.outputs
                                  : net.headLayers.back().convolution.outputs;
  }
  int operator()(const ConvNet& net) const { return net.head.outputs; }
  int operator()(const Linear&) const { return 1; }
  int operator()(const Sequence& sequence) const {
    return std::visit(
        [](const auto& layer) {
          if constexpr (requires { layer.units; })
            return layer.units;
          else
            return layer.convolution.outputs;
        },
        sequence.layers.back());
  }
  int operator()(const Sizes& sizes) const { return outputsOf(*sizes.entries.front().network); }
};

}  // namespace

int inputsOf(const Network& network) { return std::visit(Inputs{}, network.kind); }
int outputsOf(const Network& network) { return std::visit(Outputs{}, network.kind); }

}  // namespace gainstage::neural
