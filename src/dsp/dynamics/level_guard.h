#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::dsp {

/// Keeps one path from getting louder by more than 6 dB faster than 20 dB per second, whatever raised it.
///
/// It is told the path's total: the sum in dB of every parameter along it that sets a level (trim, fader,
/// send, output, make-up gain). Those parameters ramp linearly in gain over `rampTime` from the frame of
/// setTotal() on, as LinearRamp does; the guard follows them with a ramp of its own and gives the gain that
/// the path needs besides. Heard is parameters x gain. What is heard obeys a token bucket: with
/// floor(n) = min over m <= n of heard(m) x rate^(n-m), heard(n) never exceeds 2 x floor(n); `rate` is 20 dB
/// per second. A total that asks for more leaves a gain below 1 that returns to 1 at that rate; a total that
/// falls is followed at once and can only bring the gain nearer to 1. The guard sees the total, not its
/// parts: while several parameters ramp at once, their product may sag below the guard's straight line (all
/// raised: for 20 ms it is quieter than need be) or swell above it (some raised, some lowered).
///
/// Every frame is computed alike from the frame before: the same bits however the stream is split.
class LevelGuard {
 public:
  static constexpr double kSilenceDb = -60.0;  ///< at and below it a path counts as this loud
  static constexpr double kBurstDb = 6.0;      ///< what may be raised at once
  static constexpr double kDbPerSecond = 20.0;

  /// [control] Keeps the total; forgets the past.
  void prepare(const StreamFormat& format, Milliseconds rampTime = {20.0}) noexcept {
    const FrameCount rampFrames = format.frames(rampTime);
    growth_ = std::pow(10.0, kDbPerSecond / 20.0 / format.sampleRate);
    growthOverRamp_ = std::pow(growth_, rampFrames);
    total_.setLength(rampFrames);
    heard_.setLength(rampFrames);
    snap();
  }

  /// The level that the path's parameters make for from this frame on, in dB; not-a-number is ignored.
  /// [audio]
  void setTotal(float totalDb) noexcept {
    if (std::isnan(totalDb)) return;
    const float aim = linear(totalDb);
    if (aim == total_.target()) return;
    total_.setTarget(aim);
    heard_.snapTo(static_cast<float>(level_));
    heard_.setTarget(static_cast<float>(std::min(audible(aim), kBurst * floor_ * growthOverRamp_)));
  }

  /// Takes the total as heard already: at start, before anything sounds. A path that was silent so far
  /// snaps to kSilenceDb first. [audio; or control before processing]
  void snap(float totalDb) noexcept {
    total_.snapTo(linear(totalDb));
    snap();
  }
  void snap() noexcept {  // [audio; or control before processing]
    total_.snapToTarget();
    heard_.snapTo(total_.target());
    level_ = floor_ = audible(total_.target());
  }

  /// Nothing is held back and the burst is whole again: gains are 1, and no call is needed until the next
  /// setTotal(). [audio]
  bool isIdle() const noexcept { return total_.isSettled() && floor_ == audible(total_.target()); }

  /// The gain of the next frame, 0..1. [audio]
  float next() noexcept {
    floor_ = std::min(floor_ * growth_, level_);
    const double total = audible(total_.next());
    double level = std::min(total, kBurst * floor_);
    // Spreads the burst over the ramp; a steep fader would else spend it within a fraction of a millisecond.
    if (!heard_.isSettled()) level = std::min<double>(level, heard_.next());
    level_ = level;
    return static_cast<float>(level / total);
  }

  /// The gains of the next frames; false: all of them are 1. [audio]
  bool fill(std::span<float> gains) noexcept {
    if (isIdle()) {
      std::ranges::fill(gains, 1.0f);
      return false;
    }
    float lowest = 1.0f;
    for (float& gain : gains) {
      gain = next();
      lowest = std::min(lowest, gain);
    }
    return lowest < 1.0f;
  }

  /// Lets frames pass in which the path is not heard (muted, or its source is): parameters move on, but what
  /// was heard last remains what a rise is counted from. [audio]
  void skip(FrameCount frames) noexcept {
    if (isIdle()) return;
    total_.skip(frames);
    level_ = std::min(audible(total_.current()), kBurst * floor_);
    heard_.snapTo(static_cast<float>(level_));
  }

  /// What the guard holds back now, in dB, 0 or less. [audio]
  float offsetDb() const noexcept {
    return static_cast<float>(20.0 * std::log10(level_ / audible(total_.current())));
  }

 private:
  static constexpr double kBurst = 1.9952623149688795;  // kBurstDb as a gain
  static constexpr double kSilence = 0.001;             // kSilenceDb as a gain
  static float linear(float db) noexcept { return Decibels{std::clamp<double>(db, -200.0, 200.0)}.linear(); }
  static double audible(float gain) noexcept { return std::max<double>(gain, kSilence); }

  LinearRamp total_;         // the path's parameters, linear gain
  LinearRamp heard_;         // how the path gets to what it may be heard at
  double level_ = kSilence;  // heard at the last frame, linear gain
  double floor_ = kSilence;  // see above
  double growth_ = 1.0;      // 20 dB per second, as a gain for each frame
  double growthOverRamp_ = 1.0;
};

}  // namespace gainstage::dsp
