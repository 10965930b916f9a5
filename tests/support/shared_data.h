#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace gainstage::testing {

/// Files with that ending in a folder of ../shared/data (or $GAINSTAGE_DATA), in order; none where it is
/// absent.
std::vector<std::filesystem::path> sharedFiles(std::string_view folder, std::string_view ending);

}  // namespace gainstage::testing
