#pragma once

#include <vector>

#include "core/audio_view.h"
#include "dsp/convolver/convolver_head.h"
#include "dsp/convolver/convolver_tail.h"

namespace gainstage::dsp {

/// Convolution with impulse responses of any length, mono, stereo or any matrix of paths, with no latency: a
/// frame that goes in with a call comes out with it, whatever the length of the call. The first taps are
/// summed directly, the others in partitions that grow along the response (Gardner 1995, "Efficient
/// convolution without input-output delay"; Garcia 2002, "Optimal filter partition"), their work cut into
/// small steps and spread over the frames: no thread, no burst. Partitions are counted from reset and every
/// sum runs in one order, so the output is the same to the bit however the stream is split.
class Convolver {
 public:
  /// Allocates and transforms the responses, which need not live on. An empty response is silence. [control]
  void prepare(const Convolution& convolution);

  int inputs() const noexcept { return inputs_; }                               // [any thread]
  int outputs() const noexcept { return outputs_; }                             // [any thread]
  const std::vector<PartitionRun>& layout() const noexcept { return layout_; }  // [any thread]

  /// Forgets all audio. [audio; or control before processing]
  void reset() noexcept;

  /// `in` has inputs() channels, `out` outputs(), both the same number of frames, any from 1 on. `out` may be
  /// `in`, channel by channel. [audio]
  void process(ConstAudioView in, AudioView out) noexcept;

 private:
  void processInBlock(ConstAudioView in, AudioView out) noexcept;

  int inputs_ = 0;
  int outputs_ = 0;
  std::vector<PartitionRun> layout_;
  ConvolverHead head_;
  std::vector<ConvolverTail> tails_;
  AudioBuffer ring_;      // the last four blocks of the largest partition's size, one row for each input
  std::int64_t now_ = 0;  // frames since reset
};

}  // namespace gainstage::dsp
