#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace gainstage::formats {

inline constexpr std::int64_t kMaxTextBytes = 16 << 20;

/// The whole file. One that is longer than `maxBytes` is refused before any of it is read. [control]
Result<std::string> readTextFile(const std::filesystem::path& path, std::int64_t maxBytes = kMaxTextBytes);

/// Replaces or creates the file so that a reader, or a crash at any moment, finds either the old text or the
/// new one, whole. Keeps the permissions of a file that exists; follows a symbolic link to what it names.
/// Nothing is left behind where it fails. [control]
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view text);

}  // namespace gainstage::formats
