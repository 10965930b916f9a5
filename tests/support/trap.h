#pragma once

#include <array>
#include <span>
#include <string_view>

/// The trap under the audio thread. Every test program defines the C library's allocation, locking, waiting
/// and file calls itself and passes them on; made inside a RealtimeScope (core/realtime.h), they end the
/// program with the call's name and a backtrace.
///
/// Built with a sanitizer, whose run time defines the same names, only allocations and frees are caught (by
/// its hooks); see trapsCalls().
namespace gainstage::testing {

#ifdef GAINSTAGE_SANITIZED
constexpr bool trapsCalls() { return false; }
#else
/// Whether locks, waits and file calls are caught too.
constexpr bool trapsCalls() { return true; }
#endif

/// Called first thing by the test programs' main.
void armTrap();

/// Lets a test keep its own books inside a RealtimeScope: this thread's calls go through while it lives.
/// Nests.
class TrapPause {
 public:
  TrapPause() noexcept;
  ~TrapPause();
  TrapPause(const TrapPause&) = delete;
  TrapPause& operator=(const TrapPause&) = delete;
};

/// While it lives, this thread's forbidden calls are noted and made instead of ending the program. One at a
/// time.
class TrapRecord {
 public:
  TrapRecord() noexcept;
  ~TrapRecord();
  TrapRecord(const TrapRecord&) = delete;
  TrapRecord& operator=(const TrapRecord&) = delete;

  /// Names in the order of the calls, the first 64.
  std::span<const std::string_view> calls() const noexcept { return {calls_.data(), count_}; }
  bool caught(std::string_view name) const noexcept;
  void note(std::string_view name) noexcept;

 private:
  std::array<std::string_view, 64> calls_;
  std::size_t count_ = 0;
};

}  // namespace gainstage::testing
