#include "dsp/delay/fractional_delay.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

// Of the betas, the one whose worst error up to 10 kHz at 44.1 kHz is least.
constexpr double kBeta = 6.8;

double point(double frames) {
  constexpr double kHalf = 0.5 * FractionalDelay::kPoints;
  const double x = std::numbers::pi * frames, off = frames / kHalf;
  const double sinc = std::abs(x) < 1e-9 ? 1.0 : std::sin(x) / x;
  return sinc * std::cyl_bessel_i(0.0, kBeta * std::sqrt(std::max(0.0, 1.0 - off * off)));
}

}  // namespace

std::span<const float> FractionalDelay::kernel() {
  static const std::vector<float> table = [] {
    std::vector<float> made;
    for (int row = 0; row <= kPositions; ++row) {
      const double t = static_cast<double>(row) / kPositions;
      double points[kPoints], sum = 0.0;
      for (int i = 0; i < kPoints; ++i) sum += points[i] = point(0.5 * kPoints - i - t);
      for (const double value : points) made.push_back(static_cast<float>(value / sum));  // a constant passes
    }
    return made;
  }();
  return table;
}

void FractionalDelay::prepare(FrameCount longestFrames) {
  kernel_ = kernel();
  const std::size_t size = std::bit_ceil(static_cast<std::size_t>(longestFrames) + kPoints);
  ring_.assign(2 * size, 0.0f);
  mask_ = size - 1;
  at_ = 0;
  reset();
}

// Where some of the points are from before the reset.
float FractionalDelay::readYoung(std::size_t whole, const float* row, float t) const noexcept {
  float sums[kPoints];
  for (std::size_t i = 0; i < kPoints; ++i) {
    const std::size_t delay = whole + kPoints / 2 - i;
    const float point = delay < written_ ? ring_[(at_ - delay) & mask_] : 0.0f;
    sums[i] = (row[i] + t * (row[i + kPoints] - row[i])) * point;
  }
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

}  // namespace gainstage::dsp
