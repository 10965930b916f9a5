#pragma once

#include <string>
#include <string_view>

#include "neural/activation.h"
#include "neural/files/reading.h"

namespace gainstage::neural::files {

/// An activation of a .nam file for `channels` channels: its name, or an object with its "type" and
/// parameters. Complains of what is unknown. [control]
Activation readNamActivation(const Json& value, int channels, const std::string& path, Reading& reading);

/// By a keras layer's name for it; "" and "linear" are the identity. Complains of what is unknown. [control]
Activation kerasActivation(std::string_view name, const std::string& path, Reading& reading);

}  // namespace gainstage::neural::files
