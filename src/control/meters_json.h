#pragma once

#include <nlohmann/json.hpp>

#include "control/engine.h"

/// What an engine reads, as remotes are told it. Levels of silence are null. All of it [control].
namespace gainstage::control {

/// 20 log10 of a magnitude; null where it is zero.
nlohmann::ordered_json decibelsOrNull(double magnitude);

/// {"frame", "strips": {id: {"input": [...], "wet": [...], "tuner": {"note", "cents", "hz", "clarity"} where
/// the rig has one, "loop": {"state", "lengthS", "positionS", "undo", "redo", "refused"} once it was used}},
/// "outputs": {id: {"channels": [...], "lufs", "ceilingDb", "levelLimitDb", "levelDba"}}}; levelDba is null
/// where it is not known.
nlohmann::ordered_json metersJson(const Engine& engine);

/// How loud an output is at the ear: {"known", "fullScaleDbSpl", "levelDba", "peakDbSpl", "ceilingDb",
/// "levelLimitDb"}, or {"known": false, "missing": [...]}.
nlohmann::ordered_json splJson(const console::OutputState& output, const console::OutputMeters& meters);

/// {"frame", "sampleRate", "blockFrames", "lostFrames", "xruns", "load", "addedLatencyFrames", "take",
/// "panic", "faults", "notes"}
nlohmann::ordered_json statusJson(const Engine& engine);

/// What `run --json` ends with; the keys are docs' and scripts' to rely on.
nlohmann::ordered_json runSummary(const Engine& engine, const std::string& device);

}  // namespace gainstage::control
