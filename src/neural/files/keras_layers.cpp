#include <array>
#include <fmt/format.h>

#include "neural/files/activations.h"
#include "neural/files/convolutions.h"
#include "neural/files/keras.h"
#include "neural/files/keras_tensors.h"
#include "neural/files/normalisation.h"

namespace gainstage::neural::files {
namespace {

/// A layer being read.
struct Place {
  Fields& fields;
  int inputs;
  int outputs;
  KerasModel& model;

  Reading& reading() const { return fields.reading(); }
  std::size_t weightLists() {
    const Json* list = fields.find("weights");
    return list && list->is_array() ? list->size() : 0;
  }
  /// The weights' list of that index. Nothing where it does not have those sizes.
  std::vector<float> tensor(std::size_t index, std::initializer_list<int> sizes) {
    const Json* list = fields.require("weights");
    if (!list || reading().failed()) return {};
    const std::string path = fmt::format("{}[{}]", fields.pathOf("weights"), index);
    if (list->is_array() && index < list->size())
      return readTensor((*list)[index], std::span(sizes.begin(), sizes.size()), path, reading());
    reading().problems.add(path, "is missing");
    return {};
  }
  /// The last entry of a list, or a number by itself.
  int last(std::string_view key, int most) {
    const Json* value = fields.require(key);
    if (!value) return 1;
    const bool list = value->is_array() && !value->empty();
    return readSize(list ? value->back() : *value, most, fields.pathOf(key), reading());
  }
};

void readLstm(Place& place) {
  const int units = place.outputs;
  auto weights = place.tensor(0, {place.inputs, 4 * units});
  const auto recurrent = place.tensor(1, {units, 4 * units});
  auto bias = place.tensor(2, {4 * units});
  if (place.reading().failed()) return;
  weights.insert(weights.end(), recurrent.begin(), recurrent.end());
  // Both write the gates in one order: input, forget, cell, output.
  place.model.sequence.layers.push_back(Lstm{.inputs = place.inputs,
                                             .units = units,
                                             .weights = transposed(weights, place.inputs + units, 4 * units),
                                             .bias = std::move(bias)});
}

void readGru(Place& place) {
  const int units = place.outputs;
  const auto weights = place.tensor(0, {place.inputs, 3 * units});
  const auto recurrent = place.tensor(1, {units, 3 * units});
  const auto bias = place.tensor(2, {2, 3 * units});
  if (place.reading().failed()) return;
  const auto half = bias.begin() + 3 * units;
  place.model.sequence.layers.push_back(Gru{.inputs = place.inputs,
                                            .units = units,
                                            .inputWeights = transposed(weights, place.inputs, 3 * units),
                                            .recurrentWeights = transposed(recurrent, units, 3 * units),
                                            .inputBias = {bias.begin(), half},
                                            .recurrentBias = {half, bias.end()}});
}

void addActivated(Place& place, Convolution convolution) {
  const std::string name = place.fields.text("activation");
  const Activation activation = kerasActivation(name, place.fields.pathOf("activation"), place.reading());
  place.model.sequence.layers.push_back(Activated{std::move(convolution), activation});
}

void readDense(Place& place) {
  const auto weights = place.tensor(0, {place.inputs, place.outputs});
  if (place.reading().failed()) return;
  Convolution matrix{.inputs = place.inputs,
                     .outputs = place.outputs,
                     .weights = transposed(weights, place.inputs, place.outputs)};
  if (place.weightLists() > 1) matrix.bias = place.tensor(1, {place.outputs});
  addActivated(place, std::move(matrix));
}

void readConvolution(Place& place) {
  Convolution sizes{.inputs = place.inputs,
                    .outputs = place.outputs,
                    .kernel = place.last("kernel_size", kMaxReceptiveField),
                    .dilation = place.last("dilation", kMaxReceptiveField),
                    .groups = place.fields.size("groups", kMaxChannels, 1)};
  Reading& reading = place.reading();
  if (!reading.failed()) sizes = makeConvolution(sizes, place.fields.pathOf("groups"), reading);
  if (reading.failed()) return;
  ReceptiveField(reading).add(sizes, place.fields.pathOf("dilation"));
  const int columns = sizes.inputs / sizes.groups;
  const auto kernel = place.tensor(0, {sizes.kernel, columns, sizes.outputs});
  if (place.weightLists() > 1) sizes.bias = place.tensor(1, {sizes.outputs});
  if (reading.failed()) return;
  // From kernel x inputs x outputs; both have the oldest frame first.
  for (int output = 0; output < sizes.outputs; ++output)
    for (int input = 0; input < columns; ++input)
      for (int k = 0; k < sizes.kernel; ++k)
        sizes.weights.push_back(
            kernel[static_cast<std::size_t>((k * columns + input) * sizes.outputs + output)]);
  addActivated(place, std::move(sizes));
}

/// The layer before if it can take up what acts on each channel by itself, or a new one that changes nothing.
Activated& linearLayer(Place& place) {
  auto& layers = place.model.sequence.layers;
  if (!layers.empty())
    if (auto* before = std::get_if<Activated>(&layers.back());
        before && before->activation.kind == ActivationKind::identity)
      return *before;
  const int channels = place.inputs;
  return std::get<Activated>(layers.emplace_back(
      Activated{.convolution = {.inputs = channels,
                                .outputs = channels,
                                .groups = channels,
                                .weights = std::vector<float>(static_cast<std::size_t>(channels), 1.0f)}}));
}

void readPrelu(Place& place) {
  auto slopes = place.tensor(0, {1, place.inputs});
  if (place.reading().failed()) return;
  linearLayer(place).activation = {.kind = ActivationKind::leakyRelu, .slopes = std::move(slopes)};
}

void readActivation(Place& place) {
  const Activation activation =
      kerasActivation(place.fields.text("activation"), place.fields.pathOf("activation"), place.reading());
  if (activation.kind != ActivationKind::identity) linearLayer(place).activation = activation;
}

/// The scale and the offset may be missing.
void readNormalisation(Place& place) {
  const bool affine = place.weightLists() >= 4;
  const auto rows = static_cast<std::size_t>(place.inputs);
  place.fields.require("epsilon");
  Normalisation read;
  read.scale = affine ? place.tensor(0, {place.inputs}) : std::vector<float>(rows, 1.0f);
  read.offset = affine ? place.tensor(1, {place.inputs}) : std::vector<float>(rows, 0.0f);
  read.mean = place.tensor(affine ? 2 : 0, {place.inputs});
  read.variance = place.tensor(affine ? 3 : 1, {place.inputs});
  read.epsilon = place.fields.number("epsilon", 0.0f);
  if (place.reading().failed()) return;
  if (!read.foldInto(linearLayer(place).convolution))
    place.fields.refuse("weights", "give a normalisation that is not finite");
}

struct Type {
  std::string_view name;
  std::string_view shown;
  void (*read)(Place&);
  bool widens;  ///< may have other outputs than inputs
};

constexpr auto kTypes = std::to_array<Type>({{"lstm", "LSTM", readLstm, true},
                                             {"gru", "GRU", readGru, true},
                                             {"dense", "dense", readDense, true},
                                             {"time-distributed-dense", "dense", readDense, true},
                                             {"conv1d", "conv1d", readConvolution, true},
                                             {"prelu", "", readPrelu, false},
                                             {"activation", "", readActivation, false},
                                             {"batchnorm", "", readNormalisation, false}});

}  // namespace

int readKerasLayer(const Json& json, int inputs, const std::string& path, Reading& reading,
                   KerasModel& model) {
  Fields fields(json, path, reading);
  fields.require("type");
  const std::string name = fields.text("type");
  if (reading.failed()) return 1;
  const auto type = std::ranges::find(kTypes, name, &Type::name);
  if (type == kTypes.end()) {
    std::vector<std::string_view> names;
    for (const Type& known : kTypes) names.push_back(known.name);
    fields.refuse("type", unknownName(name, names));
    return 1;
  }
  Place place{fields, inputs, inputs, model};
  if (type->widens) place.outputs = place.last("shape", kMaxChannels);
  if (type->read == readLstm || type->read == readGru) {
    // The players know one pair of functions inside; a file that asks for others would sound wrong.
    const std::string activation = fields.text("activation");
    if (!activation.empty() && activation != "tanh")
      fields.refuse("activation", fmt::format("is {}, and a {} is played with \"tanh\" only",
                                              formats::inQuotes(activation), type->shown));
  }
  if (reading.failed()) return 1;
  type->read(place);
  if (!type->shown.empty())
    model.architecture += fmt::format("{}{}", model.architecture.empty() ? "" : ", ", type->shown);
  return place.outputs;
}

}  // namespace gainstage::neural::files
