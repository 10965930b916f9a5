#include "formats/text_file.h"

#include <cerrno>
#include <fmt/format.h>

#include "formats/file_descriptor.h"
#include "formats/file_error.h"
#include "formats/output_file.h"

namespace gainstage::formats {

Result<std::string> readTextFile(const std::filesystem::path& path, std::int64_t maxBytes) {
  auto file = openForReading(path);
  if (!file) return file.error();
  if (file->bytes > maxBytes)
    return fileError(path, fmt::format("holds {} bytes and at most {} are read: choose another file",
                                       file->bytes, maxBytes));
  std::string text(static_cast<std::size_t>(file->bytes), '\0');
  const std::int64_t got = file->descriptor.readAt(0, std::as_writable_bytes(std::span(text)));
  if (got < 0) return systemError(path, errno);
  text.resize(static_cast<std::size_t>(got));  // shorter where somebody cut it meanwhile
  return text;
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view text) {
  auto file = createFileAtomically(path);
  if (!file) return file.error();
  if (auto written = (*file)->writeAt(0, std::as_bytes(std::span(text))); !written) return written;
  return (*file)->commit();
}

}  // namespace gainstage::formats
