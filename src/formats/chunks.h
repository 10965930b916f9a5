#pragma once

#include <cstdint>
#include <optional>

#include "formats/file_descriptor.h"

namespace gainstage::formats {

/// What the header of a WAV, RF64 or AIFF file says, beside what is there. libsndfile shortens a file that
/// was cut off without a word, and says of odd headers only that they are odd.
struct ChunkFacts {
  int channels = 0;
  double sampleRate = 0.0;
  int frameBytes = 0;               ///< 0: compressed, a frame has no fixed size
  std::int64_t dataOffset = 0;      ///< of the first audio byte
  std::int64_t promisedBytes = -1;  ///< of audio; -1: the header leaves it open, as one written to a pipe
  std::int64_t presentBytes = 0;    ///< of audio, at most what is promised

  bool cutOff() const noexcept { return promisedBytes > presentBytes; }
};

/// Nothing where the file is of another kind, or has no format or audio chunk. [control]
std::optional<ChunkFacts> readChunkFacts(const ReadableFile& file);

}  // namespace gainstage::formats
