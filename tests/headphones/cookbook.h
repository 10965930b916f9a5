#pragma once

#include <cmath>
#include <complex>
#include <numbers>
#include <string>

namespace gainstage::headphones {

/// The audio EQ cookbook's filters written out as there (Bristow-Johnson, W3C note 2021): b0..a2 of a direct
/// form, to hold against what the program makes of them.
struct Cookbook {
  double b0, b1, b2, a0, a1, a2;

  double decibelsAt(double frequencyHz, double rate) const {
    const auto z = std::polar(1.0, -2.0 * std::numbers::pi * frequencyHz / rate);
    return 20.0 * std::log10(std::abs((b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)));
  }
};

inline Cookbook cookbook(const std::string& type, double frequencyHz, double gainDb, double q, double rate) {
  const double a = std::pow(10.0, gainDb / 40.0), w = 2.0 * std::numbers::pi * frequencyHz / rate;
  const double c = std::cos(w), alpha = std::sin(w) / (2.0 * q), beta = 2.0 * std::sqrt(a) * alpha;
  if (type == "PK") return {1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a};
  if (type == "LSC")
    return {a * ((a + 1) - (a - 1) * c + beta), 2 * a * ((a - 1) - (a + 1) * c),
            a * ((a + 1) - (a - 1) * c - beta), (a + 1) + (a - 1) * c + beta,
            -2 * ((a - 1) + (a + 1) * c),       (a + 1) + (a - 1) * c - beta};
  if (type == "HSC")
    return {a * ((a + 1) + (a - 1) * c + beta), -2 * a * ((a - 1) + (a + 1) * c),
            a * ((a + 1) + (a - 1) * c - beta), (a + 1) - (a - 1) * c + beta,
            2 * ((a - 1) - (a + 1) * c),        (a + 1) - (a - 1) * c - beta};
  if (type == "LPQ") return {(1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha};
  if (type == "HPQ") return {(1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha};
  if (type == "BP") return {alpha, 0, -alpha, 1 + alpha, -2 * c, 1 - alpha};
  if (type == "NO") return {1, -2 * c, 1, 1 + alpha, -2 * c, 1 - alpha};
  return {1 - alpha, -2 * c, 1 + alpha, 1 + alpha, -2 * c, 1 - alpha};  // AP
}

}  // namespace gainstage::headphones
