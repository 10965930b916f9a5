#pragma once

#include <array>
#include <span>

namespace gainstage::dsp {

/// Taps that are convolved sample by sample; the transforms take over behind them.
inline constexpr int kDirectTaps = 64;
/// Zeros around the taps: the widest vector in floats.
inline constexpr int kTapPadding = 16;
/// Floats that are read behind the end of what the direct sum reads.
inline constexpr int kOverread = kDirectTaps;

/// kDirectTaps taps between zeros.
using PaddedTaps = std::array<float, kTapPadding + kDirectTaps + kTapPadding>;

/// The two sums of products that a convolution consists of, for this machine's instruction set.
struct SumSteps {
  /// out[i] = sum over k of taps[k] now[i - k] + sum of all added[][i], i = 0..count - 1,
  /// count 1..kDirectTaps. `taps` stand between zeros (PaddedTaps); `now` has kDirectTaps - 1 frames before
  /// it. Up to kOverread numbers after the last of `now` and `added` are read too and do not matter, as long
  /// as those of `now` are finite. The bits of a sum do not depend on i, so neither on how a stream is split.
  void (*direct)(const float* now, const float* taps, std::span<const float* const> added, int count,
                 float* out);
  /// tile (+)= sum over j of x[j] h[j], complex, in tiles of kTileFloats; `add` keeps what is there.
  void (*multiplyAdd)(const float* x, const float* h, int count, bool add, float* tile);
};

/// [any thread; the first call detects, so make it on the control thread]
const SumSteps& sumSteps() noexcept;

}  // namespace gainstage::dsp
