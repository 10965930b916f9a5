#include "neural/recurrent/cell_writer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "neural/recurrent/gru_steps.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// Must follow foreach_target.h.
#include "neural/recurrent/cell_runs-inl.h"
#include "neural/recurrent/columns-inl.h"
#include "neural/recurrent/gate_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// One frame of a GRU (Cho et al. 2014, in the variant that resets after the matrix): gates z, r; n = tanh(a
/// + r b) with a of the input and b of the units before; h' = (1 - z) n + z h. Where R is 1 / r, Z 1 / z and
/// N / G is n,
///     h' = ((Z - 1) N + h G) / (Z G).
template <int kGroups>
struct GruStep {
  static constexpr int groups = kGroups;

  template <bool kHeld, class D>
  static HWY_INLINE void step(const Cell& cell, const float* HWY_RESTRICT weights, const float* in,
                              const float* HWY_RESTRICT previous, float* /*memories*/,
                              float* HWY_RESTRICT row, hn::Vec<D> (&held)[kGroups]) {
    using V = hn::Vec<D>;
    const D d;
    constexpr std::size_t kLanes = hn::MaxLanes(D());
    constexpr std::size_t kSums = 3 * kGroups;
    const auto one = hn::Set(d, 1.0f);
    const float* unit = previous;
    for (int done = 0; done < cell.paddedUnits; done += kGroups * static_cast<int>(kLanes)) {
      V ofInput[kSums], ofUnits[kSums];  // z, r, n
      columns::Begin<kSums>(d, weights, ofInput);
#pragma GCC unroll 20
      for (std::size_t g = 0; g < 2 * kGroups; ++g) ofUnits[g] = hn::Zero(d);
#pragma GCC unroll 20
      for (std::size_t g = 0; g < kGroups; ++g) ofUnits[2 * kGroups + g] = hn::Load(d, weights + g * kLanes);
      weights += kGroups * kLanes;
      columns::Add<kSums>(d, weights, in, cell.inputs, ofInput);
      columns::AddUnits<kHeld>(d, weights, held, previous, cell.columns, ofUnits);
#pragma GCC unroll 5
      for (std::size_t g = 0; g < kGroups; ++g) {
        const gates::PowerOfTwo<D> r(d, hn::Add(ofInput[kGroups + g], ofUnits[kGroups + g]));
        const gates::PowerOfTwo<D> z(d, hn::Add(ofInput[g], ofUnits[g]));
        const gates::PowerOfTwo<D> n(
            d, hn::Add(ofInput[2 * kGroups + g], hn::Div(ofUnits[2 * kGroups + g], r.plus(one))));
        const auto bound = n.plus(one);
        const auto kept = hn::Mul(hn::Load(d, unit), bound);
        held[g] =
            hn::Div(hn::MulAdd(z.plus(hn::Zero(d)), n.plus(hn::Neg(one)), kept), hn::Mul(z.plus(one), bound));
        hn::Store(held[g], d, row);
        unit += kLanes;
        row += kLanes;
      }
    }
  }
};

}  // namespace

CellCode GruCodeFor(int units) { return runs::CodeFor<GruStep>(units); }

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::neural {

HWY_EXPORT(GruCodeFor);
CellCode gruCode(int units) { return HWY_DYNAMIC_DISPATCH(GruCodeFor)(units); }

}  // namespace gainstage::neural
#endif  // HWY_ONCE
