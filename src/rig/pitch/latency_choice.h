#pragma once

#include <array>
#include <string_view>

#include "core/units.h"
#include "rig/parameters.h"

/// How late shifted voices are. The longer, the lower the notes and the wider the chords that jumps can
/// match: one period of 27 Hz, or of 73 Hz.
namespace gainstage::rig {

inline constexpr std::array<std::string_view, 2> kLatencyWords{"normal", "low"};

constexpr Milliseconds latencyOf(float choice) noexcept { return choice == 0.0f ? 24_ms : 12_ms; }

}  // namespace gainstage::rig
