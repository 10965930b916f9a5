#pragma once

#include <cstdint>
#include <numbers>

#include "dsp/filters/biquad_cascade.h"

namespace gainstage::dsp {

/// dB per octave.
enum class Slope : std::uint8_t { dB6, dB12, dB18, dB24 };

/// Butterworth high-pass, first to fourth order, 1 or 2 channels, -3.01 dB at its cutoff. Frequency, slope
/// and on/off each take 20 ms and never click; switched off it is bit-exact and costs nothing. Latency 0.
class HighPass {
 public:
  void prepare(const StreamFormat& format) noexcept {  // [control]
    sampleRate_ = format.sampleRate;
    filter_.prepare(format, Milliseconds{20.0});
    design();
    reset();
  }
  void setOn(bool on) noexcept { change(on_, on); }  // [audio] default off
  void setFrequency(Hertz frequency) noexcept {
    change(frequency_, frequency);
  }                                                               // [audio] 20..400 Hz, default 80
  void setSlope(Slope slope) noexcept { change(slope_, slope); }  // [audio] default 12 dB

  /// Forgets all audio and jumps to the settings. [audio]
  void reset() noexcept { filter_.reset(); }

  /// Switched off, and no longer fading. [audio]
  bool isBypassed() const noexcept { return filter_.isIdentity(); }

  /// In place. [audio]
  void process(AudioView io) noexcept { filter_.process(io); }

 private:
  template <typename Value>
  void change(Value& setting, Value value) noexcept {
    if (setting == value) return;
    setting = value;
    design();
  }

  void design() noexcept {
    // Butterworth poles lie at equal angles: the Q of a pair is 1 / (2 cos angle) (Butterworth, 1930).
    const auto pair = [this](double degrees) {
      return highPass(frequency_, 0.5 / std::cos(degrees * std::numbers::pi / 180.0), sampleRate_);
    };
    BiquadCoefficients first, second;
    if (on_) switch (slope_) {
        case Slope::dB6:
          first = firstOrderHighPass(frequency_, sampleRate_);
          break;
        case Slope::dB12:
          first = pair(45.0);
          break;
        case Slope::dB18:
          first = firstOrderHighPass(frequency_, sampleRate_);
          second = pair(60.0);
          break;
        case Slope::dB24:
          first = pair(22.5);
          second = pair(67.5);
          break;
      }
    filter_.setTarget(0, first);
    filter_.setTarget(1, second);
  }

  double sampleRate_ = 48000.0;
  bool on_ = false;
  Hertz frequency_{80.0};
  Slope slope_ = Slope::dB12;
  BiquadCascade<2> filter_;
};

}  // namespace gainstage::dsp
