#include "neural/files/network_check.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace gainstage::neural {
namespace {

/// Keeps the first flaw.
class Check {
 public:
  const std::string& flaw() const { return flaw_; }

  void operator()(const WaveNet& net) {
    require(!net.arrays.empty(), "arrays");
    const int condition = net.condition ? outputsOf(*net.condition) : net.inputs;
    if (net.condition) {
      require(inputsOf(*net.condition) == net.inputs, "condition's inputs");
      inside(*net.condition);
    }
    int inputs = net.inputs, sum = 0;
    for (const WaveNetArray& array : net.arrays) {
      of(array.rechannel, inputs, array.rechannel.outputs);
      inputs = array.rechannel.outputs;
      require(!array.layers.empty(), "layers");
      for (const WaveNetLayer& layer : array.layers) {
        const int made = of(layer, inputs, condition);
        require(sum == 0 || made == sum, "head's width");
        sum = made;
      }
      of(array.head, sum, array.head.outputs);
      sum = array.head.outputs;
      require(std::ranges::is_sorted(array.widths), "order of widths");
      require(array.widths.empty() || (array.widths.front() >= 1 && array.widths.back() == inputs), "widths");
    }
    finite(std::span(&net.headScale, 1));
    for (const auto& layer : net.headLayers) {
      of(layer.activation, sum);
      of(layer.convolution, sum, layer.convolution.outputs);
      sum = layer.convolution.outputs;
    }
  }

  void operator()(const ConvNet& net) {
    require(!net.blocks.empty(), "blocks");
    int inputs = net.blocks.front().convolution.inputs;
    for (const auto& block : net.blocks) {
      of(block.convolution, inputs, block.convolution.outputs);
      inputs = block.convolution.outputs;
      of(block.activation, inputs);
    }
    of(net.head, inputs, net.head.outputs);
  }

  void operator()(const Linear& linear) {
    require(!linear.response.empty(), "response");
    finite(linear.response);
    finite(std::span(&linear.bias, 1));
  }

  void operator()(const Sequence& sequence) {
    require(!sequence.layers.empty(), "layers");
    finite(sequence.parameters);
    require(std::isfinite(sequence.inputGain) && std::isfinite(sequence.outputGain), "gains");
    int channels = 1 + static_cast<int>(sequence.parameters.size());
    for (const auto& layer : sequence.layers)
      channels = std::visit([&](const auto& each) { return of(each, channels); }, layer);
  }

  void operator()(const Sizes& sizes) {
    require(!sizes.entries.empty(), "sizes");
    double before = 0.0;
    for (const auto& entry : sizes.entries) {
      require(entry.maximumSize > before, "order of sizes");
      before = entry.maximumSize;
      inside(*entry.network);
    }
  }

 private:
  void inside(const Network& network) {
    std::visit([this](const auto& kind) { (*this)(kind); }, network.kind);
  }

  void require(bool holds, const char* what) {
    if (!holds && flaw_.empty()) flaw_ = what;
  }

  void finite(std::span<const float> numbers) {
    require(std::ranges::all_of(numbers, [](float x) { return std::isfinite(x); }), "finite numbers");
  }

  void counted(const std::vector<float>& numbers, std::size_t count) {
    require(numbers.size() == count, "number of weights");
    finite(numbers);
  }

  void of(const Convolution& c, int inputs, int outputs) {
    require(c.inputs == inputs && c.outputs == outputs, "channels");
    require(c.inputs > 0 && c.outputs > 0 && c.kernel > 0 && c.dilation > 0 && c.groups > 0, "sizes above 0");
    if (!flaw_.empty()) return;
    require(c.inputs % c.groups == 0 && c.outputs % c.groups == 0, "groups");
    counted(c.weights, static_cast<std::size_t>(c.inputs / c.groups) * static_cast<std::size_t>(c.outputs) *
                           static_cast<std::size_t>(c.kernel));
    if (!c.bias.empty()) counted(c.bias, static_cast<std::size_t>(c.outputs));
  }

  void of(const Activation& activation, int channels) {
    const bool slopes = activation.kind == ActivationKind::leakyRelu;
    require(!slopes || activation.slopes.size() == 1 || std::ssize(activation.slopes) == channels, "slopes");
    finite(activation.slopes);
    const float others[] = {activation.minimum, activation.maximum, activation.minimumSlope,
                            activation.maximumSlope};
    finite(others);
  }

  /// How many channels it gives the head.
  int of(const WaveNetLayer& layer, int channels, int condition) {
    const int inner = layer.convolution.outputs;
    const int bottleneck = layer.gating == Gating::none ? inner : inner / 2;
    require(layer.gating == Gating::none || inner % 2 == 0, "halves of gates");
    of(layer.convolution, channels, inner);
    of(layer.mixin, condition, inner);
    of(layer.activation, bottleneck);
    if (layer.gating != Gating::none) of(layer.secondActivation, bottleneck);
    if (layer.layer1x1)
      of(*layer.layer1x1, bottleneck, channels);
    else
      require(bottleneck == channels, "bottleneck without layer1x1");
    const int head = layer.head1x1 ? layer.head1x1->outputs : bottleneck;
    if (layer.head1x1) of(*layer.head1x1, bottleneck, head);
    const int widths[] = {channels, inner, condition, inner, inner, bottleneck, channels, head};
    for (std::size_t place = 0; place < kFilmPlaces; ++place)
      if (const auto& film = layer.films[place])
        of(film->scaleShift, condition, widths[place] * (film->shift ? 2 : 1));
    return head;
  }

  int of(const Lstm& l, int channels) {
    require(l.inputs == channels && l.units > 0, "channels of an LSTM");
    const auto units = static_cast<std::size_t>(l.units);
    counted(l.weights, 4 * units * (units + static_cast<std::size_t>(l.inputs)));
    counted(l.bias, 4 * units);
    if (!l.initialUnits.empty()) counted(l.initialUnits, units);
    if (!l.initialCells.empty()) counted(l.initialCells, units);
    return l.units;
  }

  int of(const Gru& g, int channels) {
    require(g.inputs == channels && g.units > 0, "channels of a GRU");
    const auto units = static_cast<std::size_t>(g.units);
    counted(g.inputWeights, 3 * units * static_cast<std::size_t>(g.inputs));
    counted(g.recurrentWeights, 3 * units * units);
    counted(g.inputBias, 3 * units);
    counted(g.recurrentBias, 3 * units);
    return g.units;
  }

  int of(const Activated& layer, int channels) {
    of(layer.convolution, channels, layer.convolution.outputs);
    of(layer.activation, layer.convolution.outputs);
    return layer.convolution.outputs;
  }

  std::string flaw_;
};

}  // namespace

std::string flawOf(const Network& network) {
  Check check;
  std::visit([&](const auto& kind) { check(kind); }, network.kind);
  return check.flaw();
}

}  // namespace gainstage::neural
