#include "formats/output_file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/file_descriptor.h"
#include "formats/file_error.h"

namespace gainstage::formats {
namespace {

namespace fs = std::filesystem;

/// `finalPath` is empty for a file that bears its name already.
class DiskFile final : public OutputFile {
 public:
  DiskFile(FileDescriptor file, fs::path path, fs::path finalPath)
      : file_(std::move(file)), path_(std::move(path)), finalPath_(std::move(finalPath)) {}

  ~DiskFile() override {
    if (!finalPath_.empty()) ::unlink(path_.c_str());
  }

  Result<void> writeAt(std::int64_t offset, std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(file_.get(), bytes.data(), bytes.size(), offset);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return failure();
      offset += put;
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
  }

  Result<void> resize(std::int64_t bytes) override {
    if (::ftruncate(file_.get(), bytes) != 0) return failure();
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(file_.get()) != 0) return failure();  // its length included, its time not
    return {};
  }

  Result<void> commit() override {
    if (auto synced = sync(); !synced) return synced;
    if (finalPath_.empty()) return {};
    if (::rename(path_.c_str(), finalPath_.c_str()) != 0) return failure();
    const fs::path folder = finalPath_.has_parent_path() ? finalPath_.parent_path() : fs::path(".");
    finalPath_.clear();
    // The new name is in the folder, which has to reach the disk too. Some file systems refuse to sync a
    // folder; they order it themselves.
    const FileDescriptor entry(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (entry.isOpen()) ::fsync(entry.get());
    return {};
  }

 private:
  Error failure() const { return systemError(finalPath_.empty() ? path_ : finalPath_, errno); }

  FileDescriptor file_;
  fs::path path_;
  fs::path finalPath_;
};

std::string randomSuffix() {
  std::random_device random;
  return fmt::format("{:08x}", static_cast<std::uint32_t>(random()));
}

}  // namespace

Result<std::unique_ptr<OutputFile>> createFile(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.isOpen()) return systemError(path, errno);
  ::flock(file.get(), LOCK_EX | LOCK_NB);  // fails only where a file system knows no locks
  return std::unique_ptr<OutputFile>(std::make_unique<DiskFile>(std::move(file), path, fs::path()));
}

Result<std::unique_ptr<OutputFile>> openForRepair(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.isOpen()) return systemError(path, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return fileError(path, "is still being written by another program: stop that first");
  return std::unique_ptr<OutputFile>(std::make_unique<DiskFile>(std::move(file), path, fs::path()));
}

bool isBeingWritten(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.isOpen() && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Result<std::unique_ptr<OutputFile>> createFileAtomically(const fs::path& path) {
  std::error_code none;
  fs::path finalPath = path;
  if (fs::is_symlink(path, none)) {
    const fs::path target = fs::weakly_canonical(path, none);
    if (!none) finalPath = target;
  }
  struct stat old {};
  const bool replaces = ::stat(finalPath.c_str(), &old) == 0;
  if (replaces && S_ISDIR(old.st_mode)) return systemError(path, EISDIR);
  if (replaces && !S_ISREG(old.st_mode)) return fileError(path, "is not a regular file: choose another name");
  if (!finalPath.has_filename()) return fileError(path, "names no file: add its name");

  // A name of its own, so that two writers never share a temporary; 0666 lets the user's umask decide.
  const fs::path temporary =
      finalPath.parent_path() /
      fmt::format(".{:.180}.gainstage-{}", finalPath.filename().string(), randomSuffix());
  FileDescriptor file(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.isOpen()) {
    if (errno == ENOENT)
      return fileError(path, "cannot be written, because its folder does not exist: create that first");
    return systemError(path, errno);
  }
  auto made = std::make_unique<DiskFile>(std::move(file), temporary, finalPath);
  if (replaces && ::chmod(temporary.c_str(), old.st_mode & 07777) != 0) return systemError(path, errno);
  return std::unique_ptr<OutputFile>(std::move(made));
}

}  // namespace gainstage::formats
