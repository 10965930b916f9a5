#pragma once

#include <array>
#include <cstdint>

#include "analog/random.h"
#include "core/units.h"

namespace gainstage::analog {

inline constexpr int kGuitarStrings = 6;  // counted from the lowest

/// What is to be done to a string.
struct GuitarEvent {
  FrameTime frame = 0;
  int string = 0;
  bool isPluck = false;   ///< else the string is damped
  int fret = 0;           ///< of a pluck
  float velocity = 0.0f;  ///< of a pluck, 0..1
};

/// Somebody who picks chords on a guitar and never tires: the same for the same seed. Every string is damped
/// before it is plucked again, and when a finger leaves it.
class GuitarPlayer {
 public:
  void prepare(double sampleRate, std::uint32_t seed) noexcept;  // [control; or audio]

  /// What comes next, in the order of frames. There is always something. [audio]
  const GuitarEvent& next() noexcept;
  /// Done with it. [audio]
  void pop() noexcept { --waiting_; }

 private:
  void planStep() noexcept;
  void changeChord(double seconds) noexcept;
  void strum(double seconds) noexcept;
  void pluck(int string, double seconds, double velocity) noexcept;
  void damp(int string, double seconds) noexcept;
  void add(GuitarEvent event, double seconds) noexcept;

  double sampleRate_ = 48000.0;
  SmallRandom random_;
  std::int64_t step_ = 0;  ///< eighths since the beginning
  int progression_ = 0;
  int pattern_ = 0;
  std::array<int, kGuitarStrings> chord_{};     ///< fret for each string, or -1
  std::array<int, kGuitarStrings> sounding_{};  ///< the same, of what was plucked last
  std::array<GuitarEvent, 32> events_{};        ///< the next one last
  int waiting_ = 0;
};

}  // namespace gainstage::analog
