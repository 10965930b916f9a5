#include "neural/files/keras.h"

#include <cmath>
#include <fmt/format.h>

namespace gainstage::neural::files {
namespace {

// The plugin has one knob or two; the rest is room.
constexpr int kMaxInputs = 16;
constexpr float kMaxGainDb = 60.0f;

/// Channels in: the last entry of "in_shape".
int readInputs(Fields& file) {
  const Json* shape = file.require("in_shape");
  if (!shape) return 1;
  if (shape->is_array() && !shape->empty() && shape->size() <= 3)
    return readSize(shape->back(), kMaxInputs, file.pathOf("in_shape"), file.reading());
  file.refuse("in_shape", fmt::format("should be a list of 1 to 3 sizes, but is {}",
                                      shape->is_array() ? fmt::format("one of {}", shape->size())
                                                        : formats::describe(*shape)));
  return 1;
}

float readGain(Fields& file, std::string_view key) {
  const float gainDb = file.number(key, 0.0f);
  if (std::abs(gainDb) > kMaxGainDb)
    file.refuse(key, fmt::format("is {:g} dB, and -{:g} to {:g} are played", gainDb, kMaxGainDb, kMaxGainDb));
  return std::pow(10.0f, gainDb / 20.0f);
}

bool readSkip(Fields& file) {
  const Json* skip = file.find("in_skip");
  if (!skip || *skip == 0 || *skip == false) return false;
  if (*skip != 1 && *skip != true)
    file.refuse("in_skip", fmt::format("should be 0 or 1, but is {}", formats::describe(*skip)));
  return true;
}

}  // namespace

KerasModel readKeras(const Json& root, Reading& reading) {
  Fields file(root, "", reading);
  KerasModel model;
  int channels = readInputs(file);
  if (channels > 1) {
    model.sequence.parameters.assign(static_cast<std::size_t>(channels) - 1, 0.0f);
    reading.remarks.push_back(fmt::format("It has {} knobs, which stay at 0.", channels - 1));
  }
  model.sequence.inputGain = readGain(file, "in_gain");
  model.sequence.outputGain = readGain(file, "out_gain");
  model.sequence.skip = readSkip(file);
  const Json* layers = file.require("layers");
  if (reading.failed()) return model;
  if (!layers->is_array() || layers->empty() || layers->size() > static_cast<std::size_t>(kMaxLayers)) {
    file.refuse("layers", fmt::format("should be a list of 1 to {} layers, but is {}", kMaxLayers,
                                      layers->is_array() ? fmt::format("one of {}", layers->size())
                                                         : formats::describe(*layers)));
    return model;
  }
  for (std::size_t i = 0; i < layers->size() && !reading.failed(); ++i)
    channels = readKerasLayer((*layers)[i], channels, fmt::format("layers[{}]", i), reading, model);
  if (!reading.failed() && channels != 1)
    file.refuse("layers", fmt::format("end with {} channels, and a capture has one", channels));
  return model;
}

}  // namespace gainstage::neural::files
