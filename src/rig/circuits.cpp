#include "rig/circuits.h"

#include "dsp/resampling/oversampler.h"

namespace gainstage::rig {

int circuitFactor(double sampleRate, double leastRate, bool offline) noexcept {
  constexpr int kMost = dsp::Oversampler::kMostFactor / 2;
  int factor = 1;
  while (factor < kMost && sampleRate * factor < leastRate) factor *= 2;
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
