#pragma once

#include <cstddef>
#include <hwy/base.h>
#include <type_traits>

/// Kernels are inlined into the loops that they are compiled for. Not under a sanitizer: with its checks, GCC
/// 12 takes more than ten minutes for the functions that come of it.
#ifdef GAINSTAGE_SANITIZED
#define GAINSTAGE_KERNEL HWY_NOINLINE
#else
#define GAINSTAGE_KERNEL HWY_INLINE
#endif

namespace gainstage::neural {

/// The most frames that a network computes in one go: 64 frames of 16 channels are 4 KiB, so that what a
/// layer touches stays in the first-level cache. Also the length of a row of intermediate results.
constexpr std::size_t kChunk = 64;

/// The longest vector of any instruction set that is compiled, in floats. Kernels compute whole vectors: they
/// read and write up to kLongestVector - 1 frames past the last one; what lies there is never used.
constexpr std::size_t kLongestVector = 16;

/// Channels' samples, each row `stride` floats behind the one before. Time runs along the row.
///
///     first ──▶ channel 0   t0 t1 t2 t3 ...
///     + stride  channel 1   t0 t1 t2 t3 ...
template <typename Sample>
struct BasicRows {
  Sample* first = nullptr;
  std::size_t stride = 0;

  Sample* row(std::size_t channel) const noexcept { return first + channel * stride; }
  BasicRows from(std::size_t channel) const noexcept { return {row(channel), stride}; }
  operator BasicRows<const Sample>() const noexcept requires(!std::is_const_v<Sample>) {
    return {first, stride};
  }
};
using Rows = BasicRows<float>;
using ConstRows = BasicRows<const float>;

/// Rows that go into a sum together: the channels of one tap.
struct Bundle {
  ConstRows rows;
  std::size_t count = 0;
};

}  // namespace gainstage::neural
