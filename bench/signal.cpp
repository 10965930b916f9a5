#include <cmath>
#include <random>

#include "bench/case.h"

namespace gainstage::bench {

AudioBuffer testSignal(int channels, FrameCount frames) {
  AudioBuffer signal(channels, frames);
  constexpr FrameCount phrase = 4096;  // frames: three quarters sound, so that gates and detectors move
  for (int c = 0; c < channels; ++c) {
    std::mt19937 generator(static_cast<unsigned>(c + 1));
    double low = 0.0;
    const auto samples = signal.channel(c);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      const double white = static_cast<double>(generator()) / 2147483648.0 - 1.0;
      low += 0.05 * (white - low);
      const bool sounds = n % phrase < phrase * 3 / 4;
      samples[n] = sounds ? static_cast<float>(0.25 * white + 1.0 * low) : 0.0f;
    }
  }
  return signal;
}

}  // namespace gainstage::bench
