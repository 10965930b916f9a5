#pragma once

#include <array>

#include "dsp/filters/biquad.h"

namespace gainstage::headphones {

/// Frequency weighting A of IEC 61672-1:2013, for one channel at any rate from 44.1 kHz on: 0 dB at 1 kHz and
/// within the acceptance limits of class 1 from 10 Hz to 20 kHz. Latency 0.
class AWeighting {
 public:
  AWeighting() noexcept = default;
  explicit AWeighting(double sampleRate) noexcept;  // [any thread]

  void reset() noexcept { states_ = {}; }  // [audio]
  double next(double x) noexcept {         // [audio]
    x = states_[0].next(sections_[0], x);
    x = states_[1].next(sections_[1], x);
    return states_[2].next(sections_[2], x);
  }

 private:
  std::array<dsp::BiquadCoefficients, 3> sections_{};
  std::array<dsp::BiquadState, 3> states_{};
};

/// The weighting that the standard defines, in dB (annex E, equation E.6). [any thread]
double aWeightingDb(double frequencyHz) noexcept;

}  // namespace gainstage::headphones
