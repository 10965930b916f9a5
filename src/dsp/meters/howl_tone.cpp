#include "dsp/meters/howl_tone.h"

#include <algorithm>
#include <cmath>

namespace gainstage::dsp {
namespace {

/// How a rise is told from music: over how many spectra, how steep, and how straight (rms distance from the
/// line).
struct Rule {
  int spectra;
  double dbPerSecond;
  double deviationDb;
  double deviationShare;  // of the rise from one spectrum to the next
};

constexpr std::array kRules{
    Rule{4, 150.0, 0.1, 0.1},
    Rule{6, 30.0, 0.2, 0.1},
    Rule{13, 10.0, 0.6, 0.3},
};

}  // namespace

void ToneTrack::add(const Tone& tone) noexcept {
  ++length_;
  const float both = length_ > 1 ? 0.5f * (tone.levelDb + power_) : tone.levelDb;
  power_ = tone.levelDb;
  levels_[newest()] = 10.0f * std::log10(both + 1e-20f);
  pure_ = tone.isPure ? pure_ + 1 : 0;
  bin_ = tone.bin;
}

bool ToneTrack::risesSteadily(double hopSeconds) const noexcept {
  for (const Rule& rule : kRules) {
    if (length_ < rule.spectra || pure_ < std::min(rule.spectra, 5)) continue;
    // Least squares over spectra numbered about their middle.
    const double middle = 0.5 * (rule.spectra - 1);
    double mean = 0.0, slope = 0.0, squares = 0.0;
    for (int i = 0; i < rule.spectra; ++i) {
      const double x = middle - i;
      mean += static_cast<double>(level(i));
      slope += x * static_cast<double>(level(i));
      squares += x * x;
    }
    mean /= rule.spectra;
    slope /= squares;
    double error = 0.0;
    for (int i = 0; i < rule.spectra; ++i) {
      const double off = static_cast<double>(level(i)) - mean - slope * (middle - i);
      error += off * off;
    }
    const double deviation = std::sqrt(error / rule.spectra);
    if (slope >= rule.dbPerSecond * hopSeconds && deviation <= rule.deviationDb + rule.deviationShare * slope)
      return true;
  }
  return false;
}

}  // namespace gainstage::dsp
