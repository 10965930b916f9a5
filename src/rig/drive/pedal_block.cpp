#include "rig/drive/pedal_block.h"

#include <algorithm>

namespace gainstage::rig {

int circuitFactor(double sampleRate, bool offline) noexcept {
  constexpr double kEnough = 700e3;  // Hz
  int factor = 2;
  while (factor < 16 && sampleRate * factor < kEnough) factor *= 2;
  return offline ? 2 * factor : factor;
}

FrameCount Idle::advance(std::span<const float> in) noexcept {
  FrameCount frames = 0;
  if (rests()) {
    for (const float sample : in) {
      if (sample != 0.0f) break;
      ++frames;
    }
    return frames;
  }
  for (const float sample : in) {
    ++frames;
    quiet_ = sample != 0.0f ? 0 : quiet_ + 1;
    if (rests()) break;
  }
  return frames;
}

}  // namespace gainstage::rig
