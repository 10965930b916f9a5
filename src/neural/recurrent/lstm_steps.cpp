#include "neural/recurrent/cell_writer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "neural/recurrent/lstm_steps.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// Must follow foreach_target.h.
#include "neural/activation_math-inl.h"
#include "neural/recurrent/cell_runs-inl.h"
#include "neural/recurrent/columns-inl.h"
#include "neural/recurrent/gate_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// One frame of an LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): gates
/// i, f, g, o of the input and the units before; c' = f c + i g, h = o tanh(c'). Where I is 1 / i, F 1 / f, O
/// 1 / o, N / G is g and C / D is tanh(c'),
///     c' = c / F + N / (I G),   h = C / (O D):
/// three divisions in place of five, of which a frame waits for two.
///
/// A frame waits for the one before; what counts is the longest chain of dependent operations, 150 cycles for
/// 16 units. The gate o is not needed before c' is known, so its columns come behind those of the others.
template <int kGroups>
struct LstmStep {
  static constexpr int groups = kGroups;

  template <bool kHeld, class D>
  static HWY_INLINE void step(const Cell& cell, const float* HWY_RESTRICT weights, const float* in,
                              const float* HWY_RESTRICT previous, float* HWY_RESTRICT memories,
                              float* HWY_RESTRICT row, hn::Vec<D> (&held)[kGroups]) {
    using V = hn::Vec<D>;
    const D d;
    constexpr std::size_t kLanes = hn::MaxLanes(D());
    constexpr std::size_t kSums = 4 * kGroups;
    const auto one = hn::Set(d, 1.0f);
    const auto minusOne = hn::Set(d, -1.0f);
    for (int done = 0; done < cell.paddedUnits; done += kGroups * static_cast<int>(kLanes)) {
      V sums[kSums];
      columns::Begin<kSums>(d, weights, sums);
      columns::Add<kSums>(d, weights, in, cell.inputs, sums);
      V first[3 * kGroups], last[kGroups];
#pragma GCC unroll 20
      for (std::size_t s = 0; s < 3 * kGroups; ++s) first[s] = sums[s];
#pragma GCC unroll 20
      for (std::size_t s = 0; s < kGroups; ++s) last[s] = sums[3 * kGroups + s];
      columns::AddUnits<kHeld>(d, weights, held, previous, cell.columns, first);
      columns::AddUnits<kHeld>(d, weights, held, previous, cell.columns, last);
      V next[kGroups];
#pragma GCC unroll 5
      for (std::size_t g = 0; g < kGroups; ++g) {
        const gates::PowerOfTwo<D> i(d, first[g]), f(d, first[kGroups + g]), c(d, first[2 * kGroups + g]);
        const auto kept = hn::Div(hn::Load(d, memories + g * kLanes), f.plus(one));
        next[g] = hn::Add(kept, hn::Div(c.plus(minusOne), hn::Mul(i.plus(one), c.plus(one))));
        hn::Store(next[g], d, memories + g * kLanes);
      }
#pragma GCC unroll 5
      for (std::size_t g = 0; g < kGroups; ++g) {
        const gates::PowerOfTwo<D> o(d, last[g]);
        const auto bent = activations::TanhRatio(d, next[g]);
        held[g] = hn::Div(bent.numerator, hn::Mul(bent.denominator, o.plus(one)));
        hn::Store(held[g], d, row);
        memories += kLanes;
        row += kLanes;
      }
    }
  }
};

}  // namespace

CellCode LstmCodeFor(int units) { return runs::CodeFor<LstmStep>(units); }

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::neural {

HWY_EXPORT(LstmCodeFor);
CellCode lstmCode(int units) { return HWY_DYNAMIC_DISPATCH(LstmCodeFor)(units); }

}  // namespace gainstage::neural
#endif  // HWY_ONCE
