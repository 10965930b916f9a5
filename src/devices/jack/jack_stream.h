#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "devices/device.h"
#include "devices/jack/frame_clock.h"
#include "devices/jack/jack_latency.h"
#include "devices/jack/process_gate.h"

namespace gainstage::devices::jack {

/// News from libjack's threads for the watcher. Counts and flags only; wake() where the caller may.
struct JackNews {
  std::atomic<bool> gone{false};
  std::atomic<bool> graphChanged{false};
  std::atomic<bool> latencyChanged{false};
  std::atomic<bool> ended{false};  ///< the frame limit is reached
  std::atomic<std::uint32_t> xruns{0};
  std::atomic<std::int64_t> lostFrames{0};
  std::atomic<std::uint32_t> sampleRate{0};  ///< Hz
  std::atomic<std::uint32_t> blockFrames{0};

  /// Never on the audio thread: it may be a system call. [any other thread]
  void wake() noexcept {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    wake_.notify_one();
  }
  /// Until woken, or the time is over. [device thread]
  template <typename Duration>
  void wait(Duration longest) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, longest, [this] { return woken_; });
    woken_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;
};

/// What outlives a server: everything of a device that its ports and libjack's client do not hold.
struct JackStream {
  explicit JackStream(DeviceClient& deviceClient) : client(deviceClient) {}

  DeviceClient& client;
  ProcessGate gate;  ///< open: client.process() may be called
  FrameClock clock;
  JackLatency latency;
  JackNews news;
  std::atomic<bool> freewheel{false};
  std::atomic<std::uint32_t> cycles{0};  ///< callbacks so far
  std::atomic<double> sampleRate{0.0};   ///< Hz; changes while the gate is shut
  FrameCount wantedBlockFrames = 0;      ///< asked of the server; 0: left alone
  FrameTime frameLimit = 0;              ///< 0: none
  FrameCount mostFrames = 0;             ///< of one process() call; what is longer comes in pieces
};

}  // namespace gainstage::devices::jack
