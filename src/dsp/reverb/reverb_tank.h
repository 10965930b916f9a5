#pragma once

#include <memory>
#include <span>

#include "core/stream_format.h"

namespace gainstage::dsp {

/// What rings in a reverb: one channel on either side in and out, wet only.
class ReverbTank {
 public:
  ReverbTank() = default;
  ReverbTank(const ReverbTank&) = delete;
  ReverbTank& operator=(const ReverbTank&) = delete;
  virtual ~ReverbTank() = default;

  virtual void prepare(const StreamFormat& format) = 0;  // [control]
  /// RT60 well below `dampingHz`; there it is half as long. Over 50 ms. [audio] 0.1..20 s; 500..20,000 Hz
  virtual void setDecay(double seconds, double dampingHz) noexcept = 0;
  /// Silence, and the decay last set at once. [audio]
  virtual void reset() noexcept = 0;
  /// Equally long; the same bits however the stream is split. Overwrites what comes in. [audio]
  virtual void process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
                       std::span<float> outRight) noexcept = 0;
  /// How much of a signal is left after 16 frames, at most. [audio]
  virtual float decayOver16Frames() const noexcept = 0;
};

/// Diffusion, and a network of 16 lines: see reverb_network.h. [control]
std::unique_ptr<ReverbTank> makeHall();
/// See plate.h. [control]
std::unique_ptr<ReverbTank> makePlate();
/// See springs.h. [control]
std::unique_ptr<ReverbTank> makeSprings();
/// See room.h. [control]
std::unique_ptr<ReverbTank> makeRoom();

}  // namespace gainstage::dsp
