#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/audio_buffer.h"
#include "core/result.h"

namespace gainstage::formats {

inline constexpr double kLowestSampleRate = 8000.0;
inline constexpr double kHighestSampleRate = 384000.0;

/// What to do with samples that are infinite or not a number.
enum class NonFinite {
  refuse,   ///< an error: an impulse response with one of them would poison everything after it
  silence,  ///< replaced by 0 and counted: a listener loses a sample, not the song
};

struct AudioFileLimits {
  int channels = 64;
  std::int64_t bytes = std::int64_t{1} << 30;  ///< of memory, 4 for each sample: readAudioFile only
  NonFinite nonFinite = NonFinite::refuse;
};

/// Audio of a file, channels x frames, full scale +-1.
struct AudioData {
  AudioBuffer audio;
  double sampleRate = 0.0;           ///< Hz
  std::int64_t silencedSamples = 0;  ///< see NonFinite::silence
};

/// Reads all of a file that libsndfile knows (WAV, RF64, AIFF, FLAC, Ogg, MP3 ...). One sentence for:
/// missing, a folder, not permitted, empty, not audio, cut off (checked for WAV, RF64, AIFF and FLAC), no
/// frames, channels or rate (8..384 kHz) out of range, too long. Memory grows with what is there, not with
/// what the header promises. [control]
Result<AudioData> readAudioFile(const std::filesystem::path& path, const AudioFileLimits& limits = {});

/// The same, read piece by piece: for long files. Where it starts again is the caller's to say.
class AudioFileReader {
 public:
  static Result<AudioFileReader> open(const std::filesystem::path& path,
                                      const AudioFileLimits& limits = {});  // [control]
  AudioFileReader(AudioFileReader&&) noexcept;
  AudioFileReader& operator=(AudioFileReader&&) noexcept;
  ~AudioFileReader();

  int channels() const noexcept;         // [any thread]
  double sampleRate() const noexcept;    // [any thread] Hz
  std::int64_t frames() const noexcept;  // [any thread] -1: known only once it has been read

  /// The next frame that read() gives, 0..frames(). [control]
  Result<void> seek(std::int64_t frame);

  /// Fills `to` (channels() x any number of frames) from its first frame on: how many were left, which is
  /// fewer than asked for only at the end. Channels of `to` beyond the file's are not touched. [control]
  Result<FrameCount> read(AudioView to);

  std::int64_t silencedSamples() const noexcept;  // [control] so far

 private:
  struct State;
  explicit AudioFileReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainstage::formats
