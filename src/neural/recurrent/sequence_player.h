#pragma once

#include "neural/recurrent/sequence_program.h"

namespace gainstage::neural {

/// Runs the stages of a program over chunks of the stream.
class SequencePlayer final : public Player {
 public:
  /// In the state that the file begins with. `keepAlive` may be null where the program outlives the player.
  SequencePlayer(const SequenceProgram& program, std::shared_ptr<const Program> keepAlive);

  void settle() noexcept override;
  void process(ConstAudioView in, AudioView out) noexcept override;

  std::span<const float> state() const noexcept;  // [any thread]

 private:
  void processChunk(ConstAudioView in, AudioView out) noexcept;

  const SequenceProgram& program_;
  std::shared_ptr<const Program> keepAlive_;
  AudioBuffer memory_;  // one row: the state of every stage, then the input with its gain, then the scratch
};

}  // namespace gainstage::neural
