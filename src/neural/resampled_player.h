#pragma once

#include <vector>

#include "core/audio_buffer.h"
#include "dsp/resampling/rate_converter.h"
#include "neural/player.h"

namespace gainstage::neural {

/// A network at any rate: converted to its own and back. As many frames come out of each call as go in, late
/// by a whole number of frames. What the network gives for silence passes as it is.
class ResampledPlayer final : public Player {
 public:
  /// `down` leads to the network's rate, `up` back; `latency` is latencyFrames() of them. [control]
  ResampledPlayer(const Program& program, const std::shared_ptr<const dsp::RateTable>& down,
                  const std::shared_ptr<const dsp::RateTable>& up, FrameCount latency);

  /// The least that lets every output have its inputs in time: what both filters look ahead, rounded up to
  /// where the rates' grids meet. [control]
  static FrameCount latencyFrames(const dsp::RateTable& down, const dsp::RateTable& up);

  void settle() noexcept override;                                   // [control; or audio]
  void process(ConstAudioView in, AudioView out) noexcept override;  // [audio]

 private:
  void processChunk(ConstAudioView in, AudioView out) noexcept;

  std::unique_ptr<Player> player_;
  std::vector<dsp::RateConverter> down_, up_;  // one for each channel
  std::int64_t firstDown_, firstUp_;           // see RateConverter::reset
  std::vector<float> rest_;                    // what silence makes of each output
  AudioBuffer in_, out_;                       // at the network's rate
};

}  // namespace gainstage::neural
