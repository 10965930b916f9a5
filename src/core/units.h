#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace gainstage {

/// Frames inside one callback.
using FrameCount = int;
/// Frames since the stream began.
using FrameTime = std::int64_t;

/// A level ratio in dB of amplitude. `Decibels::off()` is silence.
struct Decibels {
  double value = 0.0;

  static constexpr Decibels off() noexcept { return {-std::numeric_limits<double>::infinity()}; }
  static Decibels fromLinear(double gain) noexcept { return {20.0 * std::log10(gain)}; }
  float linear() const noexcept { return static_cast<float>(std::pow(10.0, value / 20.0)); }

  constexpr Decibels operator-() const noexcept { return {-value}; }
  constexpr auto operator<=>(const Decibels&) const noexcept = default;
};

struct Hertz {
  double value = 0.0;
  constexpr auto operator<=>(const Hertz&) const noexcept = default;
};

struct Milliseconds {
  double value = 0.0;
  constexpr double seconds() const noexcept { return value * 1e-3; }
  constexpr auto operator<=>(const Milliseconds&) const noexcept = default;
};

inline namespace literals {
constexpr Decibels operator""_dB(long double v) noexcept { return {static_cast<double>(v)}; }
constexpr Decibels operator""_dB(unsigned long long v) noexcept { return {static_cast<double>(v)}; }
constexpr Hertz operator""_Hz(long double v) noexcept { return {static_cast<double>(v)}; }
constexpr Hertz operator""_Hz(unsigned long long v) noexcept { return {static_cast<double>(v)}; }
constexpr Hertz operator""_kHz(long double v) noexcept { return {static_cast<double>(v) * 1e3}; }
constexpr Hertz operator""_kHz(unsigned long long v) noexcept { return {static_cast<double>(v) * 1e3}; }
constexpr Milliseconds operator""_ms(long double v) noexcept { return {static_cast<double>(v)}; }
constexpr Milliseconds operator""_ms(unsigned long long v) noexcept { return {static_cast<double>(v)}; }
constexpr Milliseconds operator""_s(long double v) noexcept { return {static_cast<double>(v) * 1e3}; }
constexpr Milliseconds operator""_s(unsigned long long v) noexcept { return {static_cast<double>(v) * 1e3}; }
}  // namespace literals

}  // namespace gainstage
