#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/audio_view.h"
#include "core/result.h"

namespace gainstage::devices {

/// A file's audio at any rate, piece by piece, however long it is. Other rates are converted by libsoxr at
/// its very high quality and stay aligned: what stands at time t still does, frames x rate / file's rate
/// long. All of it [control]: it reads from a disk.
class FileStream {
 public:
  /// A file that is looped has no end and no gap: the conversion runs across the seam.
  static Result<FileStream> open(const std::filesystem::path& path, bool loop);
  FileStream(FileStream&&) noexcept;
  FileStream& operator=(FileStream&&) noexcept;
  ~FileStream();

  int channels() const noexcept;
  double fileRate() const noexcept;  ///< Hz

  /// Plays from `seconds` on, at `sampleRate`. Call it before the first read().
  Result<void> start(double sampleRate, double seconds = 0.0);

  /// Fills `to`, channels() x any number of frames; how many there were, fewer only at the end.
  Result<FrameCount> read(AudioView to);

 private:
  struct State;
  explicit FileStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainstage::devices
