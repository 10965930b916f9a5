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

/// A run over frames. The row of the frame before is where the units are read from: nothing is copied.
template <typename D>
struct Track {
  const Cell& cell;
  const float* weights;
  const float* previous;
  float* state;
  Rows out;

  Track(const Cell& of, float* itsState, Rows rows)
      : cell(of), weights(of.weights()), previous(itsState), state(itsState), out(rows) {}

  template <typename Step>
  HWY_INLINE void advance(const float* in) {
    Step::template step<D>(cell, weights, in, previous, state + cell.paddedUnits, out.data);
    previous = out.data;
    out.data += out.stride;
  }
  void finish() { std::copy_n(previous, cell.paddedUnits, state); }
};

template <typename Step, int kLanes>
void Run(const Cell& cell, ConstRows in, float* state, Rows out, int frames) {
  Track<hn::CappedTag<float, kLanes>> track(cell, state, out);
  for (int n = 0; n < frames; ++n, in.data += in.stride) track.template advance<Step>(in.data);
  track.finish();
}

template <typename Step, int kLanes>
void RunPair(const Cell& first, const Cell& second, ConstRows in, float* firstState, float* secondState,
             Rows between, Rows out, int frames) {
  Track<hn::CappedTag<float, kLanes>> a(first, firstState, between);
  Track<hn::CappedTag<float, kLanes>> b(second, secondState, out);
  for (int n = 0; n < frames; ++n, in.data += in.stride) {
    a.template advance<Step>(in.data);
    b.template advance<Step>(a.previous);
  }
  a.finish();
  b.finish();
}

template <template <int> class Step, int kLanes, int kGroups>
CellCode CodeOf() {
  return {kLanes, kGroups, Run<Step<kGroups>, kLanes>, RunPair<Step<kGroups>, kLanes>};
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
  return CodeOf<Step, kLanes, kGroups>();
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
