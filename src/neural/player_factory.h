#pragma once

#include <memory>

#include "core/result.h"
#include "dsp/resampling/rate_converter.h"
#include "neural/player.h"

namespace gainstage::neural {

/// Makes players for a session of programs that were made for another rate.
///
/// Where the session's rate is a multiple of the capture's, every so many-th frame goes to a player of its
/// own: the same as stretching all dilations and feedbacks, no filter, no latency, and what the network
/// distorts beyond half its rate does not fold back. Otherwise the sound is converted to the capture's rate
/// and back, see dsp::conversionBands(). Players of one factory share its filters.
class PlayerFactory {
 public:
  /// Both in Hz. An error where they cannot be converted. Some ms where they have to be. [control]
  static Result<PlayerFactory> create(double captureRate, double sessionRate);

  /// Settled; works at the session's rate. Allocates. [control]
  std::unique_ptr<Player> make(const std::shared_ptr<const Program>& program) const;

  /// Session frames by which every player's output comes late: at most 1 ms. [any thread]
  FrameCount latencyFrames() const noexcept { return latency_; }

  /// Session frames after which an input frame is forgotten by a network that looks back `captureFrames`
  /// frames of its own, and by the filters around it. [any thread]
  FrameTime memoryFrames(FrameCount captureFrames) const noexcept;

  /// Session frames after which the network's frames lie between the session's as at first: a player that is
  /// settled so many frames later, or a multiple, gives what it would have given. [any thread]
  FrameCount gridFrames() const noexcept { return up_ ? up_->steps() : 1; }

 private:
  PlayerFactory() = default;
  double captureRate_ = 48000.0, sessionRate_ = 48000.0;
  int interleaved_ = 1;  // 0: converted
  FrameCount latency_ = 0;
  std::shared_ptr<const dsp::RateTable> down_, up_;  // to the capture's rate, and back
};

}  // namespace gainstage::neural
