#pragma once

#include <atomic>
#include <jack/jack.h>
#include <vector>

#include "devices/jack/jack_ports.h"

namespace gainstage::devices::jack {

/// What JACK is told of the delay between our ports, and what it tells of the delay beyond them.
class JackLatency {
 public:
  /// One for each send: whether it carries direct sound. Shorter: processed. [control, before the server
  /// asks]
  void setDirectSends(std::vector<bool> isDirect) { sendIsDirect_ = std::move(isDirect); }

  /// Frames that the console adds on its way from input to output. True: that is news. [control]
  bool setAdded(FrameCount direct, FrameCount processed) noexcept;

  /// Tells the ranges of one direction. [libjack's notification thread or device thread]
  void answer(jack_latency_callback_mode_t mode, const JackPorts& ports) noexcept;

  /// Reads what lies beyond the ports. [control or device thread]
  void measure(const JackPorts& ports) noexcept;

  FrameCount inputFrames() const noexcept { return beforeInputs_.load(); }   // [any thread] -1: unknown
  FrameCount outputFrames() const noexcept { return afterOutputs_.load(); }  // [any thread] -1: unknown

 private:
  std::vector<bool> sendIsDirect_;
  std::atomic<FrameCount> direct_{0};
  std::atomic<FrameCount> processed_{0};
  std::atomic<FrameCount> beforeInputs_{-1};
  std::atomic<FrameCount> afterOutputs_{-1};
};

}  // namespace gainstage::devices::jack
