#pragma once

#include <algorithm>

namespace gainstage::dsp {

/// tanh's continued fraction cut off after its second term, x (27 + x^2) / (27 + 9 x^2), which meets +-1 with
/// a level end at +-3: within 0.024 of tanh, odd, never steeper than 1. [any thread]
constexpr float saturate(float x) noexcept {
  const float bounded = std::clamp(x, -3.0f, 3.0f), square = bounded * bounded;
  return bounded * (27.0f + square) / (27.0f + 9.0f * square);
}

}  // namespace gainstage::dsp
