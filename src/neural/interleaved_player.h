#pragma once

#include <vector>

#include "core/audio_buffer.h"
#include "neural/player.h"

namespace gainstage::neural {

/// A network at `turns` times its rate: as many players of it, each fed every `turns`-th frame. Latency 0.
class InterleavedPlayer final : public Player {
 public:
  InterleavedPlayer(const Program& program, int turns);  // [control]

  void settle() noexcept override;                                   // [control; or audio]
  void process(ConstAudioView in, AudioView out) noexcept override;  // [audio]

 private:
  void processChunk(ConstAudioView in, AudioView out) noexcept;

  std::vector<std::unique_ptr<Player>> players_;
  std::size_t turn_ = 0;  // whose the next frame is
  AudioBuffer in_, out_;
};

}  // namespace gainstage::neural
