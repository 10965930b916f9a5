#pragma once

#include <array>
#include <span>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::headphones {

/// The last thing before a converter: no sample leaves above its setting. Latency 0.
///
/// One gain for one or two linked channels. It falls within the frame that would go over, so that only the
/// rising flank of a new highest peak is flattened; it then stays where the highest peak of the last 40 to
/// 45 ms wants it (a period of 25 Hz: no note modulates it from within) and returns smoothly. A steady tone
/// is thereby scaled, not clipped. While nothing goes over, samples pass untouched, to the bit.
///
/// Settled, |y| <= setting for whatever comes in; not-a-number leaves as 0. While the setting moves, |y|
/// stays below the higher of the two. Switching on or off blends over 20 ms; off is bit-exact. A setting that
/// is raised or switched off while it holds something back rises by 6 dB at once and 20 dB per second from
/// there on: what leaves may be far louder then, whatever else is raised with it.
class Ceiling {
 public:
  void prepare(const StreamFormat& format) noexcept;  // [control]
  void setCeilingDbfs(float ceilingDbfs) noexcept;    // [audio] -60..0 dBFS, default -1, over 20 ms
  void setOn(bool on) noexcept;                       // [audio] default on
  /// Forgets all audio and jumps to the values last set. [audio; or control before processing]
  void reset() noexcept;
  /// In place, 1 or 2 channels. [audio]
  void process(AudioView io) noexcept;
  /// Smallest gain that the last process() applied, 0..1. [audio]
  float lowestGain() const noexcept { return lowestGain_; }

 private:
  static constexpr int kBuckets = 8;

  bool isOff() const noexcept { return amount_.isSettled() && amount_.target() == 0.0f; }
  void aim() noexcept;
  float nextCeilingDb() noexcept;
  bool isIdle() const noexcept;
  void forget() noexcept;
  double gainFor(float peak, float ceiling) noexcept;
  void nextBucket() noexcept;

  // In dB: a linear ramp from -1 to -46 dBFS would cross the last 6 dB within 6 frames, and clip them into a
  // step.
  LinearRamp ceilingDb_{-1.0f};
  float ceiling_ = 0.8912509f;  // where it goes, linear
  float heardDb_ = -1.0f;       // where it is
  LinearRamp amount_{1.0f};     // 0: off
  double gain_ = 1.0;           // double: steps near 1 are below a float's resolution at high rates
  double release_ = 0.0;        // share of the way back to go in a frame
  double leastReturn_ = 0.0;    // gain to return in a frame at least, so that 1 is reached
  bool on_ = true;
  float settingDb_ = -1.0f;
  // While a setting that was raised lets go: the lowest ceiling since, raised by 20 dB per second.
  bool letsGo_ = false;
  float floorDb_ = 0.0f;
  float floorStepDb_ = 0.0f;
  float lowestGain_ = 1.0f;
  // The highest peaks above the ceiling, by buckets of 5 ms counted from the first frame.
  std::array<float, kBuckets> peaks_{};
  float bucketPeak_ = 0.0f;
  float heldPeak_ = 0.0f;
  int bucket_ = 0;
  FrameCount bucketFrames_ = 240;
  FrameCount bucketFrame_ = 0;
};

}  // namespace gainstage::headphones
