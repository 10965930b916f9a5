#include "support/shared_data.h"

#include <algorithm>
#include <cstdlib>

namespace gainstage::testing {

std::vector<std::filesystem::path> sharedFiles(std::string_view folder, std::string_view ending) {
  const char* const data = std::getenv("GAINSTAGE_DATA");
  const char* const source = std::getenv("GAINSTAGE_SOURCE_DIR");
  const std::filesystem::path root = data     ? std::filesystem::path(data)
                                     : source ? std::filesystem::path(source) / "../shared/data"
                                              : std::filesystem::path("../shared/data");
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(root / folder, absent))
    if (entry.path().extension() == ending) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace gainstage::testing
