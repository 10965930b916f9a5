#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/eq_file.h"

namespace gainstage::formats {

inline constexpr int kFewestResponsePoints = 8;
inline constexpr int kMostResponsePoints = 100000;
inline constexpr std::int64_t kMostResponseBytes = 8 << 20;

/// A measured response or a target, by rising frequency: lines of a frequency in Hz and a level in dB, apart
/// by spaces, tabs, semicolons or commas; further columns are left alone. A first line of names may say which
/// columns are meant ("frequency,raw" of AutoEq's files). Lines that begin with # or * are comments. One
/// sentence with `name`, line and what to do for what cannot be used: not a number, frequencies that do not
/// rise, fewer than kFewestResponsePoints. [control]
Result<std::vector<EqPoint>> parseResponseText(std::string_view text, std::string_view name);

/// The same for a file. [control]
Result<std::vector<EqPoint>> readResponseFile(const std::filesystem::path& path);

}  // namespace gainstage::formats
