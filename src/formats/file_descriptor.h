#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "core/result.h"

namespace gainstage::formats {

/// An open file, closed with its owner.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor();

  int get() const noexcept { return descriptor_; }
  bool isOpen() const noexcept { return descriptor_ >= 0; }

  /// At most `bytes.size()` bytes from `offset` on: how many there were, or -1 with errno. [control]
  std::int64_t readAt(std::int64_t offset, std::span<std::byte> bytes) const noexcept;

 private:
  int descriptor_ = -1;
};

/// A file opened to be read, and how long it is.
struct ReadableFile {
  FileDescriptor descriptor;
  std::int64_t bytes = 0;
};

/// A regular file that is not empty. Anything else (missing, a folder, a device, not permitted, empty) is an
/// error that says so. [control]
Result<ReadableFile> openForReading(const std::filesystem::path& path);

}  // namespace gainstage::formats
