#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/stream_format.h"
#include "dsp/fft.h"
#include "dsp/meters/howl_tone.h"

namespace gainstage::dsp {

/// Hears acoustic feedback begin: a loudspeaker's sound comes back into the microphone a little louder than
/// it went, so one narrow band grows by the same number of decibels in every second, and nothing grows with
/// it. Half-overlapping spectra of 43 ms are searched for their strongest tones; one that stands out of its
/// neighbours, has neither harmonics nor a fundamental below it, and has been rising steadily is a howl (the
/// peak-to-neighbour and peak-to-harmonic power ratios and the interframe magnitude slope deviation of van
/// Waterschoot and Moonen 2011, "Fifty years of acoustic feedback control", section IV-A). Notes have
/// harmonics and do not rise steadily; a test tone does not rise.
///
/// Tones from 80 Hz to 0.4 of the rate, from -70 dBFS on, that rise by 10 dB per second or more. Spectra are
/// counted from reset, so the answer is the same however the stream is split; it changes only at the end of a
/// spectrum.
class HowlDetector {
 public:
  /// Allocates and plans. `turn`: detectors with different ones (0..15) do their spectra in different
  /// callbacks. [control]
  void prepare(const StreamFormat& format, int turn = 0);

  void reset() noexcept;  // [audio; or control before processing]

  /// One channel of the path that would ring. [audio]
  void process(std::span<const float> frames) noexcept;

  /// From when a howl is heard until its tone has been 20 dB below that for 4 s: long enough not to
  /// open and duck the path in turns. [audio]
  bool isHowling() const noexcept { return howling_; }

  /// Of the howl, while there is one; else 0. [audio]
  float frequencyHz() const noexcept { return howling_ ? frequencyHz_ : 0.0f; }

 private:
  void analyse() noexcept;
  void measurePowers() noexcept;
  int findTones(std::span<Tone> tones) const noexcept;
  Tone toneAt(int bin) const noexcept;
  double lobe(double bin) const noexcept;
  void follow(std::span<const Tone> tones) noexcept;
  void watchHowl() noexcept;

  static constexpr int kTones = 3;

  std::optional<RealFft> fft_;
  std::vector<float> window_;
  std::vector<float> frames_;  // the last spectrum's length of the stream
  std::vector<float> powers_;  // of each bin; a full-scale sine's add up to 1
  double totalPower_ = 0.0;
  double hopSeconds_ = 0.0;
  double binHz_ = 0.0;
  int lowestBin_ = 0, highestBin_ = 0;
  int turnFrames_ = 0;
  int filled_ = 0;  // frames of frames_ that are there
  std::array<ToneTrack, kTones> tracks_;

  bool howling_ = false;
  float frequencyHz_ = 0.0f;
  float howlDb_ = 0.0f;        // where the tone stood when it was heard, or has risen to
  double quietSeconds_ = 0.0;  // that it has been far below
};

}  // namespace gainstage::dsp
