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

/// Sums to which columns are added by fours. Few sums alone would wait for each other (a multiply-add takes 4
/// cycles, and two begin in each), so every second or fourth column then adds up apart.
template <std::size_t kSums, class D, class V = hn::Vec<D>>
class Chains {
 public:
  HWY_INLINE Chains(D d, const V (&sums)[kSums]) {
#pragma GCC unroll 20
    for (std::size_t s = 0; s < kSums; ++s) chains_[0][s] = sums[s];
#pragma GCC unroll 20
    for (std::size_t c = 1; c < kChains; ++c)
#pragma GCC unroll 20
      for (std::size_t s = 0; s < kSums; ++s) chains_[c][s] = hn::Zero(d);
  }

  HWY_INLINE void Add(D d, const float* HWY_RESTRICT& weights, const V (&factors)[4]) {
    constexpr std::size_t kLanes = hn::MaxLanes(D());
#pragma GCC unroll 4
    for (std::size_t column = 0; column < 4; ++column)
#pragma GCC unroll 20
      for (std::size_t s = 0; s < kSums; ++s) {
        V& sum = chains_[column % kChains][s];
        sum = hn::MulAdd(hn::Load(d, weights + (column * kSums + s) * kLanes), factors[column], sum);
      }
    weights += 4 * kSums * kLanes;
  }

  HWY_INLINE void Join(V (&sums)[kSums]) const {
#pragma GCC unroll 20
    for (std::size_t s = 0; s < kSums; ++s) {
      if constexpr (kChains == 4)
        sums[s] = hn::Add(hn::Add(chains_[0][s], chains_[1][s]), hn::Add(chains_[2][s], chains_[3][s]));
      else if constexpr (kChains == 2)
        sums[s] = hn::Add(chains_[0][s], chains_[1][s]);
      else
        sums[s] = chains_[0][s];
    }
  }

 private:
  static constexpr std::size_t kChains = kSums >= 8 ? 1 : kSums >= 5 ? 2 : 4;
  V chains_[kChains][kSums];
};

/// Adds the units before, `count` of them, a multiple of four. Where `kHeld` they are all in `held`: 6 cycles
/// sooner there than in the row that they have been written to, and every frame waits for them. Otherwise
/// `held` is not read.
template <bool kHeld, std::size_t kSums, std::size_t kGroups, class D, class V = hn::Vec<D>>
HWY_INLINE void AddUnits(D d, const float* HWY_RESTRICT& weights, [[maybe_unused]] const V (&held)[kGroups],
                         const float* row, int count, V (&sums)[kSums]) {
  Chains<kSums, D> chains(d, sums);
#if HWY_TARGET != HWY_SCALAR
  if constexpr (kHeld) {
    static_assert(hn::MaxLanes(D()) == 8);
#pragma GCC unroll 10
    for (std::size_t j = 0; j < kGroups * 8; j += 4) {
      if (static_cast<int>(j) >= count) break;
      const V unit = held[j / 8];
      const V half = j % 8 == 0 ? hn::ConcatLowerLower(d, unit, unit) : hn::ConcatUpperUpper(d, unit, unit);
      const V factors[4] = {hn::Broadcast<0>(half), hn::Broadcast<1>(half), hn::Broadcast<2>(half),
                            hn::Broadcast<3>(half)};
      chains.Add(d, weights, factors);
    }
    return chains.Join(sums);
  }
#endif
  for (int j = 0; j < count; j += 4) {
    const V factors[4] = {hn::Set(d, row[j]), hn::Set(d, row[j + 1]), hn::Set(d, row[j + 2]),
                          hn::Set(d, row[j + 3])};
    chains.Add(d, weights, factors);
  }
  chains.Join(sums);
}

}  // namespace columns
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_RECURRENT_COLUMNS_INL_H_
