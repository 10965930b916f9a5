#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace gainstage::dsp {

/// What one look at up to kLevelFrames frames of one channel finds.
struct BlockLevels {
  float peak = 0.0f;      ///< largest magnitude of the samples
  float truePeak = 0.0f;  ///< largest magnitude between them too
  float squares = 0.0f;   ///< sum of squares
};

inline constexpr std::size_t kLevelFrames = 64;

/// Levels of one channel. True peak per ITU-R BS.1770-4 (2015) Annex 2: the interpolator of 4 phases x 12
/// taps given there. Samples that are not finite count as 0. [audio]
class LevelDetector {
 public:
  void reset() noexcept { history_.fill(0.0f); }

  /// Up to kLevelFrames frames.
  BlockLevels measure(std::span<const float> samples) noexcept;

 private:
  static constexpr std::size_t kHistory = 11;  // taps of a phase, less one
  std::array<float, kHistory> history_{};
};

}  // namespace gainstage::dsp
