#pragma once

#include <memory>

#include "core/audio_view.h"
#include "neural/network.h"

namespace gainstage::neural {

/// What a network costs, known before it plays. [any thread]
struct Cost {
  double multiplyAdds = 0.0;            ///< of convolutions and matrices, for each frame
  FrameCount receptiveFieldFrames = 0;  ///< 0: unbounded, as it feeds back
  std::size_t weightBytes = 0;          ///< shared by all players of a program
  std::size_t stateBytes = 0;           ///< of each player
};

/// A network at one of its sizes, playing at the rate that it was made for. Movable between threads, used by
/// one.
class Player {
 public:
  Player() = default;
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;
  virtual ~Player() = default;

  /// To the state after endless silence. [control; or audio: bounded, but dearer than a block]
  virtual void settle() noexcept = 0;

  /// `in` has the network's inputs, `out` its outputs, both equally many frames, any number from 1 on. The
  /// same output, to the bit, however the stream is split into calls. `out` may be `in`. [audio]
  virtual void process(ConstAudioView in, AudioView out) noexcept = 0;
};

/// A network at one of its sizes, packed for the kernels: immutable, shared by its players. [any thread]
class Program {
 public:
  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  virtual ~Program() = default;

  virtual int inputs() const noexcept = 0;
  virtual int outputs() const noexcept = 0;
  virtual Cost cost() const noexcept = 0;
  /// A settled player of its own; it keeps the program alive. Allocates. [control]
  virtual std::unique_ptr<Player> makePlayer() const = 0;
};

/// Packs a network for playing. `size` 0..1 picks one of Sizes and cuts slimmable WaveNets; others ignore it.
/// Allocates. [control]
std::shared_ptr<const Program> makeProgram(const Network& network, double size = 1.0);

}  // namespace gainstage::neural
