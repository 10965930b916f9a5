#pragma once

#include <array>
#include <cstdint>

#include "dsp/filters/biquad_cascade.h"

namespace gainstage::dsp {

/// What one band of an equaliser does.
struct EqBand {
  enum class Type : std::uint8_t { bell, lowShelf, highShelf, highPass, lowPass };

  bool on = true;
  Type type = Type::bell;
  Hertz frequency{1000.0};  ///< 10 Hz up to 0.49 of the rate; held there beyond
  Decibels gain{0.0};       ///< of bells and shelves; -36..36
  double q = 0.7071;        ///< 0.05..40; of a shelf: 0.7071 is the steepest that does not overshoot

  bool operator==(const EqBand&) const = default;
};

/// Six bands in a row, each of any type. Every change, also of a type, takes 20 ms and never clicks. Bands
/// that are off, and bells and shelves of 0 dB, are bit-exact and cost nothing. Latency 0. 1 or 2 channels.
class ParametricEq {
 public:
  static constexpr int kBands = 6;

  void prepare(const StreamFormat& format) noexcept {  // [control]
    sampleRate_ = format.sampleRate;
    filter_.prepare(format, Milliseconds{20.0});
    changed_.fill(true);
    reset();
  }

  /// Heard from the next process() on; costs nothing until then. [audio]
  void setBand(int index, const EqBand& band) noexcept {
    const auto i = static_cast<std::size_t>(index);
    if (bands_[i] == band) return;
    bands_[i] = band;
    changed_[i] = true;
    anyChanged_ = true;
  }
  const EqBand& band(int index) const noexcept { return bands_[static_cast<std::size_t>(index)]; }  // [audio]

  /// Frames until all bands together have rung down by 90 dB, as last processed or reset. [audio]
  FrameTime ringFrames() const noexcept {
    FrameTime sum = 0;
    for (const FrameTime frames : ringFrames_) sum += frames;
    return sum;
  }

  /// Forgets all audio and jumps to the settings. [audio]
  void reset() noexcept {
    design();
    filter_.reset();
  }

  /// In place. [audio]
  void process(AudioView io) noexcept {
    if (anyChanged_) design();
    filter_.process(io);
  }

 private:
  void design() noexcept {
    for (int i = 0; i < kBands; ++i) {
      if (!changed_[static_cast<std::size_t>(i)]) continue;
      const BiquadCoefficients target = coefficients(band(i));
      filter_.setTarget(i, target);
      ringFrames_[static_cast<std::size_t>(i)] = dsp::ringFrames(target, {90.0});
    }
    changed_.fill(false);
    anyChanged_ = false;
  }

  BiquadCoefficients coefficients(const EqBand& band) const noexcept {
    if (!band.on) return {};
    switch (band.type) {
      case EqBand::Type::bell:
        return bell(band.frequency, band.gain, band.q, sampleRate_);
      case EqBand::Type::lowShelf:
        return lowShelf(band.frequency, band.gain, band.q, sampleRate_);
      case EqBand::Type::highShelf:
        return highShelf(band.frequency, band.gain, band.q, sampleRate_);
      case EqBand::Type::highPass:
        return highPass(band.frequency, band.q, sampleRate_);
      case EqBand::Type::lowPass:
        return lowPass(band.frequency, band.q, sampleRate_);
    }
    return {};
  }

  double sampleRate_ = 48000.0;
  std::array<EqBand, kBands> bands_{};
  std::array<bool, kBands> changed_{};
  bool anyChanged_ = true;
  std::array<FrameTime, kBands> ringFrames_{};
  BiquadCascade<kBands> filter_;
};

}  // namespace gainstage::dsp
