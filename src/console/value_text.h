#pragma once

#include <string>
#include <string_view>

#include "core/parameter.h"
#include "core/result.h"

namespace gainstage::console {

/// A value as people and remotes write it: "-12.5", "true", "12dB", and "off" for a level at its minimum that
/// means silence. Not for files. [control]
std::string valueText(const Parameter& parameter, float value);

/// The value that `text` stands for: what valueText writes, a level's "off" also as its number, a toggle also
/// as on and off. Error (usage): what was expected, and the nearest word. Not for files. [control]
Result<float> parseValue(const Parameter& parameter, std::string_view text);

}  // namespace gainstage::console
