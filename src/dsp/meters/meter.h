#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "core/stream_format.h"
#include "dsp/meters/true_peak.h"

namespace gainstage::dsp {

/// What a meter shows. Magnitudes are linear, 1 is 0 dBFS; a sine of magnitude 1 has an RMS of 0.707.
struct MeterReading {
  float heldPeak = 0.0f;      ///< largest sample of the last 1.5 s, then falling by 20 dB/s
  float heldTruePeak = 0.0f;  ///< the same, between samples (ITU-R BS.1770-4 Annex 2)
  float rms = 0.0f;           ///< over the last 300 ms
  float maxPeak = 0.0f;       ///< since the counters were cleared
  float maxTruePeak = 0.0f;   ///< since the counters were cleared
  std::uint32_t clips =
      0;  ///< since the counters were cleared: runs of samples at full scale, each counted once
};

/// Meters one channel. What it reads depends on frames, not on how they were split into calls.
class Meter {
 public:
  void prepare(const StreamFormat& format);               // [control, stopped]
  void process(std::span<const float> samples) noexcept;  // [audio]
  void reset() noexcept;                                  // [audio] forgets all audio, and clears
  /// Everything has fallen to nothing: silence may be kept from process() without being missed. [audio]
  bool isAtRest() const noexcept;
  MeterReading read() const noexcept;  // [any thread]
  void clearCounters() noexcept {
    clear_.store(true, std::memory_order_relaxed);
  }  // [any thread] by the next call of process

 private:
  /// Holds a maximum, then lets it fall.
  struct Hold {
    float value = 0.0f;
    int ticksLeft = 0;
    void rise(float peak, int ticks) noexcept;
    void tick(float fall) noexcept;
  };

  void countClips(std::span<const float> samples, float peak) noexcept;
  void endTick() noexcept;
  void publish() noexcept;

  LevelDetector detector_;
  std::vector<double> squares_;  // sum of squares of each of the last 300 ms' ticks
  std::size_t oldest_ = 0;
  double windowSum_ = 0.0;  // of all squares_
  double newSum_ = 0.0;  // of those since oldest_ was 0, to replace windowSum_ before rounding piles up in it
  double tickSum_ = 0.0;
  FrameCount tickLeft_ = 0;
  int holdTicks_ = 1;
  float fallPerTick_ = 1.0f;
  double windowFrames_ = 1.0;
  Hold peak_, truePeak_;
  float maxPeak_ = 0.0f, maxTruePeak_ = 0.0f;
  std::uint32_t clips_ = 0;
  bool inClip_ = false;

  std::atomic<bool> clear_{false};
  struct {
    std::atomic<float> heldPeak{0.0f}, heldTruePeak{0.0f}, rms{0.0f}, maxPeak{0.0f}, maxTruePeak{0.0f};
    std::atomic<std::uint32_t> clips{0};
  } shown_;
};

}  // namespace gainstage::dsp
