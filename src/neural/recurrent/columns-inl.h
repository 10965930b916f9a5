// Matrix times vector, a column at a time. Included once for each instruction set.
#if defined(GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_
#undef GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_
#else
#define GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
/// A column is kSums vectors, one behind the other; each function moves `weights` on past what it read.
namespace columns {
namespace hn = hwy::HWY_NAMESPACE;

template <std::size_t kSums, class D, class V = hn::Vec<D>>
HWY_INLINE void Begin(D d, const float* HWY_RESTRICT& weights, V (&sums)[kSums]) {
  constexpr std::size_t kLanes = hn::MaxLanes(D());
#pragma GCC unroll 20
  for (std::size_t s = 0; s < kSums; ++s) sums[s] = hn::Load(d, weights + s * kLanes);
  weights += kSums * kLanes;
}

/// Adds x[j] times column j to the sums, for j = 0 .. count - 1.
template <std::size_t kSums, class D, class V = hn::Vec<D>>
HWY_INLINE void Add(D d, const float* HWY_RESTRICT& weights, const float* x, int count, V (&sums)[kSums]) {
  constexpr std::size_t kLanes = hn::MaxLanes(D());
  for (int j = 0; j < count; ++j) {
    const V factor = hn::Set(d, x[j]);
#pragma GCC unroll 20
    for (std::size_t s = 0; s < kSums; ++s)
      sums[s] = hn::MulAdd(hn::Load(d, weights + s * kLanes), factor, sums[s]);
    weights += kSums * kLanes;
  }
}

/// The same for a multiple of four columns. Few sums alone would wait for each other (a multiply-add takes 4
/// cycles, and two begin in each), so every second or fourth column then adds up apart.
template <std::size_t kSums, class D, class V = hn::Vec<D>>
HWY_INLINE void AddMany(D d, const float* HWY_RESTRICT& weights, const float* x, int count,
                        V (&sums)[kSums]) {
  constexpr std::size_t kLanes = hn::MaxLanes(D());
  constexpr std::size_t kChains = kSums >= 8 ? 1 : kSums >= 5 ? 2 : 4;
  V chains[kChains][kSums];
#pragma GCC unroll 20
  for (std::size_t s = 0; s < kSums; ++s) chains[0][s] = sums[s];
#pragma GCC unroll 20
  for (std::size_t c = 1; c < kChains; ++c)
#pragma GCC unroll 20
    for (std::size_t s = 0; s < kSums; ++s) chains[c][s] = hn::Zero(d);
  for (int j = 0; j < count; j += 4) {
#pragma GCC unroll 4
    for (std::size_t column = 0; column < 4; ++column) {
      const V factor = hn::Set(d, x[static_cast<std::size_t>(j) + column]);
#pragma GCC unroll 20
      for (std::size_t s = 0; s < kSums; ++s) {
        V& sum = chains[column % kChains][s];
        sum = hn::MulAdd(hn::Load(d, weights + (column * kSums + s) * kLanes), factor, sum);
      }
    }
    weights += 4 * kSums * kLanes;
  }
#pragma GCC unroll 20
  for (std::size_t s = 0; s < kSums; ++s) {
    if constexpr (kChains == 4)
      sums[s] = hn::Add(hn::Add(chains[0][s], chains[1][s]), hn::Add(chains[2][s], chains[3][s]));
    else if constexpr (kChains == 2)
      sums[s] = hn::Add(chains[0][s], chains[1][s]);
    else
      sums[s] = chains[0][s];
  }
}

}  // namespace columns
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_
