#pragma once

#include <filesystem>

#include "core/result.h"
#include "dsp/looper/looper.h"
#include "recorder/take_description.h"

namespace gainstage::control {

/// Writes a pinned loop as a take of one stream; the take's folder. Takes about a second for ten minutes.
/// [control]
Result<std::filesystem::path> saveLoop(dsp::Looper& looper, const recorder::TakeDescription& description);

}  // namespace gainstage::control
