#pragma once

#include <optional>
#include <string_view>

namespace gainstage::analog {

/// One point of a path.
struct LevelPoint {
  std::string_view where;  ///< "source", "input", "after pad", "converter", "amplifier", "headphone"
  double levelDbu;         ///< of the signal there, as the RMS of a sine
  std::optional<double> largestDbu;  ///< there, at which something is full; absent: not known
  std::optional<double> headroomDb() const noexcept {
    if (!largestDbu) return std::nullopt;
    return *largestDbu - levelDbu;
  }
};

}  // namespace gainstage::analog
