#pragma once

#include <array>
#include <cstdint>

#include "console/declarations.h"
#include "core/units.h"

namespace gainstage::console {

/// Decides which rigs a callback can afford. Fed with a clock in ns; without a deadline everything runs.
///
/// Two lines: a load that stays high sheds the dearest rig in time, crossfaded; a callback that would miss
/// its deadline sheds at once, dearest first, so that direct monitoring and takes always go out. Rigs come
/// back, cheapest first, when there has been room for them for a while.
class Overload {
 public:
  static constexpr double kHighLoad = 0.80;  // of the callback's time
  static constexpr double kDeadline = 0.92;
  static constexpr double kRoomToRestore = 0.60;
  static constexpr std::int64_t kBetweenShedsNs = 60'000'000;  // the crossfade, and a look at what it brought
  static constexpr std::int64_t kRestoreAfterNs = 4'000'000'000;

  using Clock = std::int64_t (*)(void* context) noexcept;

  Overload(Clock clock, void* context) noexcept : clock_(clock), context_(context) {}

  /// [audio] `budgetNs` 0: no deadline.
  void begin(std::int64_t budgetNs) noexcept;
  bool hasDeadline() const noexcept { return budgetNs_ > 0; }

  /// Whether the rig of this strip still fits before the deadline. [audio]
  bool fits(int strip, FrameCount frames) const noexcept;

  /// Around each rig's run: learns what it costs. [audio]
  void rigBegins() noexcept;
  void rigEnds(int strip, FrameCount frames) noexcept;

  /// What else there was to do after the rigs, learnt likewise. [audio]
  void rigsDone() noexcept;
  void end(FrameCount frames) noexcept;

  /// A rig to shed or to restore now, or -1. `costly`: strips whose rigs run; `shed`: those that do not.
  /// [audio]
  int shouldShed(std::uint64_t costly) noexcept;
  int shouldRestore(std::uint64_t shed, FrameCount frames) noexcept;

  double load() const noexcept { return load_; }  // [audio] of the last callback, 0 without a deadline
  double costNs(int strip, FrameCount frames) const noexcept { return nsPerFrame_[strip] * frames; }

 private:
  std::int64_t now() const noexcept { return clock_(context_); }

  Clock clock_;
  void* context_;
  std::int64_t budgetNs_ = 0;
  std::int64_t begin_ = 0;
  std::int64_t rigBegin_ = 0;
  std::int64_t rigsEnd_ = 0;
  std::int64_t lastShed_ = 0;
  std::int64_t roomSince_ = 0;
  int highInARow_ = 0;
  double load_ = 0.0;
  double afterRigsNsPerFrame_ = 0.0;
  std::array<double, kMaxStrips> nsPerFrame_{};
};

}  // namespace gainstage::console
