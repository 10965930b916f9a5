#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "devices/virtual/virtual_stages.h"
#include "formats/json_reader.h"

namespace gainstage::devices {

/// What of an input's object is of real parts: "microphone", "pickup" or "line", "circuit", "stands",
/// "converter". Nothing where it has none of them. `source`: its word, which says what is plugged in where
/// nothing else does. Complains to the reader's problems. [control]
std::optional<InputStage> readInputStage(formats::ObjectReader& input, std::string_view source);

/// The list "phones". `outputs`: how many there are. [control]
std::vector<OutputStage> readOutputStages(formats::ObjectReader& device, int outputs);

/// "hum" among the faults, put into the stages of its "inputs", all where it names none. [control]
void readHum(formats::ObjectReader& faults, std::vector<std::optional<InputStage>>& stages);

/// "clipping" among the faults. [control]
std::vector<Surge> readSurges(formats::ObjectReader& faults, int inputs);

}  // namespace gainstage::devices
