#include "analog/pedals/clip_table.h"

#include <algorithm>

namespace gainstage::analog {
namespace {

/// By halves, then by Newton's steps: the law may be as steep as it likes.
double solve(const ClipTable::Law& amperes, const ClipTable::Law& siemens, double ohms, double b) {
  double low = 0.0, high = b;
  for (int i = 0; i < 30; ++i) {
    const double middle = 0.5 * (low + high);
    (middle + ohms * amperes(middle) > b ? high : low) = middle;
  }
  double v = 0.5 * (low + high);
  for (int i = 0; i < 4; ++i) v -= (v + ohms * amperes(v) - b) / (1.0 + ohms * siemens(v));
  return v;
}

}  // namespace

ClipTable::ClipTable(const Law& amperes, const Law& siemens, double leastOhms, double mostOhms)
    : pieces_(static_cast<std::size_t>(kRows * kRow)),
      leastLog_(std::log(leastOhms)),
      logStep_(std::max(std::log(mostOhms / leastOhms), 1e-9) / (kRows - 1)) {
  double* piece = pieces_.data();
  for (int row = 0; row < kRows; ++row) {
    const double ohms = std::exp(leastLog_ + row * logStep_);
    double fineIntegral = 0.0, coarseIntegral = 0.0;
    for (int i = 0; i < kFine + kCoarse; ++i, piece += kPiece) {
      const bool fine = i < kFine;
      const double step = fine ? 1.0 / kFineSteps : 1.0 / kCoarseSteps;
      const double b = fine ? i * step : (i - kFine) * step;
      const double v0 = solve(amperes, siemens, ohms, b), v1 = solve(amperes, siemens, ohms, b + step);
      const double s0 = step / (1.0 + ohms * siemens(v0)), s1 = step / (1.0 + ohms * siemens(v1));
      piece[0] = v0;
      piece[1] = s0;
      piece[2] = 3.0 * (v1 - v0) - 2.0 * s0 - s1;
      piece[3] = 2.0 * (v0 - v1) + s0 + s1;
      if (i == kFine + static_cast<int>(kCoarseSteps)) coarseIntegral = fineIntegral;  // both reach 1 V here
      double& integral = fine ? fineIntegral : coarseIntegral;
      piece[4] = integral;
      integral += step * (piece[0] + piece[1] / 2.0 + piece[2] / 3.0 + piece[3] / 4.0);
    }
  }
  setOhms(leastOhms);
}

void ClipTable::setOhms(double ohms) noexcept {
  const double place = std::clamp((std::log(ohms) - leastLog_) / logStep_, 0.0, kRows - 1.0);
  const int row = std::min(static_cast<int>(place), kRows - 2);
  row_ = pieces_.data() + row * kRow;
  share_ = place - row;
}

}  // namespace gainstage::analog
