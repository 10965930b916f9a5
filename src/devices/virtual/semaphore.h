#pragma once

#include <cerrno>
#include <semaphore.h>

namespace gainstage::devices {

/// Counts posts. post() never waits, so that the audio thread can wake another one between two callbacks.
class Semaphore {
 public:
  Semaphore() noexcept { sem_init(&handle_, 0, 0); }
  ~Semaphore() { sem_destroy(&handle_); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  void post() noexcept { sem_post(&handle_); }  // [any thread]
  void wait() noexcept {                        // [any thread that may block]
    while (sem_wait(&handle_) != 0 && errno == EINTR) {
    }
  }

 private:
  sem_t handle_;
};

}  // namespace gainstage::devices
