#include "console/journal_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/file_error.h"

namespace gainstage::console {
namespace {

using formats::FileDescriptor;
using formats::Json;

constexpr mode_t kPermissions = 0644;
constexpr int kAttempts = 10;

std::string lineText(const Json& line) {
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// Whether `path` still leads to the file that is open: another process may have replaced it before we had
/// its lock.
bool isSameFile(const std::filesystem::path& path, const struct stat& facts) {
  struct stat named {};
  return ::stat(path.c_str(), &named) == 0 && named.st_ino == facts.st_ino && named.st_dev == facts.st_dev;
}

}  // namespace

JournalFile::JournalFile(std::filesystem::path path, FileDescriptor file, std::int64_t bytes)
    : path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}

Result<JournalFile> JournalFile::open(const std::filesystem::path& path) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    FileDescriptor file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, kPermissions));
    if (!file.isOpen()) return formats::systemError(path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
      return formats::fileError(path,
                                "is in use by another Gainstage that has this session open: close that one");
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return formats::systemError(path, errno);
    if (!S_ISREG(facts.st_mode)) return formats::fileError(path, "is not a regular file: remove it");
    if (isSameFile(path, facts)) return JournalFile(path, std::move(file), facts.st_size);
  }
  return formats::fileError(path, "is being replaced by another program: close that one");
}

Result<std::vector<Json>> JournalFile::read() {
  std::string text(static_cast<std::size_t>(std::min(bytes_, kMaxBytes)), '\0');
  const std::int64_t got = file_.readAt(0, std::as_writable_bytes(std::span(text)));
  if (got < 0) return formats::systemError(path_, errno);
  text.resize(static_cast<std::size_t>(got));
  std::vector<Json> lines;
  std::size_t at = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
    auto line = formats::parseJson(std::string_view(text).substr(at, end - at), "journal");
    if (!line || !line->is_object()) break;
    lines.push_back(std::move(*line));
    at = end + 1;
  }
  // What follows would otherwise be joined to the torn line.
  if (static_cast<std::int64_t>(at) < bytes_ && ::ftruncate(file_.get(), static_cast<off_t>(at)) != 0)
    return formats::systemError(path_, errno);
  bytes_ = static_cast<std::int64_t>(at);
  return lines;
}

Result<void> JournalFile::append(const Json& line) {
  const std::string text = lineText(line);
  ssize_t written;
  do written = ::write(file_.get(), text.data(), text.size());
  while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(text.size())) {
    bytes_ += written;
    return {};
  }
  const int problem = written < 0 ? errno : ENOSPC;
  // Half a line would end the history for whoever reads it.
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes_)) != 0) return formats::systemError(path_, errno);
  return formats::systemError(path_, problem);
}

Result<void> JournalFile::sync() {
  if (::fdatasync(file_.get()) != 0) return formats::systemError(path_, errno);
  return {};
}

Result<void> JournalFile::replace(const std::vector<Json>& lines) {
  std::string text;
  for (const Json& line : lines) text += lineText(line);
  if (auto written = formats::writeFileAtomically(path_, text); !written) return written;
  auto fresh = open(path_);
  if (!fresh) return fresh.error();
  *this = std::move(*fresh);
  return {};
}

void JournalFile::remove() noexcept { ::unlink(path_.c_str()); }

}  // namespace gainstage::console
