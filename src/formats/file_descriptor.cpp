#include "formats/file_descriptor.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/file_error.h"

namespace gainstage::formats {

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::int64_t FileDescriptor::readAt(std::int64_t offset, std::span<std::byte> bytes) const noexcept {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return static_cast<std::int64_t>(done);
}

Result<ReadableFile> openForReading(const std::filesystem::path& path) {
  // Without O_NONBLOCK a named pipe that nobody writes to would hold us for ever.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.isOpen()) return systemError(path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return systemError(path, errno);
  if (S_ISDIR(facts.st_mode)) return systemError(path, EISDIR);
  if (!S_ISREG(facts.st_mode)) return fileError(path, "is not a regular file: choose one");
  if (facts.st_size == 0) return fileError(path, "is empty: choose another file");
  return ReadableFile{std::move(file), facts.st_size};
}

}  // namespace gainstage::formats
