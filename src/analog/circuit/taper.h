#pragma once

#include <cmath>

namespace gainstage::analog {

/// Share of an audio-taper pot's track at `turn` (0..1) of its way: a tenth at half way, as pots' "A" or 10 %
/// taper has it. [any thread]
inline double audioTaper(double turn) noexcept { return (std::pow(81.0, turn) - 1.0) / 80.0; }

}  // namespace gainstage::analog
