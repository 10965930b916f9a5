#pragma once

#include <string_view>

#include "formats/file_descriptor.h"
#include "formats/json.h"

namespace gainstage::console {

/// A file of one JSON value a line that is only ever added to. Every line is given to the system whole with
/// one write before append() returns, so that a process that is killed loses none; a line that a power cut
/// tore is dropped when it is read. One process at a time. All of it [control].
class JournalFile {
 public:
  /// Largest file that is read; lines beyond it are lost.
  static constexpr std::int64_t kMaxBytes = 64 << 20;

  /// Creates the file where there is none. Error (file): it cannot be written, or another process has it
  /// open.
  static Result<JournalFile> open(const std::filesystem::path& path);

  /// All lines up to the first that is torn or not JSON; the file is cut there.
  Result<std::vector<formats::Json>> read();

  Result<void> append(const formats::Json& line);
  /// Waits until the disk has every line.
  Result<void> sync();
  /// Atomically makes these the file's lines.
  Result<void> replace(const std::vector<formats::Json>& lines);

  /// Removes the file; whoever opens the session next finds no history.
  void remove() noexcept;

  std::int64_t bytes() const noexcept { return bytes_; }

 private:
  JournalFile(std::filesystem::path path, formats::FileDescriptor file, std::int64_t bytes);

  std::filesystem::path path_;
  formats::FileDescriptor file_;
  std::int64_t bytes_ = 0;
};

}  // namespace gainstage::console
