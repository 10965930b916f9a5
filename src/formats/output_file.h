#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "core/result.h"

namespace gainstage::formats {

/// A file being written. Errors name it and say what to do; after one, what was written before still stands.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  virtual Result<void> writeAt(std::int64_t offset, std::span<const std::byte> bytes) = 0;  // [control]
  /// Cuts the file, or lengthens it with zeros that take no room on most disks. [control]
  virtual Result<void> resize(std::int64_t bytes) = 0;
  /// Waits until the disk has it all, so that a power cut loses nothing. [control]
  virtual Result<void> sync() = 0;
  /// Synced, and found under its own name from now on. The last call. [control]
  virtual Result<void> commit() = 0;
};

using OutputFileFactory =
    std::function<Result<std::unique_ptr<OutputFile>>(const std::filesystem::path& path)>;

/// A new file that is seen, growing, from the start; one of that name must not exist. While it is open the
/// process holds its lock (flock), by which others tell that it is still being written. [control]
Result<std::unique_ptr<OutputFile>> createFile(const std::filesystem::path& path);

/// A file that exists, to be changed in place. An error where somebody still writes it. [control]
Result<std::unique_ptr<OutputFile>> openForRepair(const std::filesystem::path& path);

/// Whether a program holds the lock of createFile. [control]
bool isBeingWritten(const std::filesystem::path& path);

/// A file that takes its name, and the place of one that has it, with commit(); without that nothing is left
/// of it. Its temporary stands beside it, `.NAME.gainstage-XXXXXXXX`. [control]
Result<std::unique_ptr<OutputFile>> createFileAtomically(const std::filesystem::path& path);

}  // namespace gainstage::formats
