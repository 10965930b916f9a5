#pragma once

#include <cmath>
#include <cstdint>

namespace gainstage::analog {

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, figure
/// 13): 64 well-mixed bits a call, the same for the same seed, everywhere. [any thread]
class RandomBits {
 public:
  explicit constexpr RandomBits(std::uint64_t seed = 1) noexcept : state_(seed * 0xD1B54A32D192ED03u) {}

  constexpr std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30u)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27u)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31u);
  }

 private:
  std::uint64_t state_;
};

/// White noise of variance 1, one sample for each call and none between them: the same however a stream is
/// split. The sum of four even numbers, normal enough for a converter (excess kurtosis -0.3, nothing beyond
/// 3.46). [any thread]
class WhiteNoise {
 public:
  explicit constexpr WhiteNoise(std::uint64_t seed = 1) noexcept : bits_(seed) {}

  double next() noexcept {
    const std::uint64_t bits = bits_.next();
    const auto sum = (bits & 0xFFFFu) + ((bits >> 16u) & 0xFFFFu) + ((bits >> 32u) & 0xFFFFu) + (bits >> 48u);
    constexpr double kMean = 2.0 * 65535.0;
    constexpr double kScale = 1.7320508075688772 / 65536.0;  // each has a variance of 65536^2 / 12
    return (static_cast<double>(sum) - kMean) * kScale;
  }

 private:
  RandomBits bits_;
};

/// RMS of samples at a rate whose noise has this density, in units per root hertz, up to half the rate.
inline double noiseRms(double density, double sampleRate) noexcept {
  return density * std::sqrt(0.5 * sampleRate);
}

}  // namespace gainstage::analog
