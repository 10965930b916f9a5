#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "devices/jack/jack_link.h"
#include "devices/jack/patchbay.h"

namespace gainstage::devices::jack {

/// Runs a stream on a server: while it is started, a thread of its own tells the client what happens, waits
/// for a server that died, and joins it again with the ports and connections that there were.
class JackWatcher {
 public:
  JackWatcher(std::string serverName, PortPlan plan, JackStream& stream, std::unique_ptr<JackLink> link);
  ~JackWatcher();

  /// The first start connects the physical ports. [control, stopped]
  void owePhysical() { patchbay_.owePhysical(link_->client(), link_->ports()); }

  Result<void> start();                       // [control]
  void stop();                                // [control]
  bool waitUntilEnded(Milliseconds timeout);  // [control] true: the frame limit is reached

 private:
  using Clock = std::chrono::steady_clock;
  Result<void> join();  // [control, stopped, or device thread] the gate stays shut
  bool isServerGone();  // [control, stopped, or device thread]
  void openGate();

  void watch();  // [device thread] and all below
  void leaveDeadServer();
  void tryToReturn();
  void tellLosses();
  void tellFormat();
  void tellEnd();
  void tendPatchbay();
  FrameTime framesAway() const;

  std::string serverName_;
  PortPlan plan_;
  JackStream& stream_;
  std::unique_ptr<JackLink> link_;
  Patchbay patchbay_;
  FrameCount blockFrames_ = 0;  // as the client knows it
  Clock::time_point goneSince_;
  std::atomic<bool> quit_{false};
  std::mutex endedMutex_;
  std::condition_variable endedChanged_;
  bool ended_ = false;  // guarded by endedMutex_
  std::thread thread_;
};

}  // namespace gainstage::devices::jack
