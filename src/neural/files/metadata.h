#pragma once

#include <optional>
#include <string>

#include "neural/capture_file.h"
#include "neural/files/nam.h"
#include "neural/files/reading.h"

namespace gainstage::neural::files {

/// What a .nam file says about itself; what its outermost model leaves out, the largest of its submodels may
/// say. Adds a remark for whatever is missing or cannot be. [control]
CaptureMetadata namMetadata(const NamModel& model, const std::string& version, Reading& reading);

/// The same for an AIDA-X / RTNeural file. [control]
CaptureMetadata kerasMetadata(const Json& root, std::string architecture, Reading& reading);

}  // namespace gainstage::neural::files
