#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/result.h"

namespace gainstage::control {

/// More entries of a folder are not looked at.
inline constexpr int kMostEntries = 10000;

/// What there is to choose from in a folder, by name, its own folders not entered: {"file", "kind": "folder",
/// "responses": [{"name", "seconds", "sampleRate", "channels"}], "captures": [{"name", "bytes"}], "folders",
/// "unusable":
/// [{"name", "why"}], "truncated", "problems"}. Reads the headers of audio files and no more; "seconds" is
/// null where a header does not say. A file that cannot be used is named and harms nothing. [control]
Result<nlohmann::ordered_json> inspectFolder(const std::filesystem::path& folder);

}  // namespace gainstage::control
