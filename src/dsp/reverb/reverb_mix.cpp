// Without this the machine-independent target has vectors of one only; this code needs four.
#define HWY_BROKEN_EMU128 0
#include "dsp/reverb/reverb_mix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/reverb/reverb_mix.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Sixteen lines are four vectors of four on every machine, so that bits agree. Products and sums are rounded
// one by one, never fused.
using Four = hn::FixedTag<float, 4>;
using Vector = hn::Vec<Four>;
constexpr int kVectors = kReverbLines / 4;

using Square = std::array<std::array<float, kReverbGrid>, kReverbLines>;

// Lagrange's cubic between the two middle ones of four points; see DelayLine::readInterpolated().
HWY_INLINE void Interpolate(const ReverbGrid::Tap& tap, int first, int count, float* HWY_RESTRICT out) {
  for (int k = first; k < first + count; ++k) {
    const float t = tap.fraction + tap.slope * static_cast<float>(k);
    const float a = t + 1.0f, c = t - 1.0f, e = t - 2.0f;
    const float ce = c * e, at = a * t;
    out[k] = at * c * (1.0f / 6.0f) * tap.points[k] - at * e * 0.5f * tap.points[k + 1] +
             a * ce * 0.5f * tap.points[k + 2] - t * ce * (1.0f / 6.0f) * tap.points[k + 3];
  }
}

HWY_INLINE void Read(const ReverbGrid& grid, int first, int count, Square& square) {
  for (std::size_t i = 0; i < kReverbLines; ++i) {
    const ReverbGrid::Tap& tap = grid.taps[i];
    float* HWY_RESTRICT row = square[i].data();
    if (tap.slope == 0.0f && tap.fraction == 0.0f)
      for (int k = first; k < first + count; ++k) row[k] = tap.points[k + 2];
    else
      Interpolate(tap, first, count, row);
  }
}

HWY_INLINE void Transpose(Square& square) {
  const Four d;
  const auto block = [&](int row, int column, Vector(&r)[4]) HWY_ATTR {
    const auto at = [&](int i) {
      return hn::Load(d, square[static_cast<std::size_t>(row + i)].data() + column);
    };
    const Vector even0 = hn::InterleaveLower(d, at(0), at(2)), odd0 = hn::InterleaveLower(d, at(1), at(3));
    const Vector even1 = hn::InterleaveUpper(d, at(0), at(2)), odd1 = hn::InterleaveUpper(d, at(1), at(3));
    r[0] = hn::InterleaveLower(d, even0, odd0);
    r[1] = hn::InterleaveUpper(d, even0, odd0);
    r[2] = hn::InterleaveLower(d, even1, odd1);
    r[3] = hn::InterleaveUpper(d, even1, odd1);
  };
  const auto store = [&](int row, int column, const Vector(&r)[4]) HWY_ATTR {
    for (int i = 0; i < 4; ++i) hn::Store(r[i], d, square[static_cast<std::size_t>(row + i)].data() + column);
  };
  for (int row = 0; row < kReverbLines; row += 4) {
    for (int column = row; column < kReverbGrid; column += 4) {
      Vector a[4], b[4];
      block(row, column, a);
      block(column, row, b);
      store(column, row, a);
      store(row, column, b);
    }
  }
}

// Which input goes into which line, with which sign: no pattern that the mixing could undo.
alignas(16) constexpr float kLeftInto[kReverbLines] = {1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 0, 0, -1, 0, 1, 0};
alignas(16) constexpr float kRightInto[kReverbLines] = {0, 1, 0, 1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1};
static_assert(kLeftInto[kLeftOutputLine] == 0 && kRightInto[kLeftOutputLine] == 0);
static_assert(kLeftInto[kRightOutputLine] == 0 && kRightInto[kRightOutputLine] == 0);

void Advance(ReverbGrid& grid) {
  const Four d;
  alignas(64) Square square;
  const int first = grid.first, count = grid.count;
  if (count == kReverbGrid) {
    Read(grid, 0, kReverbGrid, square);  // bounds known to the compiler
  } else {
    for (auto& row : square) row.fill(0.0f);
    Read(grid, first, count, square);
  }
  Transpose(square);

  Vector gain[kVectors], pole[kVectors], state[kVectors], leftInto[kVectors], rightInto[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    gain[v] = hn::LoadU(d, grid.gain + 4 * v);
    pole[v] = hn::LoadU(d, grid.pole + 4 * v);
    state[v] = hn::LoadU(d, grid.state + 4 * v);
    leftInto[v] = hn::Mul(hn::Load(d, kLeftInto + 4 * v), hn::Set(d, grid.input));
    rightInto[v] = hn::Mul(hn::Load(d, kRightInto + 4 * v), hn::Set(d, grid.input));
  }
  alignas(16) constexpr float kAlternate[4] = {1, -1, 1, -1}, kPairs[4] = {1, 1, -1, -1};
  const Vector alternate = hn::Load(d, kAlternate), pairs = hn::Load(d, kPairs);
  for (int t = 0; t < count; ++t) {
    float* const frame = square[static_cast<std::size_t>(first + t)].data();
    Vector x[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      state[v] = hn::Add(hn::Mul(pole[v], state[v]), hn::Mul(gain[v], hn::Load(d, frame + 4 * v)));
      // Hadamard within four lines ...
      x[v] = hn::Add(hn::Shuffle2301(state[v]), hn::Mul(state[v], alternate));
      x[v] = hn::Add(hn::Shuffle1032(x[v]), hn::Mul(x[v], pairs));
    }
    // ... and between the fours.
    const Vector a = hn::Add(x[0], x[1]), b = hn::Sub(x[0], x[1]);
    const Vector c = hn::Add(x[2], x[3]), e = hn::Sub(x[2], x[3]);
    const Vector mixed[kVectors] = {hn::Add(a, c), hn::Add(b, e), hn::Sub(a, c), hn::Sub(b, e)};
    const Vector left = hn::Set(d, grid.left[t]), right = hn::Set(d, grid.right[t]);
    for (int v = 0; v < kVectors; ++v) {
      const Vector injected = hn::Add(hn::Mul(leftInto[v], left), hn::Mul(rightInto[v], right));
      hn::Store(hn::Add(mixed[v], injected), d, frame + 4 * v);
    }
  }
  for (int v = 0; v < kVectors; ++v) hn::StoreU(state[v], d, grid.state + 4 * v);
  Transpose(square);
  grid.lines = square;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {

HWY_EXPORT(Advance);

void advanceReverb(ReverbGrid& grid) noexcept { HWY_DYNAMIC_DISPATCH(Advance)(grid); }

}  // namespace gainstage::dsp
#endif  // HWY_ONCE
