#pragma once

#include <cstdint>

namespace gainstage::devices {

/// What a paced stream keeps time with. Tests have one that moves only when they say so.
class PaceClock {
 public:
  virtual ~PaceClock() = default;
  virtual void enlist() noexcept = 0;                             // [audio] once, by the thread to be paced
  virtual std::int64_t nowNs() noexcept = 0;                      // [any thread]
  virtual void sleepUntil(std::int64_t deadlineNs) noexcept = 0;  // [audio, outside the RealtimeScope]
};

/// The machine's own, which nobody can set and which stands still while it is suspended. Enlisting gives the
/// thread the priority of audio, where the system permits it. [any thread]
PaceClock& monotonicClock() noexcept;

}  // namespace gainstage::devices
