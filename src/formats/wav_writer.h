#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/audio_view.h"
#include "core/result.h"
#include "formats/hash.h"
#include "formats/output_file.h"
#include "formats/wav_header.h"

namespace gainstage::formats {

struct WavOptions {
  std::int64_t largestRiff = kLargestRiff;  ///< beyond it an RF64 is written; smaller only in tests
  bool hashed = false;                      ///< keep a SHA-256 of the audio bytes
};

/// Writes a WAV, or an RF64 once it passes 4 GiB. The header on disk is right after each updateHeader(), so
/// that a crash loses no more than what came later (and not even that: it can be rebuilt from the length).
/// 24 bit: no dither, so that what a 24-bit converter gave stays as it was; the rounding's noise (-146 dBFS)
/// lies below any converter's. Not-a-number becomes 0 there.
class WavWriter {
 public:
  static Result<WavWriter> create(std::unique_ptr<OutputFile> file, const WavFormat& format,
                                  const WavOptions& options = {});  // [control]
  /// To a file that appears under its name, whole, with close(), and not at all without it. [control]
  static Result<WavWriter> createAtomically(const std::filesystem::path& path, const WavFormat& format,
                                            const WavOptions& options = {});

  /// Appends; `audio` has the format's channels. After an error, frames() tells how many are safe. [control]
  Result<void> write(ConstAudioView audio);
  /// The same for samples in the order of the file; whole frames. [control]
  Result<void> writeInterleaved(std::span<const float> samples);
  /// Appends zeros; they take no time and, on most disks, no room. [control]
  Result<void> writeSilence(std::int64_t frames);
  /// Makes the header on disk true, and drops what is behind the last whole frame. [control]
  Result<void> updateHeader();
  /// Waits for the disk: nothing that is in the file by now is lost with the power. [control]
  Result<void> sync() { return file_->sync(); }
  /// Header, sync, and the file's own name. The last call. [control]
  Result<void> close();

  const WavFormat& format() const noexcept { return format_; }       // [control]
  std::int64_t frames() const noexcept { return frames_; }           // [control] written
  std::int64_t clippedSamples() const noexcept { return clipped_; }  // [control] 24 bit only
  std::string audioSha256();                                         // [control] once, after the last write

 private:
  WavWriter(std::unique_ptr<OutputFile> file, const WavFormat& format, const WavOptions& options);
  std::int64_t endBytes() const noexcept { return dataOffset_ + frames_ * format_.frameBytes(); }
  Result<void> append();

  std::unique_ptr<OutputFile> file_;
  WavFormat format_;
  std::int64_t largestRiff_;
  std::int64_t dataOffset_ = 0;
  std::int64_t frames_ = 0;
  std::int64_t clipped_ = 0;
  std::optional<Sha256> hash_;
  std::vector<std::byte> bytes_;  ///< on their way out
  std::vector<float> interleaved_;
};

}  // namespace gainstage::formats
