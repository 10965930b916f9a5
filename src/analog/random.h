#pragma once

#include <cstdint>

namespace gainstage::analog {

/// PCG-XSH-RR's mixing on a 32-bit state (O'Neill 2014): four bytes, the same everywhere, and good enough for
/// a hand that is never quite in time. [any thread]
class SmallRandom {
 public:
  explicit constexpr SmallRandom(std::uint32_t seed = 1) noexcept : state_(seed) {}

  constexpr std::uint32_t next() noexcept {
    state_ = state_ * 747796405u + 2891336453u;
    const std::uint32_t word = ((state_ >> ((state_ >> 28u) + 4u)) ^ state_) * 277803737u;
    return (word >> 22u) ^ word;
  }
  constexpr std::uint32_t below(std::uint32_t count) noexcept { return next() % count; }
  constexpr double between(double low, double high) noexcept {
    return low + (high - low) * next() / 4294967296.0;
  }

 private:
  std::uint32_t state_;
};

}  // namespace gainstage::analog
