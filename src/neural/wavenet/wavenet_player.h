#pragma once

#include "core/audio_buffer.h"
#include "neural/kernels/history.h"
#include "neural/wavenet/wavenet_program.h"

namespace gainstage::neural {

/// What a playing WaveNet remembers and the rows that it computes in; wavenet_run.cpp is what it does.
struct WaveNetState {
  struct Array {
    std::vector<History> layers;  ///< inputs of each layer's convolution
    History head;                 ///< the sum of the layers' head outputs
  };
  std::vector<Array> arrays;
  std::vector<History> headLayers;

  // Rows of kChunk frames.
  Rows input;
  Rows condition;  ///< `input` itself where nothing makes another
  Rows output;
  Rows layerInput;   ///< where the convolution gets a modulated copy instead
  Rows arrayOutput;  ///< of an array's last layer
  Rows mixed;        ///< before the activation
  Rows activated;
  Rows mixin;
  Rows scaleShift;
  Rows modulatedCondition;
  std::vector<Bundle> bundles;
};

class WaveNetPlayer final : public Player {
 public:
  explicit WaveNetPlayer(std::shared_ptr<const WaveNetProgram> program);

  void settle() noexcept override;
  void process(ConstAudioView in, AudioView out) noexcept override;

  /// Memory of one, but for its condition's player.
  static std::size_t stateFloats(const WaveNetProgram& program);

 private:
  void makeCondition(FrameCount frames) noexcept;
  /// The state, and how much memory it needs; where there is `memory`, it is laid out there.
  static std::size_t lay(const WaveNetProgram& program, WaveNetState& state, float* memory);

  std::shared_ptr<const WaveNetProgram> program_;
  std::unique_ptr<Player> condition_;
  AudioBuffer memory_;
  WaveNetState state_;
  std::vector<float*> inputRows_, conditionRows_;
  FrameTime now_ = 0;
};

}  // namespace gainstage::neural
