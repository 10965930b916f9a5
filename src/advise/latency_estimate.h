#pragma once

#include <string_view>

#include "advise/estimate.h"
#include "advise/questions.h"

namespace gainstage::advise {

inline constexpr std::string_view kRoundTripFormula =
    "blocks x frames / rate, + 2.9 to 7.4 ms of driver, bus and converters";

/// From an input through the computer to an output. What is more than the buffers is no maker's figure; where
/// it was measured it was 2.9 ms (MOTU M2, 3 x 16 frames: 3.9 ms in all, published by PiPedal) to 7.4 ms (2 x
/// 128 frames: 12.7 ms in all instead of 5.3).
Estimate roundTrip(const BufferSetting& buffer);

}  // namespace gainstage::advise
