#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gainstage::testing {

/// A folder of a test's own, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Writes the bytes to the path, and returns the path.
std::filesystem::path writeFile(const std::filesystem::path& path, std::string_view bytes);
std::string readFile(const std::filesystem::path& path);

/// Number of entries in a folder, hidden ones too.
int entriesIn(const std::filesystem::path& folder);

/// A program to check with, such as "soxi"; tests without it skip by its name.
bool hasProgram(std::string_view name);
/// Standard output of a shell command, without the newline at its end; "status N" in front where it is not 0.
std::string outputOf(const std::string& command);

}  // namespace gainstage::testing
