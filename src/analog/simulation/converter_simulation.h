#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analog/gear/converter.h"
#include "analog/simulation/white_noise.h"
#include "core/units.h"

namespace gainstage::analog {

/// Whole frames by which a converter's filter delays; of one whose clock jitters at least as many as tell the
/// signal's slope there. [any thread]
FrameCount delayFrames(const Converter& converter) noexcept;

/// Samples of so many bits, rounded with or without triangular dither. [any thread]
class Quantiser {
 public:
  Quantiser() = default;
  /// `bits`: 8..32.
  Quantiser(int bits, bool dithered, std::uint64_t seed) noexcept;
  /// From any number to the nearest that -1 .. 1 - 1 LSB holds.
  double next(double sample) noexcept;

 private:
  RandomBits random_;
  double steps_ = 8388608.0;  // to full scale
  bool dithered_ = true;
};

/// An analogue-to-digital converter: volts in, samples out. Its noise is white, its filter a plain delay, and
/// it clips hard at full scale.
class InputConverter {
 public:
  static constexpr int kJitterReach = 4;  ///< frames to either side that tell the signal's slope

  /// Allocates. [control]
  void prepare(double sampleRate, const Converter& converter, std::uint64_t seed);
  FrameCount latencyFrames() const noexcept { return delay_; }  // [any thread]
  /// One frame. [audio]
  float next(double volts) noexcept;

 private:
  double at(FrameCount age) const noexcept;  // of the samples that came in, 0: the last

  Quantiser quantiser_;
  WhiteNoise noise_, jitter_;
  double toFullScale_ = 1.0;   // samples a volt
  double noiseRms_ = 0.0;      // samples
  double jitterFrames_ = 0.0;  // RMS
  FrameCount delay_ = 0;
  std::vector<double> line_;  // a ring
  std::size_t newest_ = 0;
};

/// A digital-to-analogue converter: samples in, volts out.
class OutputConverter {
 public:
  /// Allocates. [control]
  void prepare(double sampleRate, const Converter& converter, std::uint64_t seed);
  FrameCount latencyFrames() const noexcept { return static_cast<FrameCount>(line_.size()) - 1; }
  double next(float sample) noexcept;  // [audio]

 private:
  Quantiser quantiser_;
  WhiteNoise noise_;
  double volts_ = 1.0;  // at full scale, peak
  double noiseRms_ = 0.0;
  std::vector<double> line_;  // a ring
  std::size_t newest_ = 0;
};

}  // namespace gainstage::analog
