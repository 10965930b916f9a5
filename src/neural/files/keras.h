#pragma once

#include <string>
#include <vector>

#include "neural/files/reading.h"
#include "neural/network.h"

/// Readers of the JSON that RTNeural exports from keras and AIDA-X plays: layers with their weights as nested
/// lists. Orders and names are those of RTNeural's loader, gains those of the AIDA-X plugin. All of it
/// [control].
namespace gainstage::neural::files {

struct KerasModel {
  Sequence sequence;
  std::string architecture;  ///< "LSTM, dense"
};

/// Nothing of it may be used once reading.failed().
KerasModel readKeras(const Json& root, Reading& reading);

/// Appends one layer that takes `inputs` channels; gives how many come out.
int readKerasLayer(const Json& json, int inputs, const std::string& path, Reading& reading,
                   KerasModel& model);

}  // namespace gainstage::neural::files
