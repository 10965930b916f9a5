#pragma once

#include <array>

#include "dsp/filters/biquad_cascade.h"

namespace gainstage::dsp {

/// Ten bells an octave apart, 31.25 Hz to 16 kHz, whose gains are chosen together: neighbours add up, so a
/// slider's own gain would be wrong by up to 9 dB. Each bell has 0.3 of its gain in dB at the next centre
/// (Välimäki & Liski, "Accurate cascade graphic equalizer", IEEE Signal Processing Letters 24(2), 2017),
/// which makes the decibels at all centres nearly linear in those of the bells; the interaction matrix is
/// inverted once, and what is not linear corrected in a few steps. At every centre the response is within
/// 0.01 dB of its slider. Centres above 0.45 of the rate are left out. Changes take 20 ms and never click;
/// with all sliders at 0 it is bit-exact and costs nothing. Latency 0. 1 or 2 channels.
class GraphicEq {
 public:
  static constexpr int kBands = 10;

  /// Of the slider, in Hz. [any thread]
  static constexpr double centreHz(int band) noexcept { return 31.25 * static_cast<double>(1 << band); }

  void prepare(const StreamFormat& format) noexcept;  // [control]

  /// -12..12 dB; heard from the next process() on. [audio]
  void setGain(int band, Decibels gain) noexcept {
    double& wanted = wantedDb_[static_cast<std::size_t>(band)];
    changed_ |= wanted != gain.value;
    wanted = gain.value;
  }

  /// Frames until all bells together have rung down by 90 dB, as last processed or reset. [audio]
  FrameTime ringFrames() const noexcept { return ringFrames_; }

  /// Forgets all audio and jumps to the settings. [audio]
  void reset() noexcept;

  /// In place. [audio]
  void process(AudioView io) noexcept;

 private:
  using Row = std::array<double, kBands>;
  using Matrix = std::array<Row, kBands>;  // [centre][bell]

  double qOf(int band, double gainDb) const noexcept;
  Row decibelsAtCentres(const Row& gainsDb) const noexcept;
  void invertInteraction() noexcept;
  void design() noexcept;

  double sampleRate_ = 48000.0;
  int bands_ = kBands;  // those below 0.45 of the rate
  Row wantedDb_{};
  Matrix distance_{};  // (w - 1/w)^2, w the centre over the bell's, on the bilinear transform's scale
  Row toNeighbour_{};  // the same, to the next centre
  Matrix inverse_{};   // bells' decibels for one at a centre
  bool changed_ = true;
  FrameTime ringFrames_ = 0;
  BiquadCascade<kBands> filter_;
};

}  // namespace gainstage::dsp
