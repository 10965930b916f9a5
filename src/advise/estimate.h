#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "advise/product.h"

/// Figures that may not be known exactly: a range, and why it is one. [any thread]
namespace gainstage::advise {

struct Estimate {
  double low = 0.0, high = 0.0;
  std::string unit;
  std::string reason;  ///< why it is a range; empty where nothing needs saying

  bool isExact() const noexcept { return high - low <= 1e-9 * std::max(1.0, std::abs(high)); }
  double middle() const noexcept { return 0.5 * (low + high); }
  void include(double value) noexcept {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Estimate exactly(double value, std::string_view unit, std::string_view reason = {});
/// Of a calculation's results: the least and the largest.
Estimate spanning(std::span<const double> values, std::string_view unit, std::string_view reason = {});

/// With as many digits as a reader can use: 105, 2.59, 0.041, 12000.
std::string numberText(double value);
/// "1 input", "2 inputs".
std::string counted(double count, std::string_view what);
/// "105 dB SPL", "98 to 105 dB SPL".
std::string textOf(const Estimate& estimate);

/// A figure that decides, or that was worked out.
struct Fact {
  std::string name;
  Estimate value;
  std::string formula;               ///< with its units; empty for what was read
  std::vector<std::string> sources;  ///< where what went into it was read, and how sure that is
};

/// "maker, HF..." of a figure, for a fact's sources.
std::string sourceOf(const Product& product, const Figure& figure);

}  // namespace gainstage::advise
