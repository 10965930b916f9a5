#include <fmt/format.h>

#include "neural/files/nam.h"
#include "neural/files/weights.h"

namespace gainstage::neural::files {

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

}  // namespace gainstage::neural::files
