#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace gainstage::devices::jack {

/// Keeps the audio thread out while what it runs is rebuilt, and never makes it wait.
class ProcessGate {
 public:
  /// False: the gate is shut, and leave() is not to be called. [audio]
  bool tryEnter() noexcept {
    // Sequentially consistent on both sides: each thread writes its own flag before it reads the other's.
    inside_.store(true);
    if (open_.load()) return true;
    inside_.store(false, std::memory_order_release);
    return false;
  }
  void leave() noexcept { inside_.store(false, std::memory_order_release); }  // [audio]

  void open() noexcept { open_.store(true); }   // [control or device thread]
  void shut() noexcept { open_.store(false); }  // [any thread] whoever is inside stays until it leaves

  /// The audio thread is outside when it returns. [control or device thread]
  void shutAndWait() noexcept {
    shut();
    while (inside_.load()) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }

 private:
  std::atomic<bool> open_{false};
  std::atomic<bool> inside_{false};
};

}  // namespace gainstage::devices::jack
