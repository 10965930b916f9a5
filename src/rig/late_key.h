#pragma once

#include <array>

#include "core/audio_buffer.h"
#include "dsp/delay/delay_line.h"

namespace gainstage::rig {

/// What came into a rig, as late as the input of one of its blocks: keyed by it, a block acts on the sound
/// that it hears and not on one still on its way through the blocks before.
class LateKey {
 public:
  /// `channels`: 1 or 2. [control]
  void prepare(int channels, FrameCount lateFrames, FrameCount maxFrames) {
    lateFrames_ = lateFrames;
    if (lateFrames == 0) return;
    late_ = AudioBuffer(channels, maxFrames);
    for (int c = 0; c < channels; ++c) lines_[static_cast<std::size_t>(c)].prepare(lateFrames);
  }
  void reset() noexcept {  // [audio]
    for (dsp::DelayLine& line : lines_) line.reset();
  }
  /// The same frames, late; valid until the next call. [audio]
  ConstAudioView process(ConstAudioView key) noexcept {
    if (lateFrames_ == 0) return key;
    const AudioView late = late_.view(key.frames());
    for (int c = 0; c < late.channels(); ++c) {
      dsp::DelayLine& line = lines_[static_cast<std::size_t>(c)];
      const std::span<const float> in = key.channel(c);
      const std::span<float> out = late.channel(c);
      for (std::size_t n = 0; n < in.size(); ++n) {
        line.write(in[n]);
        out[n] = line.read(lateFrames_);
      }
    }
    return late;
  }

 private:
  FrameCount lateFrames_ = 0;
  AudioBuffer late_;
  std::array<dsp::DelayLine, 2> lines_;
};

}  // namespace gainstage::rig
