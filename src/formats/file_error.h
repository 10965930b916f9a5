#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace gainstage::formats {

/// ErrorKind::file, with the path in front of `what`: `"cab.wav" is empty: choose another file`. Control
/// characters in the path are shown as '?', so that a message stays one line. [control]
Error fileError(const std::filesystem::path& path, std::string_view what);

/// The same for an errno left by a system call: what happened and what to do about it. [control]
Error systemError(const std::filesystem::path& path, int errorNumber);

/// The path as messages show it, in quotes. [control]
std::string quoted(const std::filesystem::path& path);

}  // namespace gainstage::formats
