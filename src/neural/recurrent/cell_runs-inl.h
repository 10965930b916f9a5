// A cell's step, frame after frame; and the choice of a layout. Included once for each instruction set.
#if defined(GAINSTAGE_NEURAL_RECURRENT_CELL_RUNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_RECURRENT_CELL_RUNS_INL_H_
#undef GAINSTAGE_NEURAL_RECURRENT_CELL_RUNS_INL_H_
#else
#define GAINSTAGE_NEURAL_RECURRENT_CELL_RUNS_INL_H_
#endif

#include <algorithm>
#include <cstddef>

#include "hwy/highway.h"
#include "neural/recurrent/cell.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace runs {
namespace hn = hwy::HWY_NAMESPACE;

/// A run over frames. The row of the frame before is where the units are read from: nothing is copied. Where
/// all units fit into one tile they also stay in registers.
template <typename Step, bool kHeld, typename D>
class Track {
 public:
  HWY_INLINE Track(const Cell& cell, float* state, Rows out)
      : cell_(cell), weights_(cell.weights()), previous_(state), state_(state), out_(out) {
    for (std::size_t g = 0; g < Step::groups; ++g) held_[g] = hn::Load(D(), state + g * hn::MaxLanes(D()));
  }

  HWY_INLINE void Advance(const float* in) {
    Step::template step<kHeld, D>(cell_, weights_, in, previous_, state_ + cell_.paddedUnits, out_.data,
                                  held_);
    previous_ = out_.data;
    out_.data += out_.stride;
  }
  const float* units() const { return previous_; }
  void Finish() { std::copy_n(previous_, cell_.paddedUnits, state_); }

 private:
  const Cell& cell_;
  const float* weights_;
  const float* previous_;
  float* state_;
  Rows out_;
  hn::Vec<D> held_[Step::groups];
};

template <typename Step, bool kHeld, int kLanes>
void Run(const Cell& cell, ConstRows in, float* state, Rows out, int frames) {
  Track<Step, kHeld, hn::CappedTag<float, kLanes>> track(cell, state, out);
  for (int n = 0; n < frames; ++n, in.data += in.stride) track.Advance(in.data);
  track.Finish();
}

template <typename Step, int kLanes>
void RunPair(const Cell& first, const Cell& second, ConstRows in, float* firstState, float* secondState,
             Rows between, Rows out, int frames) {
  Track<Step, false, hn::CappedTag<float, kLanes>> a(first, firstState, between);
  Track<Step, false, hn::CappedTag<float, kLanes>> b(second, secondState, out);
  for (int n = 0; n < frames; ++n, in.data += in.stride) {
    a.Advance(in.data);
    b.Advance(a.units());
  }
  a.Finish();
  b.Finish();
}

/// What registers hold beside the sums: 32 two groups, 16 one. Of two cells each waits less than the other
/// computes, so they gain nothing.
template <template <int> class Step, int kLanes, int kGroups>
CellCode CodeOf(int units) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  constexpr bool kFits = kLanes == 8 && kGroups <= 2;
#else
  constexpr bool kFits = kLanes == 8 && kGroups == 1;
#endif
  CellCode code{kLanes, kGroups, Run<Step<kGroups>, false, kLanes>, RunPair<Step<kGroups>, kLanes>};
  if constexpr (kFits)
    if (units <= kLanes * kGroups) code.run = Run<Step<kGroups>, true, kLanes>;
  return code;
}

/// Of the layouts with so many lanes and up to kGroups groups, that with the least padding; of equals that
/// with the most groups.
template <template <int> class Step, int kLanes, int kGroups>
CellCode BestCode(int units) {
  const auto padded = [units](int groups) {
    const int tile = kLanes * groups;
    return (units + tile - 1) / tile * tile;
  };
  int best = kGroups;
  for (int groups = kGroups - 1; groups >= 1; --groups)
    if (padded(groups) < padded(best)) best = groups;
  if constexpr (kGroups > 1)
    if (best < kGroups) return BestCode<Step, kLanes, kGroups - 1>(units);
  return CodeOf<Step, kLanes, kGroups>(units);
}

/// Vectors of 16 would halve the instructions, but not the time: these loops wait for loads and
/// multiply-adds, of which a core begins two of 8 lanes in a cycle, or one of 16.
template <template <int> class Step>
CellCode CodeFor(int units) {
#if HWY_TARGET == HWY_SCALAR
  return BestCode<Step, 1, 1>(units);
#elif HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return units <= 4 ? BestCode<Step, 4, 1>(units) : BestCode<Step, 8, 5>(units);
#elif HWY_TARGET == HWY_AVX2
  return units <= 4 ? BestCode<Step, 4, 1>(units) : BestCode<Step, 8, 2>(units);
#else
  return BestCode<Step, 4, 2>(units);
#endif
}

}  // namespace runs
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_RECURRENT_CELL_RUNS_INL_H_
