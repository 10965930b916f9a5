#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/parameter.h"

namespace gainstage::formats {

/// A document as people like to read and to compare it: keys in the order given, two spaces a level, and
/// whatever fits on one line of 110 characters on one line. Ends with a line break. [control]
std::string readableText(const nlohmann::ordered_json& document);

/// A float as the JSON number with the fewest digits that reads back as the same float: 0.1 and not
/// 0.10000000149011612. [control]
nlohmann::ordered_json shortestNumber(float value);

/// A parameter's value as documents hold it: a number, true or false, a choice's word. Not for files.
/// [control]
nlohmann::ordered_json valueToJson(const Parameter& parameter, float value);

}  // namespace gainstage::formats
