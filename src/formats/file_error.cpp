#include "formats/file_error.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace gainstage::formats {
namespace {

std::string explain(int errorNumber) {
  switch (errorNumber) {
    case ENOENT:
      return "does not exist: check the path";
    case ENOTDIR:
      return "cannot be reached, because a part of its path is not a folder: check the path";
    case EACCES:
    case EPERM:
      return "is not accessible to this user: change its permissions or choose another place";
    case EROFS:
      return "lies on a read-only file system: choose another place";
    case EISDIR:
      return "is a folder: name a file in it";
    case EEXIST:
      return "exists already: choose another name";
    case ENOSPC:
    case EDQUOT:
      return "cannot be written, because the disk is full: free some space or choose another place";
    case EFBIG:
      return "is as large as its file system allows: choose another place";
    case ENAMETOOLONG:
      return "has too long a name: shorten it";
    case EMFILE:
    case ENFILE:
      return "cannot be opened, because too many files are open: close other programs";
    case EIO:
      return "could not be read or written, because the disk reports an error: check the disk";
    default:
      return fmt::format("could not be used: {}", std::generic_category().message(errorNumber));
  }
}

}  // namespace

std::string quoted(const std::filesystem::path& path) {
  std::string text = path.string();
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return '"' + text + '"';
}

Error fileError(const std::filesystem::path& path, std::string_view what) {
  return {ErrorKind::file, fmt::format("{} {}", quoted(path), what)};
}

Error systemError(const std::filesystem::path& path, int errorNumber) {
  return fileError(path, explain(errorNumber));
}

}  // namespace gainstage::formats
