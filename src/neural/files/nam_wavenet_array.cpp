#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>

#include "neural/files/activations.h"
#include "neural/files/nam_wavenet.h"
#include "neural/files/nam_wavenet_layer.h"

namespace gainstage::neural::files {
namespace {

/// An entry for each layer: the list's, or one for all.
class PerLayer {
 public:
  PerLayer(Fields& array, std::string_view key, std::size_t layers)
      : value_(array.find(key)), path_(array.pathOf(key)) {
    if (value_ && value_->is_array() && value_->size() != layers)
      array.refuse(key, fmt::format("has {} entries for {} dilations", value_->size(), layers));
    if (value_ && value_->is_binary()) array.refuse(key, "is a list of numbers");
  }
  const Json* at(std::size_t layer) const {
    return value_ && value_->is_array() ? &(*value_)[layer] : value_;
  }
  std::string pathAt(std::size_t layer) const {
    return value_ && value_->is_array() ? fmt::format("{}[{}]", path_, layer) : path_;
  }

 private:
  const Json* value_;
  std::string path_;
};

Gating readGating(const Json* mode, bool gated, const std::string& path, Reading& reading) {
  static constexpr auto kNames = std::to_array<std::string_view>({"none", "gated", "blended"});
  if (!mode) return gated ? Gating::gated : Gating::none;
  const std::string name = mode->is_string() ? mode->get<std::string>() : formats::describe(*mode);
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    reading.problems.add(path, unknownName(name, kNames));
    return Gating::none;
  }
  return std::array{Gating::none, Gating::gated,
                    Gating::blended}[static_cast<std::size_t>(found - kNames.begin())];
}

/// What the upper half goes through. Read where a layer has one only: older files say all kinds of things.
Activation readSecond(Fields& array, std::size_t layer, std::size_t layers, int channels) {
  const PerLayer all(array, "secondary_activation", layers);
  const Json* json = array.reading().failed() ? nullptr : all.at(layer);
  if (!json || json->is_null()) return {.kind = ActivationKind::sigmoid};
  return readNamActivation(*json, channels, all.pathAt(layer), array.reading());
}

std::vector<int> readKernels(Fields& array, std::size_t layers) {
  const bool several = array.has("kernel_sizes");
  if (several && array.has("kernel_size"))
    array.refuse("kernel_sizes", "stands beside kernel_size: only one may");
  if (!several) return std::vector<int>(layers, array.size("kernel_size", kMaxReceptiveField));
  auto kernels = array.sizes("kernel_sizes", kMaxReceptiveField);
  if (kernels.size() != layers && !array.reading().failed())
    array.refuse("kernel_sizes", fmt::format("has {} entries for {} dilations", kernels.size(), layers));
  return kernels;
}

/// The convolution of the layers' sum: by "head", or in older files by "head_size" and "head_bias".
Convolution readHead(Fields& array, int inputs, bool& bias) {
  const Json* json = array.find("head");
  Convolution head{.inputs = inputs};
  if (!json) {
    head.outputs = array.size("head_size", kMaxChannels);
    bias = array.flag("head_bias", false);
    return head;
  }
  for (const char* key : {"head_size", "head_bias"}) array.find(key);
  Fields fields(*json, array.pathOf("head"), array.reading());
  head.outputs = fields.size("out_channels", kMaxChannels);
  head.kernel = fields.size("kernel_size", kMaxReceptiveField, 1);
  head.dilation = fields.size("head_dilation", kMaxReceptiveField, 1);
  bias = fields.flag("bias", false);
  fields.finish();
  return head;
}

/// The widths that "slimmable" allows. None, and a remark, where it cannot be told how the reference player
/// would cut the array.
std::vector<int> readWidths(Fields& array, const NamLayers& common) {
  Reading& reading = array.reading();
  const Json* json = array.find("slimmable");
  if (!json) return {};
  Fields fields(*json, array.pathOf("slimmable"), reading);
  const std::string method = fields.text("method");
  std::vector<int> widths;
  if (const Json* details = fields.find("kwargs")) {
    Fields inner(*details, fields.pathOf("kwargs"), reading);
    if (inner.has("allowed_channels")) widths = inner.sizes("allowed_channels", kMaxChannels);
    inner.finish();
    if (!reading.failed() && !widths.empty() &&
        (!std::ranges::is_sorted(widths, std::less_equal{}) || widths.back() != common.channels))
      inner.refuse("allowed_channels",
                   fmt::format("should rise to the array's {} channels", common.channels));
  }
  fields.finish();
  if (reading.failed()) return {};
  if (method != "slice_channels_uniform") {
    reading.remarks.push_back(fmt::format("{}.method is {}, which is unknown: it plays at full size only.",
                                          fields.path(), formats::inQuotes(method)));
    return {};
  }
  if (common.hasGroups()) {
    reading.remarks.push_back(
        fmt::format("{} has convolutions in groups, which cannot be cut: it plays at "
                    "full size only.",
                    array.path()));
    return {};
  }
  if (widths.empty())
    for (int width = 1; width <= common.channels; ++width) widths.push_back(width);
  return widths;
}

}  // namespace

NamArray readNamArray(const Json& json, const std::string& path, ReceptiveField& field, Reading& reading) {
  Fields array(json, path, reading);
  const NamLayers common = readNamLayers(array);
  const int inputs = array.size("input_size", kMaxChannels);
  const auto dilations = array.sizes("dilations", kMaxReceptiveField);
  const auto kernels = readKernels(array, dilations.size());
  const PerLayer activations(array, "activation", dilations.size());
  const PerLayer gatings(array, "gating_mode", dilations.size());
  const bool gated = array.flag("gated", false);
  array.require("activation");
  WaveNetArray read{.rechannel = {.inputs = inputs, .outputs = common.channels}};
  bool headBias = false;
  read.head = readHead(array, common.head1x1.active ? common.head1x1.outputs : common.bottleneck, headBias);
  array.find("secondary_activation");
  for (std::size_t i = 0; i < dilations.size() && !reading.failed(); ++i) {
    WaveNetLayer layer{.gating = readGating(gatings.at(i), gated, gatings.pathAt(i), reading)};
    layer.activation =
        readNamActivation(*activations.at(i), common.bottleneck, activations.pathAt(i), reading);
    if (layer.gating != Gating::none)
      layer.secondActivation = readSecond(array, i, dilations.size(), common.bottleneck);
    if (reading.failed()) break;
    makeParts(layer, common, kernels[i], dilations[i], array);
    field.add(layer.convolution, fmt::format("{}[{}]", array.pathOf("dilations"), i));
    read.layers.push_back(std::move(layer));
  }
  if (!reading.failed()) field.add(read.head, array.pathOf("head"));
  if (!reading.failed()) read.widths = readWidths(array, common);
  array.finish();
  return {std::move(read), headBias};
}

void planNamArray(WaveNetArray& array, bool headBias, WeightPlan& plan) {
  plan.add(array.rechannel, false);
  for (WaveNetLayer& layer : array.layers) {
    plan.add(layer.convolution, true);
    plan.add(layer.mixin, false);
    if (layer.layer1x1) plan.add(*layer.layer1x1, true);
    if (layer.head1x1) plan.add(*layer.head1x1, true);
    for (auto& film : layer.films)
      if (film) plan.add(film->scaleShift, true);
  }
  plan.add(array.head, headBias);
}

}  // namespace gainstage::neural::files
