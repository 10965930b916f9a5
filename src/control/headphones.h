#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "advise/catalogue.h"
#include "core/result.h"
#include "headphones/fit.h"
#include "headphones/preset.h"

/// What `gainstage headphones` answers, as documents. [control]
namespace gainstage::control {

/// {"name", "file", "kind": "parametric" | "graphic" | "impulse response" | "level", "filters": [{"type",
/// "frequencyHz", "gainDb", "q"}], "filtersOff", "points", "channels", "seconds", "sampleRate", "preampDb",
/// "preampComputed", "peakGainDb", "loudnessChangeDb", "remarks"}; what does not apply is null.
nlohmann::ordered_json describePreset(const headphones::Preset& preset, const std::filesystem::path& file);

/// What `inspect` says of a text: {"file", "kind": "equaliser", ..., "problems"} with describePreset()'s
/// figures, or
/// {"file", "kind": "response", "points", "lowestHz", "highestHz", "problems"} where it is a measurement or
/// target.
Result<nlohmann::ordered_json> inspectHeadphoneText(const std::filesystem::path& file);

/// {"presets": [{"name", "file", "kind", "preampDb", "headphone"}], "unusable": [{"file", "why"}],
/// "headphones":
/// [{"name", "impedanceOhm", "sensitivity", "sensitivityUnit", "presets": [...], "own"}]}: the presets of a
/// folder (none where it is absent) beside the headphones of the catalogue that they are named after.
nlohmann::ordered_json listHeadphones(const std::filesystem::path& presets,
                                      const advise::Catalogue& catalogue);

/// {"headphone": {"name", "figures": [...]} or null, "presets": [describePreset() with "curve":
/// {"frequencyHz", "gainDb"}]} of a preset's file, a preset of the folder or a headphone of the catalogue, by
/// its name as people write it. Unknown: the nearest names (usage).
Result<nlohmann::ordered_json> showHeadphones(const std::string& name, const std::filesystem::path& presets,
                                              const advise::Catalogue& catalogue);

/// What `headphones fit` was asked for.
struct FitRequest {
  std::filesystem::path measurement;
  std::string target = "flat";  ///< a file, or "flat"
  headphones::FitOptions options;
};

/// {"measurement", "target", "residualDb", "worstDb", "beforeDb", "seconds", "preset": describePreset(),
/// "text", "curves": {"frequencyHz", "before", "correction", "after"}}, the curves 1/6 octave smoothed.
Result<nlohmann::ordered_json> fitHeadphones(const FitRequest& request);

}  // namespace gainstage::control
