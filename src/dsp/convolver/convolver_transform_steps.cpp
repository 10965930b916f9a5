#include <algorithm>

#include "dsp/convolver/convolver_tile_roots.h"
#include "dsp/convolver/convolver_transform.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/convolver/convolver_transform_steps.cpp"
#include <hwy/foreach_target.h>
// Behind foreach_target, which must come first.
#include "dsp/convolver/convolver_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp::HWY_NAMESPACE {
namespace {

using namespace lanes;

constexpr int kGroup = 16;
constexpr int kGroupFloats = 2 * kGroup;

HWY_INLINE Complex root(const float* pair) { return {broadcast(pair[0]), broadcast(pair[1])}; }

void forwardFirst(const float* earlier, const float* later, int points, const float* roots, int first,
                  int count, float* data) {
  const Complex r1 = root(roots), r2 = root(roots + 2), r3 = root(roots + 4);
  const int quarter = points / 4;
  for (int item = first; item < first + count; ++item) {
    for (int lane = 0; lane < kGroup; lane += kLanes) {
      const float* re = earlier + item * kGroup + lane;
      const float* im = later + item * kGroup + lane;
      Complex x[4] = {load(re, im), times(load(re + quarter, im + quarter), r1),
                      times(load(re + 2 * quarter, im + 2 * quarter), r2),
                      times(load(re + 3 * quarter, im + 3 * quarter), r3)};
      butterfly<false>(x);
      float* to = data + item * kGroupFloats + lane;
      for (int q = 0; q < 4; ++q) store(x[q], to + 2 * q * quarter, to + 2 * q * quarter + kGroup);
    }
  }
}

template <bool inverse>
HWY_INLINE void pass(float* data, int span, const float* roots, int first, int count) {
  const int quarter = span / 4;
  const int itemsOfBlock = quarter / kGroup;
  for (int item = first; item < first + count;) {
    const int block = item / itemsOfBlock;
    const int end = std::min(first + count, (block + 1) * itemsOfBlock);
    const Complex r1 = root(roots + 6 * block), r2 = root(roots + 6 * block + 2),
                  r3 = root(roots + 6 * block + 4);
    float* at = data + 2 * block * span + (item - block * itemsOfBlock) * kGroupFloats;
    for (; item < end; ++item, at += kGroupFloats) {
      for (int lane = 0; lane < kGroup; lane += kLanes) {
        float* re = at + lane;
        float* im = re + kGroup;
        Complex x[4];
        for (int v = 0; v < 4; ++v) x[v] = load(re + 2 * v * quarter, im + 2 * v * quarter);
        if constexpr (inverse) {
          butterfly<true>(x);
          x[1] = timesConjugate(x[1], r1);
          x[2] = timesConjugate(x[2], r2);
          x[3] = timesConjugate(x[3], r3);
        } else {
          x[1] = times(x[1], r1);
          x[2] = times(x[2], r2);
          x[3] = times(x[3], r3);
          butterfly<false>(x);
        }
        for (int v = 0; v < 4; ++v) store(x[v], re + 2 * v * quarter, im + 2 * v * quarter);
      }
    }
  }
}
void forward(float* data, int span, const float* roots, int first, int count) {
  pass<false>(data, span, roots, first, count);
}
void inverse(float* data, int span, const float* roots, int first, int count) {
  pass<true>(data, span, roots, first, count);
}

void inverseLast(const float* data, int points, const float* roots, int first, int count, float* later) {
  const Complex r1 = root(roots), r2 = root(roots + 2), r3 = root(roots + 4);
  const int quarter = points / 4;
  for (int item = first; item < first + count; ++item) {
    for (int lane = 0; lane < kGroup; lane += kLanes) {
      const float* re = data + item * kGroupFloats + lane;
      const float* im = re + kGroup;
      Complex x[4];
      for (int v = 0; v < 4; ++v) x[v] = load(re + 2 * v * quarter, im + 2 * v * quarter);
      butterfly<true>(x);
      float* to = later + item * kGroup + lane;
      store(x[0].im, to);
      store(imaginaryOfTimesConjugate(x[1], r1), to + quarter);
      store(imaginaryOfTimesConjugate(x[2], r2), to + 2 * quarter);
      store(imaginaryOfTimesConjugate(x[3], r3), to + 3 * quarter);
    }
  }
}

// A tile is 64 = 4 x 4 x 4 points, n = 16 v + 4 b + l: v counts groups, b blocks of four lanes, l lanes. The
// first butterfly runs over v; blocks of several groups are then gathered into one vector for that over b,
// and lanes transposed for that over l. Bins stay where that leaves them.

void forwardTile(const float* re, const float* im, int stride, const float* twist, float* tile) {
  alignas(64) float scratch[kTileFloats];
  for (int lane = 0; lane < kGroup; lane += kLanes) {
    Complex x[4];
    for (int v = 0; v < 4; ++v) {
      const float* w = twist + v * kGroupFloats + lane;
      x[v] = times(load(re + v * stride + lane, im + v * stride + lane), load(w, w + kGroup));
    }
    butterfly<false>(x);
    for (int q = 0; q < 4; ++q) {
      float* to = scratch + q * kGroupFloats + lane;
      const float* w = kTileRoots.outer[q] + lane;
      store(q == 0 ? x[q] : times(x[q], load(w, w + kGroup)), to, to + kGroup);
    }
  }
  for (int group = 0; group < 4; group += kLanes / 4) {
    const float* from = scratch + group * kGroupFloats;
    Complex x[4];
    for (int b = 0; b < 4; ++b)
      x[b] = {loadBlocks(from + 4 * b, kGroupFloats), loadBlocks(from + 4 * b + kGroup, kGroupFloats)};
    butterfly<false>(x);
    for (int q = 1; q < 4; ++q) x[q] = times(x[q], load(kTileRoots.inner[q], kTileRoots.inner[q] + kGroup));
    transpose(x);
    butterfly<false>(x);
    float* to = tile + 4 * group;
    for (int q = 0; q < 4; ++q) store(x[q], to + q * kGroupFloats, to + q * kGroupFloats + kGroup);
  }
}

void inverseTile(const float* tile, const float* twist, float* re, float* im, int stride) {
  alignas(64) float scratch[kTileFloats];
  for (int group = 0; group < 4; group += kLanes / 4) {
    const float* from = tile + 4 * group;
    Complex x[4];
    for (int q = 0; q < 4; ++q) x[q] = load(from + q * kGroupFloats, from + q * kGroupFloats + kGroup);
    butterfly<true>(x);
    transpose(x);
    for (int q = 1; q < 4; ++q)
      x[q] = timesConjugate(x[q], load(kTileRoots.inner[q], kTileRoots.inner[q] + kGroup));
    butterfly<true>(x);
    float* to = scratch + group * kGroupFloats;
    for (int b = 0; b < 4; ++b) {
      storeBlocks(x[b].re, to + 4 * b, kGroupFloats);
      storeBlocks(x[b].im, to + 4 * b + kGroup, kGroupFloats);
    }
  }
  for (int lane = 0; lane < kGroup; lane += kLanes) {
    Complex x[4];
    for (int q = 0; q < 4; ++q) {
      const float* from = scratch + q * kGroupFloats + lane;
      const float* w = kTileRoots.outer[q] + lane;
      x[q] = load(from, from + kGroup);
      if (q > 0) x[q] = timesConjugate(x[q], load(w, w + kGroup));
    }
    butterfly<true>(x);
    for (int v = 0; v < 4; ++v) {
      const float* w = twist + v * kGroupFloats + lane;
      store(timesConjugate(x[v], load(w, w + kGroup)), re + v * stride + lane, im + v * stride + lane);
    }
  }
}

}  // namespace

const TransformSteps* steps() {
  static constexpr TransformSteps table{forwardFirst, forward,     inverse,
                                        inverseLast,  forwardTile, inverseTile};
  return &table;
}

}  // namespace gainstage::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {
namespace {
HWY_EXPORT(steps);
}
const TransformSteps& transformSteps() noexcept { return *HWY_DYNAMIC_DISPATCH(steps)(); }
}  // namespace gainstage::dsp
#endif
