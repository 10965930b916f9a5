#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "dsp/resampling/lowpass_kernel.h"

namespace gainstage::dsp {

/// One channel at a rate near 12 kHz, for analyses that need nothing above 4 kHz: every factor-th frame
/// behind a lowpass. What would fold below 4 kHz is at -91 dB. Late by latencyFrames().
class Decimator {
 public:
  static constexpr double kRate = 12000.0;
  static constexpr double kPassHz = 4000.0;

  void prepare(double sampleRate) {  // [control]
    factor_ = static_cast<int>(std::max(std::lround(sampleRate / kRate), 1l));
    rate_ = sampleRate / factor_;
    taps_.assign(1, 1.0f);
    if (factor_ > 1) {
      const LowpassKernel kernel({kPassHz}, {rate_ - kPassHz});
      half_ = static_cast<int>(kernel.halfLength() * sampleRate);
      taps_.assign(padded(2 * half_ + 1), 0.0f);
      for (int n = -half_; n <= half_; ++n)
        taps_[static_cast<std::size_t>(n + half_)] =
            static_cast<float>(kernel.at(n / sampleRate) / sampleRate);
    }
    ring_.assign(2 * taps_.size(), 0.0f);
    reset();
  }
  void reset() noexcept {  // [audio]
    std::fill(ring_.begin(), ring_.end(), 0.0f);
    at_ = 0;
    phase_ = 0;
  }

  double rate() const noexcept { return rate_; }               // [any thread] Hz, of what comes out
  int factor() const noexcept { return factor_; }              // [any thread]
  FrameCount latencyFrames() const noexcept { return half_; }  // [any thread] of what goes in

  /// Whether `out` was given its next frame. [audio]
  bool push(float in, float& out) noexcept {
    ring_[at_] = ring_[at_ + taps_.size()] = in;  // twice, so that the taps never wrap round
    if (++at_ == taps_.size()) at_ = 0;
    if (++phase_ < factor_) return false;
    phase_ = 0;
    if (factor_ == 1) {
      out = in;
      return true;
    }
    float sums[8] = {};
    const float* const samples = ring_.data() + at_;
    for (std::size_t i = 0; i < taps_.size(); i += 8)
      for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += taps_[i + lane] * samples[i + lane];
    out = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
    return true;
  }

 private:
  static std::size_t padded(int taps) { return (static_cast<std::size_t>(taps) + 7) / 8 * 8; }

  int factor_ = 1, half_ = 0, phase_ = 0;
  double rate_ = kRate;
  std::vector<float> taps_, ring_;
  std::size_t at_ = 0;
};

}  // namespace gainstage::dsp
