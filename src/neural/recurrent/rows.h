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

/// Room for so many numbers and the rest of the widest vector.
constexpr std::size_t paddedWidth(int width) { return (static_cast<std::size_t>(width) + 15) / 16 * 16; }

/// From one row to the next: rows are padded, but those of a single number lie like a signal.
constexpr std::size_t rowStride(int width) { return width == 1 ? 1 : paddedWidth(width); }

}  // namespace gainstage::neural
