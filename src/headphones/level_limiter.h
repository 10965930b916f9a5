#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "headphones/a_weighting.h"

namespace gainstage::headphones {

/// Holds the A-weighted level at the ear: what a ceiling of peaks lets pass for hours is what harms. One gain
/// for both ears, from the louder one's level over the last 5 s: a chord may be loud, a song may not. Latency
/// 0. Works where the level of full scale is known; elsewhere, and while the level stays below the limit,
/// samples pass untouched, to the bit.
///
/// A steady sound above the limit settles on it (0.1 dB after 20 s); one that begins X dB above it is let
/// through for 5 s / 10^(X/10), then lowered, and brings as much energy over the limit as
/// 5 s * (1 + X ln(10) / 10) of the limit's level, once. Gain comes back at 0.87 dB per second after a loud
/// passage and never faster than 3 dB per second, so that other stages may rise meanwhile. The same bits
/// however the stream is split.
class LevelLimiter {
 public:
  static constexpr double kSeconds = 5.0;
  static constexpr double kRiseDbPerSecond = 3.0;
  static constexpr double kFallDbPerSecond = 1000.0;  ///< a limit that is lowered must not step

  void prepare(const StreamFormat& format) noexcept;     // [control]
  void setFullScale(double dbSpl) noexcept;              // [audio] of a sine; not-a-number: unknown
  void setLimitDba(float limitDba) noexcept;             // [audio] default 100
  void setOn(bool on) noexcept;                          // [audio] default on
  void reset() noexcept;                                 // [audio; or control before processing]
  void process(AudioView io) noexcept;                   // [audio] in place, 1 or 2 channels
  float lowestGain() const noexcept { return lowest_; }  // [audio] that the last process() applied

 private:
  void update() noexcept;
  bool isOff() const noexcept { return !active_ && gain_ == 1.0; }

  struct Ear {
    AWeighting weighting;
    double level = 0.0;  // mean square
  };
  std::array<Ear, 2> ears_{};
  double sampleRate_ = 48000.0;
  double share_ = 0.0;
  double growth_ = 1.0, fall_ = 1.0;
  double fullScaleDbSpl_ = 0.0;
  float limitDba_ = 100.0f;
  bool on_ = true;
  bool active_ = false;
  double limit_ = 1.0;  // as a mean square of samples
  double gain_ = 1.0;
  float lowest_ = 1.0f;
};

}  // namespace gainstage::headphones
