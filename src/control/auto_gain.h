#pragma once

#include <optional>
#include <string>

#include "devices/input_controls.h"

namespace gainstage::control {

inline constexpr double kAutoGainTargetDbfs = -12.0;
inline constexpr double kAutoGainListensS = 10.0;

/// Listens to an input for ten seconds and finds the gain at which its peaks sit at -12 dBFS or, where the
/// preamp goes by steps, up to one step below. All of it [control].
class AutoGain {
 public:
  /// Magnitudes this near to where an input clips count as clipped.
  static constexpr double kClippedDb = 0.1;
  /// At least as far below it peaks are to sit.
  static constexpr double kLeastHeadroomDb = 6.0;
  /// What stays below this for ten seconds is an input that nobody plays.
  static constexpr double kSilentDbfs = -80.0;
  /// How far gain goes down where nobody knows by how much it clips.
  static constexpr double kStepDownDb = 12.0;

  /// `clipsDbfs`: InputControls'.
  void start(FrameTime frame, double sampleRate, double clipsDbfs = 0.0) noexcept;
  void stop() noexcept { listens_ = false; }
  bool isListening() const noexcept { return listens_; }

  enum class Verdict { listening, clipped, silent, heard };
  /// `peak`: the largest magnitude since the last call, `frame`: until where. Not `listening`: it is over,
  /// except that after `clipped` it listens again from `frame` on, in case somebody turns the gain down.
  Verdict hear(double peak, FrameTime frame) noexcept;
  /// What came in while the input was switched says nothing: ten seconds begin at `frame`.
  void startOver(FrameTime frame) noexcept;

  double peakDbfs() const noexcept;  ///< of what was heard; -infinity for nothing
  /// What is missing at the input; negative: too much.
  double missingDb() const noexcept;

 private:
  bool listens_ = false;
  double clipsDbfs_ = 0.0;
  FrameTime end_ = 0;
  FrameTime length_ = 0;
  double peak_ = 0.0;
};

/// Takes gain back where an input is about to clip.
struct ClipGuard {
  static constexpr double kNearDb = 1.0;  ///< below where the input clips: peaks from here on are too near
  static constexpr double kSafeDb = 6.0;  ///< below it: where they are brought to

  /// dB to take back for a peak; nothing where it is low enough. What has clipped was higher than it reads.
  static std::optional<double> takeBackDb(double peak, double clipsDbfs) noexcept;
};

}  // namespace gainstage::control
