#pragma once

#include <cstddef>

namespace gainstage::neural {

/// Numbers that belong together, one row of them for each frame, `stride` floats apart.
struct Rows {
  float* data;
  std::size_t stride;
};
struct ConstRows {
  const float* data;
  std::size_t stride;
};

/// Every row ends in room for the widest vector.
constexpr std::size_t paddedWidth(int width) { return (static_cast<std::size_t>(width) + 15) / 16 * 16; }

}  // namespace gainstage::neural
