#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/result.h"

namespace gainstage::control {

/// What a file is and whether it can be used: {"file", "kind": "session" | "rig" | "take" | "audio" |
/// "capture" | "folder" | "equaliser" | "response", ..., "problems"}. A session's or rig's files that are
/// missing or of no use are problems, what their blocks cannot do for want of a figure are "notes"; what
/// cannot be read at all is an error (file). [control]
Result<nlohmann::ordered_json> inspect(const std::filesystem::path& file);

}  // namespace gainstage::control
