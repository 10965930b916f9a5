#include <algorithm>
#include <cmath>
#include <random>

#include "analog/guitar.h"
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

AudioBuffer guitarSignal(int channels, FrameCount frames) {
  analog::Guitar guitar;
  guitar.prepare({kSampleRate, 64});
  AudioBuffer signal(channels, frames);
  const auto samples = signal.channel(0);
  constexpr FrameCount eighth = 1024;  // frames: plucked on the first of eight, damped on the last
  for (FrameCount at = 0; at < frames; at += eighth) {
    const auto place = at / eighth % 8;
    for (int string = 0; string < 3; ++string) {
      if (place == 0) guitar.pluck(string, 3, 1.0f);
      if (place == 7) guitar.damp(string);
    }
    guitar.process(samples.subspan(static_cast<std::size_t>(at),
                                   static_cast<std::size_t>(std::min(eighth, frames - at))));
  }
  for (int c = 1; c < channels; ++c) std::ranges::copy(samples, signal.channel(c).begin());
  return signal;
}

}  // namespace gainstage::bench
