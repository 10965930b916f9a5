#pragma once

#include <complex>
#include <span>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "dsp/fade.h"
#include "dsp/tempo/beat_clock.h"

namespace gainstage::dsp {

/// A short ping: a sine that swells within 1 ms, decays with a time constant of 10 ms and is over after 80
/// ms. Above 8 kHz it is more than 80 dB below itself. [audio]
class Ping {
 public:
  void prepare(const StreamFormat& format) noexcept;     // [control]
  void strike(double frequencyHz, float peak) noexcept;  // cuts the last one off without a step
  void silence() noexcept;
  bool isSounding() const noexcept { return left_ > 0 || !bridge_.isIdle(); }
  void add(std::span<float> samples) noexcept;

 private:
  double sampleRate_ = 48000.0;
  FrameCount length_ = 1, attack_ = 1, left_ = 0;
  std::complex<double> phasor_, turn_;  // the decay is in the turn
  float last_ = 0.0f;
  StepSmoother bridge_;
};

/// Clicks on the beats of its own clock or of a transport that it is told of. Its first bar's first beat is
/// beat 0. The click's first sample is on the beat's frame. Latency 0; same bits however the stream is split.
class Metronome {
 public:
  static constexpr double kBeatHz = 1000.0, kAccentHz = 1600.0;
  static constexpr double kPeakDbfs = -18.0;  ///< of a click that is not accented

  void prepare(const StreamFormat& format) noexcept;  // [control]
  /// On: beat 0 falls on the next frame. Off: fades out within 5 ms. [audio]
  void setOn(bool on) noexcept;
  void setTempo(double beatsPerMinute) noexcept { clock_.setTempo(beatsPerMinute); }  // [audio] 20..400
  void setBeatsPerBar(int beats) noexcept { beatsPerBar_ = std::max(beats, 1); }      // [audio]
  void setAccentDb(float db) noexcept { accentDb_ = db; }                             // [audio] 0..12

  /// What a transport says of the next frame, before each call of process(). [audio]
  void follow(double beat, double beatsPerMinute, bool rolling) noexcept;
  /// Its own clock again: beat 0 falls on the next frame. [audio]
  void restart() noexcept;
  void reset() noexcept;  // [audio] forgets all sound, restarts

  bool isSilent() const noexcept { return fade_.isClosed(); }  // [audio] off: process() gives zeros
  const BeatClock& clock() const noexcept { return clock_; }   // [audio]

  /// Fills one channel. [audio]
  void process(std::span<float> out) noexcept;

 private:
  BeatClock clock_;
  Ping ping_;
  Fade fade_;
  bool running_ = true;
  int beatsPerBar_ = 4;
  float accentDb_ = 6.0f;
};

}  // namespace gainstage::dsp
