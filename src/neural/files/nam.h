#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "neural/files/reading.h"
#include "neural/network.h"

/// Readers of .nam files, versions 0.5.0 to 0.7.x. Orders, names and defaults are those of the reference
/// player (NeuralAmpModelerCore 0.5.5) and its trainer's exports. Each gives a network of which nothing may
/// be used once reading.failed(). All of it [control].
namespace gainstage::neural::files {

/// One model of a .nam file, which may hold others.
struct NamModel {
  std::shared_ptr<Network> network;
  std::string architecture;
  const Json* json = nullptr;     ///< its own object
  const Json* largest = nullptr;  ///< of a container: the largest submodel's
};

/// How deep a model lies in others, and what it is called in sentences: "config.condition_dsp.", or empty.
struct NamPlace {
  std::string path;
  int depth = 0;
  bool isCondition = false;  ///< always plays at full size, and may have any number of channels
};

NamModel readNamModel(const Json& json, const NamPlace& place, Reading& reading);

/// Each: `model` is the whole object, weights included.
WaveNet readWaveNet(Fields& model, const NamPlace& place, Reading& reading);
Sequence readNamLstm(Fields& model, Reading& reading);
ConvNet readConvNet(Fields& model, Reading& reading);
Linear readLinear(Fields& model, Reading& reading);
Sizes readSizesContainer(Fields& model, const NamPlace& place, Reading& reading, const Json*& largest);

/// The model's "config".
Fields configOf(Fields& model);

}  // namespace gainstage::neural::files
