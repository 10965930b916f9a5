#pragma once

#include <vector>

#include "headphones/eq_section.h"

namespace gainstage::headphones {

/// Up to where a correction has the same curve at every rate, where the rate allows (0.45 of it).
inline constexpr double kMatchedToHz = 18000.0;

/// The filter that is made at `fromHz`, for a stream of `toHz`: a bilinear transform squeezes what lies near
/// half its rate, so the same formula at another rate gives another curve. Sections whose squared gain is
/// that of the filter at `fromHz`, least squares in dB up to kMatchedToHz: one where that is within 0.002 dB,
/// as for most filters, else up to four; above, nothing rises by more than some 2 dB over it. Stable and of
/// minimum phase (all-passes, which have no curve, are made at `toHz`). Rates in Hz; 8..384 kHz. [control]
std::vector<EqSection> matchedSections(const formats::EqFilter& filter, double fromHz, double toHz);

}  // namespace gainstage::headphones
