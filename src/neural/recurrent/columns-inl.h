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

/// The same for an even count. Few sums alone would wait for each other (a multiply-add takes 4 cycles, and
/// two begin in each: 8 chains are needed), so even and odd columns then add up apart.
template <std::size_t kSums, class D, class V = hn::Vec<D>>
HWY_INLINE void AddEven(D d, const float* HWY_RESTRICT& weights, const float* x, int count,
                        V (&sums)[kSums]) {
  constexpr std::size_t kLanes = hn::MaxLanes(D());
  if constexpr (kSums >= 6) return Add<kSums>(d, weights, x, count, sums);
  V others[kSums];
#pragma GCC unroll 20
  for (V& other : others) other = hn::Zero(d);
#pragma GCC unroll 4
  for (int j = 0; j < count; j += 2) {
    const V even = hn::Set(d, x[j]);
    const V odd = hn::Set(d, x[j + 1]);
#pragma GCC unroll 20
    for (std::size_t s = 0; s < kSums; ++s) {
      sums[s] = hn::MulAdd(hn::Load(d, weights + s * kLanes), even, sums[s]);
      others[s] = hn::MulAdd(hn::Load(d, weights + (kSums + s) * kLanes), odd, others[s]);
    }
    weights += 2 * kSums * kLanes;
  }
#pragma GCC unroll 20
  for (std::size_t s = 0; s < kSums; ++s) sums[s] = hn::Add(sums[s], others[s]);
}

}  // namespace columns
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_
