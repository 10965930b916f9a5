#include "dsp/convolver/convolver_sums.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "dsp/convolver/convolver_transform.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/convolver/convolver_sums.cpp"
#include <hwy/foreach_target.h>
// Behind foreach_target, which must come first.
#include "dsp/convolver/convolver_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp::HWY_NAMESPACE {
namespace {

using namespace lanes;

/// Sums that run side by side, so that one vector of outputs alone does not wait for each multiply-add.
constexpr int kChains = kLanes == 16 ? 4 : 2;

/// `vectors` vectors of outputs. With m = k - lane every product is a broadcast input times a shifted vector
/// of taps: one load of taps serves all vectors, and no input is loaded across a cache line.
template <int vectors>
HWY_INLINE void directVectors(const float* now, const float* taps, std::span<const float* const> added,
                              int at, float* out) {
  V sum[vectors][kChains];
  for (int v = 0; v < vectors; ++v)
    for (int chain = 0; chain < kChains; ++chain) sum[v][chain] = broadcast(0.0f);
  now += at;
  for (int m = -kLanes; m < kDirectTaps; m += kChains) {
    for (int chain = 0; chain < kChains; ++chain) {
      const V shifted = loadUnaligned(taps + m + chain);
      for (int v = 0; v < vectors; ++v)
        sum[v][chain] = multiplyAdd(broadcast(now[v * kLanes - m - chain]), shifted, sum[v][chain]);
    }
  }
  for (int v = 0; v < vectors; ++v) {
    // Which chain holds the taps k = 0, 2, ... (0, 4, ... of four) depends on the lane, but in a sum of these
    // pairs the chains may change places in turn: the same bits in every lane.
    V whole = kChains == 4 ? add(add(sum[v][0], sum[v][2]), add(sum[v][1], sum[v][kChains - 1]))
                           : add(sum[v][0], sum[v][1]);
    for (const float* part : added) whole = add(whole, loadUnaligned(part + at + v * kLanes));
    storeUnaligned(whole, out + v * kLanes);
  }
}

void direct(const float* now, const float* taps, std::span<const float* const> added, int count, float* out) {
  constexpr int most = 4;  // with kChains each, what the registers hold
  float whole[most * kLanes];
  for (int at = 0; at < count;) {
    const int left = (count - at + kLanes - 1) / kLanes;
    const int vectors = left == 1 ? 1 : left == 2 ? 2 : most;
    const bool fits = at + vectors * kLanes <= count;
    float* to = fits ? out + at : whole;
    if (vectors == 1) {
      directVectors<1>(now, taps, added, at, to);
    } else if (vectors == 2) {
      directVectors<2>(now, taps, added, at, to);
    } else {
      directVectors<most>(now, taps, added, at, to);
    }
    if (!fits) std::copy_n(whole, count - at, out + at);
    at += vectors * kLanes;
  }
}

constexpr int kGroup = 16;

HWY_INLINE void addProduct(const float* x, const float* h, Complex& sum) {
  const Complex a = load(x, x + kGroup), b = load(h, h + kGroup);
  // Without it the compiler loads b anew as an operand of each multiply-add: 24 loads a tile in place of 16,
  // and loads are what this sum waits for.
  std::atomic_signal_fence(std::memory_order_acq_rel);
  sum.re = multiplySubtract(a.im, b.im, multiplyAdd(a.re, b.re, sum.re));
  sum.im = multiplyAdd(a.im, b.re, multiplyAdd(a.re, b.im, sum.im));
}

HWY_INLINE Complex firstSum(const float* tile, bool add) {
  return add ? load(tile, tile + kGroup) : Complex{broadcast(0.0f), broadcast(0.0f)};
}

/// One complex sum for each v; spelt out so that they stay in registers.
template <int... v>
HWY_INLINE void multiplyAddVectors(const float* x, const float* h, int count, bool add, float* tile,
                                   std::integer_sequence<int, v...>) {
  // A whole group is followed by its imaginary parts, half a group by its other half.
  constexpr int step = kLanes == kGroup ? 2 * kGroup : kLanes;
  Complex sum[] = {firstSum(tile + v * step, add)...};
  for (int j = 0; j < count; ++j, x += kTileFloats, h += kTileFloats)
    (addProduct(x + v * step, h + v * step, sum[v]), ...);
  (store(sum[v], tile + v * step, tile + v * step + kGroup), ...);
}

void multiplyAddTiles(const float* x, const float* h, int count, bool add, float* tile) {
  constexpr int vectors = kLanes == kGroup ? 4 : 2;  // complex sums held in registers at once
  for (int bin = 0; bin < kTileBins; bin += vectors * kLanes) {
    const int at = bin / kGroup * 2 * kGroup + bin % kGroup;
    multiplyAddVectors(x + at, h + at, count, add, tile + at, std::make_integer_sequence<int, vectors>());
  }
}

}  // namespace

const SumSteps* sums() {
  static constexpr SumSteps table{direct, multiplyAddTiles};
  return &table;
}

}  // namespace gainstage::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {
namespace {
HWY_EXPORT(sums);
}
const SumSteps& sumSteps() noexcept { return *HWY_DYNAMIC_DISPATCH(sums)(); }
}  // namespace gainstage::dsp
#endif
