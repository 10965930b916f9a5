#pragma once

#include "core/audio_buffer.h"
#include "neural/player.h"
#include "neural/recurrent/stage.h"

namespace gainstage::neural {

/// A Sequence, packed. Settles once, when it is made; its players begin with a copy of that state.
class SequenceProgram final : public Program, public std::enable_shared_from_this<SequenceProgram> {
 public:
  explicit SequenceProgram(const Sequence& network);

  int inputs() const noexcept override { return 1; }
  int outputs() const noexcept override { return stages_.back()->outputs(); }
  Cost cost() const noexcept override;
  std::unique_ptr<Player> makePlayer() const override;

 private:
  friend class SequencePlayer;
  void settleOnce();

  std::vector<std::unique_ptr<const Stage>> stages_;
  std::size_t stateFloats_ = 0;
  std::size_t scratchFloats_ = 0;
  bool skip_;
  float inputGain_;
  float outputGain_;
  AudioBuffer settled_;  // one row
};

}  // namespace gainstage::neural
