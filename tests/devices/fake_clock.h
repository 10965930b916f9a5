#pragma once

#include <atomic>

#include "devices/virtual/pace_clock.h"

namespace gainstage::testing {

/// Time that passes only in sleep, or when a test lets it.
class FakeClock final : public devices::PaceClock {
 public:
  void enlist() noexcept override {}
  std::int64_t nowNs() noexcept override { return now_.load(); }
  void sleepUntil(std::int64_t deadlineNs) noexcept override {
    if (deadlineNs > nowNs()) now_.store(deadlineNs);
  }
  void advance(std::int64_t ns) noexcept { now_.fetch_add(ns); }

 private:
  std::atomic<std::int64_t> now_{1'000'000'000};
};

}  // namespace gainstage::testing
