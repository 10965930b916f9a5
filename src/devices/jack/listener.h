#pragma once

#include <atomic>
#include <chrono>
#include <future>

namespace gainstage::devices::jack {

/// The thread on which libjack listens to jackd: whether it has ended.
///
/// A client of a dying jackd must not be closed before that. jackd (1.9.21) that got SIGTERM tells its
/// clients of its end first, and only then of the end of its own drivers. jack_client_close cancels the
/// thread wherever that has come to by then: inside the one lock that libjack has for all clients of a
/// process, which then stays locked, so that this call waits for ever and every later jack_client_open would
/// too; or inside a noexcept function, which ends the program. Closed at the first word, 3 of 293 clients
/// hung and 1 was ended. Left alone, the thread hears out what jackd has to say, finds the end of the stream
/// and ends: 0 of 375.
class Listener {
 public:
  /// Only the first call counts. [the listening thread]
  void noteStart() {
    if (!started_.exchange(true)) ended_.set_value_at_thread_exit();
  }

  /// Returns at once where no start was noted. [control or device thread]
  void waitForEnd(std::chrono::milliseconds longest) {
    if (started_) end_.wait_for(longest);
  }

 private:
  std::atomic<bool> started_{false};
  std::promise<void> ended_;
  std::future<void> end_ = ended_.get_future();
};

}  // namespace gainstage::devices::jack
