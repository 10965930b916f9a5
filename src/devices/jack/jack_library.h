#pragma once

#include <jack/jack.h>
#include <string>

#include "core/result.h"

namespace gainstage::devices::jack {

/// A new client on a server that already runs, or why there is none. What libjack would print is kept off
/// standard error for the whole process: a server that is waited for would fill it twice a second. [control]
Result<jack_client_t*> openClient(const std::string& serverName);

/// "jack" or "jack:NAME", as --device takes it. [any thread]
std::string deviceId(const std::string& serverName);

}  // namespace gainstage::devices::jack
