#pragma once

#include <array>

#include "core/audio_buffer.h"
#include "dsp/fade.h"
#include "dsp/filters/highpass.h"
#include "dsp/reverb/predelay.h"
#include "dsp/reverb/reverb_tank.h"

namespace gainstage::dsp {

/// Low cut, pre-delay, and something that rings; without a word of what, a hall to sing with. Wet
/// only; 1 or 2 channels in, always 2 out, unlike each other. Below the damping a steady noise leaves with
/// the power it came with, whatever the decay. The first echo comes 25 ms after the pre-delay. Samples that
/// are not numbers, or above +80 dBFS, count as 0.
///
/// Costs nothing from when the tail has fallen below -120 dBFS until something comes in. Same bits however
/// the stream is split.
class Reverb {
 public:
  explicit Reverb(std::unique_ptr<ReverbTank> tank = makeHall()) : tank_(std::move(tank)) {}  // [control]

  void prepare(const StreamFormat& format);  // [control]

  void setOn(bool on) noexcept;                  // [audio] default on; off fades out over 50 ms
  void setDecay(double seconds) noexcept;        // [audio] RT60 at 1 kHz, 0.2..10 s, default 1.8; over 50 ms
  void setPredelay(Milliseconds time) noexcept;  // [audio] 0..200 ms, default 15; crossfaded over 50 ms
  /// Where the decay is about half as long. [audio] 1,000..20,000 Hz, default 6,000; over 50 ms
  void setDamping(Hertz frequency) noexcept;
  void setLowCut(Hertz frequency) noexcept;  // [audio] of what comes in, 12 dB per octave; 20..1,000 Hz, 150

  /// Forgets all audio and jumps to the values last set. [audio; or control before processing]
  void reset() noexcept;

  /// Silence in would be silence out. [audio]
  bool isIdle() const noexcept { return !awake_; }

  /// As many frames in as out; may be the same memory. [audio]
  void process(ConstAudioView in, AudioView out) noexcept;
  void process(AudioView io) noexcept { process(io, io); }  // [audio] in place, 2 channels

 private:
  void wake() noexcept;
  void advance(ConstAudioView in, AudioView out) noexcept;
  bool isSpent() noexcept;

  std::array<Predelay, 2> predelays_;
  HighPass lowCut_;
  std::unique_ptr<ReverbTank> tank_;
  Fade fade_;
  AudioBuffer work_;
  double sampleRate_ = 48000.0;
  double decaySeconds_ = 1.8;
  Hertz damping_{6000.0};
  bool awake_ = false;
  // How loud the tail can still be, reckoned from what went into the network.
  float tail_ = 0.0f;
  float windowPeak_ = 0.0f;
  FrameCount windowFrame_ = 0;
  int silentWindows_ = 0;
};

}  // namespace gainstage::dsp
