#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "analog/random.h"
#include "core/stream_format.h"
#include "core/units.h"

namespace gainstage::analog {

/// The pulse of air between the vocal folds, as its change over time: KLGLOTT88 (Klatt and Klatt 1990, eq.
/// 1), with the jump at closure smoothed over two frames so that it does not alias.
class Glottis {
 public:
  void setFrequency(double turnsPerFrame) noexcept { turnsPerFrame_ = turnsPerFrame; }  // [audio]
  void reset() noexcept { turn_ = 0.0; }                                                // [audio]
  float next() noexcept;                                                                // [audio]

 private:
  double turn_ = 0.0;  ///< position within a period, 0..1
  double turnsPerFrame_ = 0.0;
};

/// One resonance of the throat and mouth: gain 1 at 0 Hz (Klatt 1980, eq. 1).
class Formant {
 public:
  void tune(double frequencyHz, double bandwidthHz, double sampleRate) noexcept;  // [audio]
  void reset() noexcept { last_ = before_ = 0.0f; }                               // [audio]
  float next(float in) noexcept {                                                 // [audio]
    const float out = a_ * in + b_ * last_ + c_ * before_;
    before_ = last_;
    last_ = out;
    return out;
  }

 private:
  float a_ = 1.0f;
  float b_ = 0.0f;
  float c_ = 0.0f;
  float last_ = 0.0f;
  float before_ = 0.0f;
};

/// Somebody who sings vowels to the guitar, in phrases with a breath between them and without an end: the
/// same for the same seed. Peaks near -18 dBFS, as a microphone gives that is set with care. The same however
/// it is split.
class SungVoice {
 public:
  void prepare(const StreamFormat& format, std::uint32_t seed) noexcept;  // [control]
  void process(std::span<float> out) noexcept;                            // [audio] any number of frames

 private:
  static constexpr int kFormants = 8;
  struct Note {
    FrameTime begin = 0;
    FrameTime end = 0;  ///< its voice fades from there on
    double hz = 196.0;
    std::size_t vowel = 0;
    bool isSung = false;  ///< else a breath
  };

  void startNote() noexcept;
  void glide() noexcept;

  double sampleRate_ = 48000.0;
  SmallRandom melody_;
  SmallRandom noise_;  ///< apart, so that the tune does not depend on the rate
  Glottis glottis_;
  std::array<Formant, kFormants> formants_;
  std::array<double, kFormants> formantsHz_{};
  Note note_;
  FrameTime frame_ = 0;
  FrameTime beats_ = 0;     ///< since the phrase began
  std::size_t degree_ = 2;  ///< of the scale
  double hz_ = 196.0;       ///< on its way to the note's
  double level_ = 0.0;      ///< of the voice, 0..1
  float levelNow_ = 0.0f;
  float tilt_ = 0.0f;
  float tiltShare_ = 1.0f;
};

}  // namespace gainstage::analog
