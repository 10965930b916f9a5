#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace gainstage::dsp {

/// Beats per minute from taps: 60 over the median of the last intervals, so that one late tap changes
/// nothing.
class TapTempo {
 public:
  static constexpr double kForgetSeconds = 2.0;   ///< a longer pause begins anew
  static constexpr double kBounceSeconds = 0.05;  ///< a tap that follows sooner is the same tap

  /// A tap at a time in seconds of any steady clock. Nothing after a first tap; else 20..400. [control]
  std::optional<double> tap(double seconds) {
    const double interval = seconds - last_;
    if (tapped_ && interval >= 0.0 && interval < kBounceSeconds) return tempo();
    if (!tapped_ || !(interval >= 0.0 && interval <= kForgetSeconds))
      count_ = 0;
    else
      intervals_[static_cast<std::size_t>(count_++ % kIntervals)] = interval;
    tapped_ = true;
    last_ = seconds;
    return tempo();
  }

 private:
  static constexpr int kIntervals = 5;

  std::optional<double> tempo() const {
    if (count_ == 0) return std::nullopt;
    std::vector<double> sorted(intervals_.begin(), intervals_.begin() + std::min(count_, kIntervals));
    std::ranges::sort(sorted);
    const double median = 0.5 * (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]);
    return std::clamp(60.0 / median, 20.0, 400.0);
  }

  std::array<double, kIntervals> intervals_{};
  int count_ = 0;
  double last_ = 0.0;
  bool tapped_ = false;
};

}  // namespace gainstage::dsp
