#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "support/audio.h"

/// What is measured of a reverb's response.
namespace gainstage::dsp {

/// Six band-passes in a row: an octave about `centreHz`, or less where `q` of each is more.
inline testing::Mono octave(testing::Mono samples, double centreHz, double sampleRate, double q = 0.6) {
  const double w = 2.0 * std::numbers::pi * centreHz / sampleRate;
  const double alpha = std::sin(w) / (2.0 * q);
  const double scale = 1.0 / (1.0 + alpha);
  for (int pass = 0; pass < 6; ++pass) {
    double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
    for (float& sample : samples) {
      const double x = sample;
      const double y = scale * (alpha * (x - x2) + 2.0 * std::cos(w) * y1 - (1.0 - alpha) * y2);
      x2 = x1, x1 = x, y2 = y1, y1 = y;
      sample = static_cast<float>(y);
    }
  }
  return samples;
}

/// RT60 from -5 to -35 dB of the energy still to come (Schroeder, "New method of measuring reverberation
/// time", JASA 37, 1965).
inline double reverberationSeconds(std::span<const float> response, double sampleRate) {
  std::vector<double> left(response.size() + 1, 0.0);
  for (std::size_t n = response.size(); n-- > 0;)
    left[n] = left[n + 1] + static_cast<double>(response[n]) * static_cast<double>(response[n]);
  const auto fallsTo = [&](double db) {
    std::size_t n = 0;
    while (left[n] > left[0] * std::pow(10.0, db / 10.0)) ++n;
    return static_cast<double>(n) / sampleRate;
  };
  return 2.0 * (fallsTo(-35.0) - fallsTo(-5.0));
}

/// Share of samples beyond one standard deviation in 20 ms, over what Gaussian noise has (Abel & Huang, "A
/// simple, robust measure of reverberation echo density", AES 121, 2006).
inline double echoDensity(std::span<const float> response, double atSeconds, double sampleRate = 48000.0) {
  const auto window = response.subspan(static_cast<std::size_t>((atSeconds - 0.01) * sampleRate), 960);
  const double deviation = testing::rms(window);
  const auto beyond = std::ranges::count_if(window, [=](float x) { return std::abs(x) > deviation; });
  return static_cast<double>(beyond) / 960.0 / std::erfc(std::sqrt(0.5));
}

}  // namespace gainstage::dsp
