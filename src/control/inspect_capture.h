#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/result.h"

namespace gainstage::control {

/// {"file", "kind": "capture", "format", "architecture", "network", "sampleRate", ..., "sizes": [{"from",
/// "multiplyAddsPerFrame", ...}], "remarks", "usable", "problems"}; null for whatever the file does not say.
/// [control]
Result<nlohmann::ordered_json> inspectCapture(const std::filesystem::path& file);

/// Whether a document's keys are those of a capture.
bool looksLikeCapture(const nlohmann::json& document);

}  // namespace gainstage::control
