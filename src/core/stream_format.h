#pragma once

#include "core/units.h"

namespace gainstage {

/// The most frames that a callback may bring.
inline constexpr FrameCount kLargestBlock = 8192;

/// What a stream is prepared for: its rate, and the largest block it will ever be given (each may be as small
/// as 1).
struct StreamFormat {
  double sampleRate = 48000.0;  ///< Hz, 8000..384000
  FrameCount maxFrames = 64;    ///< 1..kLargestBlock

  /// Length in frames, rounded to the nearest and at least 1.
  FrameCount frames(Milliseconds length) const noexcept {
    const double exact = length.seconds() * sampleRate;
    return exact < 1.0 ? 1 : static_cast<FrameCount>(exact + 0.5);
  }
};

}  // namespace gainstage
