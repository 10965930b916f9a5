#include <cmath>
#include <fmt/format.h>

#include "neural/files/activations.h"
#include "neural/files/convolutions.h"
#include "neural/files/nam.h"
#include "neural/files/weights.h"

namespace gainstage::neural::files {
namespace {

// The trainer's only kernel for this architecture; the files do not say it.
constexpr int kConvNetKernel = 2;

/// What batch normalisation does to a channel in the end (Ioffe & Szegedy 2015, algorithm 2).
struct Normalisation {
  std::vector<float> mean, variance, weight, bias;
  float epsilon = 0.0f;

  void plan(WeightPlan& plan, int channels) {
    for (auto* part : {&mean, &variance, &weight, &bias}) plan.add(*part, channels);
    plan.add(epsilon);
  }

  /// Into a convolution without bias: y = w / sqrt(var + eps) (x - mean) + b. False: a number is not finite.
  bool foldInto(Convolution& convolution) const {
    const std::size_t rows = weight.size(), columns = convolution.weights.size() / rows;
    bool finite = true;
    for (std::size_t row = 0; row < rows; ++row) {
      const float scale = weight[row] / std::sqrt(epsilon + variance[row]);
      for (std::size_t column = 0; column < columns; ++column) {
        float& value = convolution.weights[row * columns + column];
        value *= scale;
        finite = finite && std::isfinite(value);
      }
      convolution.bias.push_back(bias[row] - scale * mean[row]);
      finite = finite && std::isfinite(convolution.bias.back());
    }
    return finite;
  }
};

}  // namespace

Sequence readNamLstm(Fields& model, Reading& reading) {
  Fields config = configOf(model);
  const int layers = config.size("num_layers", kMaxLayers);
  const int units = config.size("hidden_size", kMaxChannels);
  const int inputs = config.size("input_size", kMaxChannels);
  const int channelsIn = config.size("in_channels", kMaxChannels, 1);
  const int channelsOut = config.size("out_channels", kMaxChannels, 1);
  config.finish();
  if (reading.failed()) return {};
  if (inputs != 1 || channelsIn != 1)
    config.refuse(
        inputs != 1 ? "input_size" : "in_channels",
        fmt::format("is {}, and an LSTM is played with one input only", inputs != 1 ? inputs : channelsIn));
  Sequence sequence;
  WeightPlan plan;
  sequence.layers.reserve(static_cast<std::size_t>(layers) + 1);
  for (int i = 0; i < layers; ++i) {
    const int width = i == 0 ? inputs : units;
    auto& lstm = std::get<Lstm>(sequence.layers.emplace_back(Lstm{.inputs = width, .units = units}));
    plan.add(lstm.weights, std::int64_t{4} * units * (width + units));
    plan.add(lstm.bias, std::int64_t{4} * units);
    plan.add(lstm.initialUnits, units);
    plan.add(lstm.initialCells, units);
  }
  auto& head = std::get<Activated>(
      sequence.layers.emplace_back(Activated{.convolution = {.inputs = units, .outputs = channelsOut}}));
  plan.add(head.convolution, true);
  fillWeights(model, plan);
  return sequence;
}

ConvNet readConvNet(Fields& model, Reading& reading) {
  Fields config = configOf(model);
  const int channels = config.size("channels", kMaxChannels);
  const auto dilations = config.sizes("dilations", kMaxReceptiveField);
  const Json* activation = config.require("activation");
  config.require("batchnorm");
  const bool normalised = config.flag("batchnorm", false);
  const int groups = config.size("groups", kMaxChannels, 1);
  const int inputs = config.size("in_channels", kMaxChannels, 1);
  const int outputs = config.size("out_channels", kMaxChannels, 1);
  config.finish();
  if (reading.failed()) return {};
  const Activation kind = readNamActivation(*activation, channels, config.pathOf("activation"), reading);
  ConvNet net;
  ReceptiveField field(reading);
  for (std::size_t i = 0; i < dilations.size() && !reading.failed(); ++i) {
    const Convolution sizes{.inputs = i == 0 ? inputs : channels,
                            .outputs = channels,
                            .kernel = kConvNetKernel,
                            .dilation = dilations[i],
                            .groups = groups};
    net.blocks.push_back({makeConvolution(sizes, config.pathOf("groups"), reading), kind});
    field.add(sizes, fmt::format("{}[{}]", config.pathOf("dilations"), i));
  }
  net.head = {.inputs = channels, .outputs = outputs};
  WeightPlan plan;
  std::vector<Normalisation> normalisations(net.blocks.size());
  for (std::size_t i = 0; i < net.blocks.size(); ++i) {
    plan.add(net.blocks[i].convolution, !normalised);
    if (normalised) normalisations[i].plan(plan, channels);
  }
  plan.add(net.head, true);
  if (!fillWeights(model, plan) || !normalised) return net;
  for (std::size_t i = 0; i < net.blocks.size(); ++i)
    if (!normalisations[i].foldInto(net.blocks[i].convolution) && !reading.failed())
      model.refuse("weights", fmt::format("give block {} a batch normalisation that is not finite", i));
  return net;
}

Linear readLinear(Fields& model, Reading& reading) {
  Fields config = configOf(model);
  const int frames = config.size("receptive_field", kMaxReceptiveField);
  config.require("bias");
  const bool biased = config.flag("bias", false);
  for (const char* key : {"in_channels", "out_channels"})
    if (const int channels = config.size(key, kMaxChannels, 1); channels != 1)
      config.refuse(key, fmt::format("is {}, and a Linear model is played with one channel only", channels));
  config.find("implementation");  // how the reference player should go about it: no matter here
  config.finish();
  if (reading.failed()) return {};
  Linear linear;
  WeightPlan plan;
  plan.add(linear.response, frames);
  if (biased) plan.add(linear.bias);
  fillWeights(model, plan);
  return linear;
}

}  // namespace gainstage::neural::files
