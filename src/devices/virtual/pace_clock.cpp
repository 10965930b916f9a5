#include "devices/virtual/pace_clock.h"

#include <cerrno>
#include <pthread.h>
#include <sched.h>
#include <time.h>

namespace gainstage::devices {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// As JACK gives its clients: above all ordinary work, below the threads that serve interrupts (50 where the
// kernel has such).
constexpr int kPriority = 10;

class MonotonicClock final : public PaceClock {
 public:
  void enlist() noexcept override {
    const sched_param parameters{.sched_priority = kPriority};
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);  // without permission it stays as it was
  }

  std::int64_t nowNs() noexcept override {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * kNsPerSecond + now.tv_nsec;
  }

  void sleepUntil(std::int64_t deadlineNs) noexcept override {
    const timespec deadline{.tv_sec = deadlineNs / kNsPerSecond, .tv_nsec = deadlineNs % kNsPerSecond};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr) == EINTR) {
    }
  }
};

}  // namespace

PaceClock& monotonicClock() noexcept {
  static MonotonicClock clock;
  return clock;
}

}  // namespace gainstage::devices
