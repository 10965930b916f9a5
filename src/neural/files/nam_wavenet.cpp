#include "neural/files/nam_wavenet.h"

#include <fmt/format.h>

#include "neural/files/activations.h"
#include "neural/files/nam.h"

namespace gainstage::neural::files {
namespace {

std::shared_ptr<const Network> readCondition(const Json& json, const NamPlace& place, int inputs,
                                             Reading& reading) {
  const NamModel read = readNamModel(json, place, reading);
  if (reading.failed()) return nullptr;
  std::shared_ptr<const Network> network = read.network;
  while (const auto* sizes = std::get_if<Sizes>(&network->kind)) {
    const auto largest = sizes->entries.back().network;
    network = largest;
  }
  if (const int own = inputsOf(*network); own != inputs)
    reading.problems.add(place.path, fmt::format("has {} inputs, but its WaveNet has {}", own, inputs));
  return network;
}

/// Each array takes what the one before gives.
void checkArrays(const WaveNet& net, const std::string& path, Reading& reading) {
  const int condition = net.condition ? outputsOf(*net.condition) : net.inputs;
  int inputs = net.inputs;
  for (std::size_t i = 0; i < net.arrays.size() && !reading.failed(); ++i) {
    const WaveNetArray& array = net.arrays[i];
    const auto complain = [&](std::string_view key, int is, std::string_view source, int should) {
      if (is != should && !reading.failed())
        reading.problems.add(fmt::format("{}[{}].{}", path, i, key),
                             fmt::format("is {}, but {} {}", is, source, should));
    };
    complain("input_size", array.rechannel.inputs,
             i == 0 ? "the model's inputs are" : "the channels of the array before are", inputs);
    complain("condition_size", array.layers.front().mixin.inputs,
             net.condition ? "the outputs of condition_dsp are" : "the model's inputs are", condition);
    if (i > 0) {
      const int before = net.arrays[i - 1].head.outputs;
      complain("channels", array.rechannel.outputs, "the head size of the array before is", before);
      complain("head's inputs", array.head.inputs, "the head size of the array before is", before);
    }
    inputs = array.rechannel.outputs;
  }
}

void readHead(const Json& json, const std::string& path, WaveNet& net, ReceptiveField& field,
              Reading& reading) {
  Fields head(json, path, reading);
  const int implied = net.arrays.back().head.outputs;
  if (const int inputs = head.size("in_channels", kMaxChannels, implied); inputs != implied)
    head.refuse("in_channels",
                fmt::format("is {}, but the last layer array's head size is {}", inputs, implied));
  const int channels = head.size("channels", kMaxChannels);
  const int outputs = head.size("out_channels", kMaxChannels);
  const auto kernels = head.sizes("kernel_sizes", kMaxReceptiveField);
  const Json* activation = head.require("activation");
  head.finish();
  int inputs = implied;
  for (std::size_t i = 0; i < kernels.size() && !reading.failed(); ++i) {
    const Convolution sizes{
        .inputs = inputs, .outputs = i + 1 == kernels.size() ? outputs : channels, .kernel = kernels[i]};
    field.add(sizes, fmt::format("{}[{}]", head.pathOf("kernel_sizes"), i));
    net.headLayers.push_back(
        {readNamActivation(*activation, inputs, head.pathOf("activation"), reading), sizes});
    inputs = sizes.outputs;
  }
}

/// A condition plays at full size. An array whose head convolutions have a width of their own cannot be cut
/// together with the head of the array before, on which they add up.
void keepWidths(WaveNet& net, const std::string& path, const NamPlace& place, Reading& reading) {
  for (std::size_t i = 0; i < net.arrays.size(); ++i) {
    WaveNetArray& array = net.arrays[i];
    if (place.isCondition) array.widths.clear();
    if (i == 0 || array.widths.empty() || !array.layers.front().head1x1) continue;
    array.widths.clear();
    reading.remarks.push_back(
        fmt::format("{}[{}] has a head1x1, which cannot be cut: it plays at full size only.", path, i));
  }
}

}  // namespace

WaveNet readWaveNet(Fields& model, const NamPlace& place, Reading& reading) {
  Fields outer = configOf(model);
  const Json* wrapped = outer.has("layers") ? nullptr : outer.find("model");
  static const Json none = Json::object();
  Fields inner(wrapped ? *wrapped : none, outer.pathOf("model"), reading);
  Fields& config = wrapped ? inner : outer;

  WaveNet net{.inputs = config.size("in_channels", kMaxChannels, 1)};
  config.find("head_scale");  // the last weight says it again, and counts
  const Json* condition = config.find("condition_dsp");
  const Json* head = config.find("head");
  const Json* layers = config.require("layers");
  outer.finish();
  if (wrapped) inner.finish();
  if (reading.failed() || !layers) return net;
  const std::string path = config.pathOf("layers");
  if (!layers->is_array() || layers->empty()) {
    reading.problems.add(path, fmt::format("should be a list of layer arrays, but is {}",
                                           layers->is_array() ? "empty" : formats::describe(*layers)));
    return net;
  }
  if (condition)
    net.condition = readCondition(*condition, {config.pathOf("condition_dsp"), place.depth + 1, true},
                                  net.inputs, reading);
  ReceptiveField field(reading);
  std::vector<bool> headBias;
  for (const Json& layer : *layers) {
    if (reading.failed()) return net;
    NamArray read = readNamArray(layer, fmt::format("{}[{}]", path, net.arrays.size()), field, reading);
    net.arrays.push_back(std::move(read.array));
    headBias.push_back(read.headBias);
  }
  if (!reading.failed() && head) readHead(*head, config.pathOf("head"), net, field, reading);
  if (!reading.failed()) checkArrays(net, path, reading);
  if (reading.failed()) return net;
  keepWidths(net, path, place, reading);

  WeightPlan plan;
  for (std::size_t i = 0; i < net.arrays.size(); ++i) planNamArray(net.arrays[i], headBias[i], plan);
  for (WaveNet::HeadLayer& layer : net.headLayers) plan.add(layer.convolution, true);
  plan.add(net.headScale);
  fillWeights(model, plan);
  return net;
}

}  // namespace gainstage::neural::files
