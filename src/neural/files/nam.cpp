#include "neural/files/nam.h"

#include <array>
#include <fmt/format.h>

namespace gainstage::neural::files {
namespace {

constexpr auto kArchitectures =
    std::to_array<std::string_view>({"WaveNet", "LSTM", "ConvNet", "Linear", "SlimmableContainer"});

}  // namespace

Fields configOf(Fields& model) {
  static const Json none = Json::object();
  const Json* config = model.require("config");
  return {config ? *config : none, model.pathOf("config"), model.reading()};
}

NamModel readNamModel(const Json& json, const NamPlace& place, Reading& reading) {
  Fields model(json, place.path, reading);
  if (place.depth > kMaxNesting) {
    reading.problems.add(
        place.path, fmt::format("lies {} models deep, and at most {} are read", place.depth, kMaxNesting));
    return {};
  }
  model.require("architecture");
  NamModel read{.architecture = model.text("architecture"), .json = &json};
  if (reading.failed()) return read;
  auto network = std::make_shared<Network>();
  if (read.architecture == "WaveNet") {
    network->kind = readWaveNet(model, place, reading);
  } else if (read.architecture == "LSTM") {
    network->kind = readNamLstm(model, reading);
  } else if (read.architecture == "ConvNet") {
    network->kind = readConvNet(model, reading);
  } else if (read.architecture == "Linear") {
    network->kind = readLinear(model, reading);
  } else if (read.architecture == "SlimmableContainer") {
    network->kind = readSizesContainer(model, place, reading, read.largest);
  } else {
    model.refuse("architecture", unknownName(read.architecture, kArchitectures));
  }
  read.network = std::move(network);
  return read;
}

}  // namespace gainstage::neural::files
