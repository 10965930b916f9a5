#pragma once

#include <memory>
#include <span>
#include <vector>

#include "neural/network.h"
#include "neural/recurrent/rows.h"

namespace gainstage::neural {

/// Most frames that a stage runs over at once: what lies between stages stays in the first cache.
inline constexpr int kChunkFrames = 64;

/// One layer of a sequence, or two that run together. Immutable; state and scratch belong to a player, lie on
/// 64 bytes and hold 0 at first. [any thread]
class Stage {
 public:
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;

  virtual int outputs() const noexcept = 0;
  virtual double multiplyAdds() const noexcept = 0;  ///< a frame
  virtual std::size_t weightBytes() const noexcept = 0;
  virtual std::size_t stateFloats() const noexcept = 0;
  virtual std::size_t scratchFloats() const noexcept = 0;
  virtual void begin(std::span<float> state) const noexcept = 0;  ///< as the file has it

  /// Runs over 1 to kChunkFrames frames: the rows of its outputs, in scratch. [audio]
  virtual ConstRows run(ConstRows in, float* state, float* scratch, int frames) const noexcept = 0;
};

/// The stages of a network, each packed for the instruction set in use. [control]
std::vector<std::unique_ptr<const Stage>> makeStages(const Sequence& network);

}  // namespace gainstage::neural
