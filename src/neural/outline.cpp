#include "neural/outline.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace gainstage::neural {
namespace {

// A file may hold thousands of layer arrays; nobody reads more lines than fit on a screen.
constexpr std::size_t kMostLines = 64;

const char* nameOf(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::identity:
      return "linear";
    case ActivationKind::tanh:
      return "tanh";
    case ActivationKind::hardTanh:
      return "hard tanh";
    case ActivationKind::fastTanh:
      return "fast tanh";
    case ActivationKind::relu:
      return "ReLU";
    case ActivationKind::leakyRelu:
      return "leaky ReLU";
    case ActivationKind::sigmoid:
      return "sigmoid";
    case ActivationKind::silu:
      return "SiLU";
    case ActivationKind::hardSwish:
      return "hard swish";
    case ActivationKind::leakyHardTanh:
      return "leaky hard tanh";
    case ActivationKind::softsign:
      return "softsign";
    case ActivationKind::elu:
      return "ELU";
  }
  return "";
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "3" or "6 to 15".
std::string range(int least, int most) {
  return least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
}

/// What the layers of an array do, each word once.
std::string functionsOf(const WaveNetArray& array) {
  std::set<std::string> words;
  bool modulated = false;
  for (const WaveNetLayer& layer : array.layers) {
    words.insert(nameOf(layer.activation.kind));
    if (layer.gating == Gating::gated) words.insert("gated");
    if (layer.gating == Gating::blended) words.insert("blended");
    modulated =
        modulated || std::ranges::any_of(layer.films, [](const auto& film) { return film.has_value(); });
  }
  if (modulated) words.insert("modulated");
  return fmt::format("{}", fmt::join(words, ", "));
}

class Outline {
 public:
  std::vector<std::string> lines;

  void of(const Network& network) {
    std::visit([this](const auto& kind) { (*this)(kind); }, network.kind);
  }

  void operator()(const WaveNet& net) {
    for (const WaveNetArray& array : net.arrays) {
      const auto [least, most] = std::ranges::minmax(
          array.layers, {}, [](const WaveNetLayer& layer) { return layer.convolution.kernel; });
      add(fmt::format(
          "{}, {} of {} taps, {}{}", counted(static_cast<std::size_t>(array.rechannel.outputs), "channel"),
          counted(array.layers.size(), "layer"), range(least.convolution.kernel, most.convolution.kernel),
          functionsOf(array),
          array.widths.size() > 1 ? fmt::format(", cut to {} and more", array.widths.front()) : ""));
    }
    if (!net.headLayers.empty()) add(fmt::format("a head of {}", counted(net.headLayers.size(), "layer")));
    if (net.condition) inside("its condition:", *net.condition);
  }

  void operator()(const ConvNet& net) {
    add(fmt::format("{}, {} of 2 taps, {}", counted(static_cast<std::size_t>(net.head.inputs), "channel"),
                    counted(net.blocks.size(), "layer"), nameOf(net.blocks.front().activation.kind)));
  }

  void operator()(const Linear& linear) { add(fmt::format("{}", counted(linear.response.size(), "tap"))); }

  void operator()(const Sequence& sequence) {
    for (const auto& layer : sequence.layers) std::visit([this](const auto& each) { (*this)(each); }, layer);
  }
  void operator()(const Lstm& lstm) { add(fmt::format("LSTM of {} units", lstm.units)); }
  void operator()(const Gru& gru) { add(fmt::format("GRU of {} units", gru.units)); }
  void operator()(const Activated& layer) {
    const Convolution& c = layer.convolution;
    add(fmt::format("{} of {} to {}, {}",
                    c.kernel > 1 ? fmt::format("convolution of {} taps", c.kernel) : "matrix", c.inputs,
                    c.outputs, nameOf(layer.activation.kind)));
  }

  void operator()(const Sizes& sizes) {
    for (const auto& entry : sizes.entries)
      inside(fmt::format("below {:g}:", entry.maximumSize), *entry.network);
  }

 private:
  void add(std::string line) {
    if (lines.size() < kMostLines) lines.push_back(std::string(indent_, ' ') + std::move(line));
  }
  void inside(std::string heading, const Network& network) {
    add(std::move(heading));
    indent_ += 2;
    of(network);
    indent_ -= 2;
  }

  std::size_t indent_ = 0;
};

std::size_t of(const Convolution& c) { return c.weights.size() + c.bias.size(); }

struct Count {
  std::size_t operator()(const WaveNet& net) const {
    std::size_t sum = 1;  // the head's scale
    for (const WaveNetArray& array : net.arrays) {
      sum += of(array.rechannel) + of(array.head);
      for (const WaveNetLayer& layer : array.layers) {
        sum += of(layer.convolution) + of(layer.mixin);
        if (layer.layer1x1) sum += of(*layer.layer1x1);
        if (layer.head1x1) sum += of(*layer.head1x1);
        for (const auto& film : layer.films) sum += film ? of(film->scaleShift) : 0;
      }
    }
    for (const auto& layer : net.headLayers) sum += of(layer.convolution);
    return sum + (net.condition ? parametersOf(*net.condition) : 0);
  }
  std::size_t operator()(const ConvNet& net) const {
    std::size_t sum = of(net.head);
    for (const auto& block : net.blocks) sum += of(block.convolution);
    return sum;
  }
  std::size_t operator()(const Linear& linear) const { return linear.response.size() + 1; }
  std::size_t operator()(const Sequence& sequence) const {
    std::size_t sum = 0;
    for (const auto& layer : sequence.layers) sum += std::visit(*this, layer);
    return sum;
  }
  std::size_t operator()(const Lstm& l) const {
    return l.weights.size() + l.bias.size() + l.initialUnits.size() + l.initialCells.size();
  }
  std::size_t operator()(const Gru& g) const {
    return g.inputWeights.size() + g.recurrentWeights.size() + g.inputBias.size() + g.recurrentBias.size();
  }
  std::size_t operator()(const Activated& layer) const { return of(layer.convolution); }
  std::size_t operator()(const Sizes& sizes) const {
    std::size_t sum = 0;
    for (const auto& entry : sizes.entries) sum += parametersOf(*entry.network);
    return sum;
  }
};

}  // namespace

std::vector<std::string> outlineOf(const Network& network) {
  Outline outline;
  outline.of(network);
  return std::move(outline.lines);
}

std::size_t parametersOf(const Network& network) { return std::visit(Count{}, network.kind); }

}  // namespace gainstage::neural
