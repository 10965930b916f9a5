#pragma once

#include <array>

namespace gainstage::dsp {

inline constexpr int kReverbLines = 16;
inline constexpr int kReverbGrid = 16;

/// One grid of a reverb's network, or a part of it: frames `first` to `first + count - 1`.
struct ReverbGrid {
  struct Tap {
    const float* points;  ///< of frame k: points[k] (the oldest) to points[k + 3]
    float fraction;       ///< of frame 0: 0 is at points[k + 2], 1 at points[k + 1]
    float slope;          ///< of the fraction, per frame; without both the tap is points[k + 2] itself
  };
  std::array<Tap, kReverbLines> taps;
  const float* gain;  ///< 16
  const float* pole;  ///< 16
  float* state;       ///< 16
  const float* left;  ///< input of frame `first` on
  const float* right;
  float input;  ///< input gain
  int first, count;
  /// What goes into each line; line x frame.
  alignas(64) std::array<std::array<float, kReverbGrid>, kReverbLines> lines;
};

/// Nothing is injected into these two: what goes into them is the network's left and right output.
inline constexpr int kLeftOutputLine = 5;
inline constexpr int kRightOutputLine = 10;

/// Reads the taps, damps, mixes and injects. [audio]
void advanceReverb(ReverbGrid& grid) noexcept;

}  // namespace gainstage::dsp
