#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace gainstage::control {

/// Every rig file that comes with the project, in order; none where GAINSTAGE_SOURCE_DIR is not set.
inline std::vector<std::filesystem::path> factoryPresets() {
  std::vector<std::filesystem::path> files;
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  if (!source) return files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::filesystem::path(source) / "presets"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace gainstage::control
