#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "core/units.h"
#include "dsp/resampling/half_band.h"

namespace gainstage::dsp {

/// One channel at 1 to 64 times its rate and back, for what makes harmonics in between. Frequencies up to
/// 0.408 of the base rate (18 kHz at 44.1 kHz) get through within 0.001 dB, to 0.417 (20 kHz at 48 kHz)
/// within 0.02 dB; images of them, and whatever would fold onto them, are at least 100 dB down. The same bits
/// however the stream is split.
class Oversampler {
 public:
  enum class Phase : std::uint8_t {
    minimum,  ///< elliptic all-pass half-bands: latency 0, low frequencies late by 1.6 to 2.5 frames each way
    linear,   ///< symmetric half-bands: everything late by latencyFrames()
  };

  static constexpr int kMostFactor = 64;

  /// `factor` a power of two up to 64; 1 leaves every sample as it is. Allocates; some ms for linear phase.
  /// [control]
  void prepare(int factor, Phase phase);

  int factor() const noexcept { return factor_; }  // [any thread]

  /// Of both ways together, in whole frames of the base rate. [any thread]
  FrameCount latencyFrames() const noexcept;

  void reset() noexcept;  // [audio]

  /// Any number of frames; `out` holds factor() times as many as `in`. [audio]
  void up(std::span<const float> in, std::span<double> out) noexcept;

  /// `in` holds factor() times as many as `out`. [audio]
  void down(std::span<const double> in, std::span<float> out) noexcept;

 private:
  static constexpr int kChunk = 16;  // frames at a time: 8 KB at 64 times the rate stay in the nearest cache

  template <typename HalfBand>
  struct Stages {
    std::vector<HalfBand> up, down;  // the base rate's first
  };

  template <typename HalfBand>
  void upChunk(std::vector<HalfBand>& stages, double* out, int frames) noexcept;
  template <typename HalfBand>
  void downChunk(std::vector<HalfBand>& stages, const double* in, int frames) noexcept;

  int factor_ = 1;
  std::variant<Stages<AllPassHalfBand>, Stages<SymmetricHalfBand>> stages_;
  int padding_ = 0;  // frames at the high rate that make the latency whole
  std::vector<double> padded_;
  std::array<double, kChunk * kMostFactor> work_{};
  std::array<double, kChunk * kMostFactor> other_{};
};

}  // namespace gainstage::dsp
