#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace gainstage::recorder {

/// A name that any file system takes, made of what people typed: letters of any language, digits, '_', '+',
/// '.' and '-' stay, all else becomes '-'; at most 80 bytes. [control]
std::string safeFileName(std::string_view name);

/// "2026-02-11_20-15-03", local time. [control]
std::string folderNameFor(std::chrono::system_clock::time_point time);
/// "2026-02-11T20:15:03+0100". [control]
std::string timestampFor(std::chrono::system_clock::time_point time);

/// A new folder for a take. Until keep() it goes away again with its owner, with all that is in it and the
/// folders above it that had to be made.
class TakeFolder {
 public:
  /// `<parent>/<name>`, or `<name>-2`, -3 ... where that exists. [control]
  static Result<TakeFolder> create(const std::filesystem::path& parent, const std::string& name);
  TakeFolder(TakeFolder&&) = default;
  TakeFolder& operator=(TakeFolder&&) = delete;
  ~TakeFolder();

  const std::filesystem::path& path() const noexcept { return made_.back(); }
  void keep() noexcept { kept_ = true; }

 private:
  TakeFolder() = default;

  std::vector<std::filesystem::path> made_;  ///< from the outermost to the take's own
  bool kept_ = false;
};

}  // namespace gainstage::recorder
