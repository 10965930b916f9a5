#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gainstage::formats {

enum class SampleFormat {
  float32,  ///< as it is, to the bit
  pcm24,    ///< rounded to the nearest of 2^24 steps, beyond full scale clipped
};

struct WavFormat {
  double sampleRate = 48000.0;  ///< Hz, rounded to a whole number in the file
  int channels = 1;             ///< 1..64
  SampleFormat sampleFormat = SampleFormat::float32;

  int frameBytes() const noexcept { return channels * (sampleFormat == SampleFormat::float32 ? 4 : 3); }
};

/// Largest size that a plain WAV can state: 2^32 - 1 means "see ds64".
inline constexpr std::int64_t kLargestRiff = 0xFFFFFFFE;

/// The bytes before the audio, of one length for a format whatever the size: a WAV until file or audio pass
/// `largestRiff`, an RF64 (EBU Tech 3306) from there on. The room for RF64's sizes is a JUNK chunk before, so
/// that a growing file turns from one into the other without moving a sample. [any thread]
std::vector<std::byte> wavHeader(const WavFormat& format, std::int64_t frames,
                                 std::int64_t largestRiff = kLargestRiff);

}  // namespace gainstage::formats
