#include "analog/amplifier/stage_bank.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "analog/amplifier/stage_step.cpp"
#include "hwy/foreach_target.h"
// Must follow foreach_target.h.
#include "analog/amplifier/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::analog::HWY_NAMESPACE {
namespace hn = vectors;

using Lanes = StageBank::Lanes;

/// A step of as many stages as half a vector of floats `D` has lanes: the lower half are their first curves,
/// the upper half their second ones. What stores (modes, inputs, what goes out) is in doubles.
template <class D>
struct Kernel {
  using V = hn::Vec<D>;
  using Half = hn::Half<D>;
  using Wide = hn::Rebind<double, Half>;
  using W = hn::Vec<Wide>;
  static constexpr std::size_t kStages = hn::MaxLanes(Half());

  static HWY_INLINE V Pair(const float* first, const float* second) {
    const Half half;
    return hn::Combine(D(), hn::LoadU(half, second), hn::LoadU(half, first));
  }
  static HWY_INLINE V Pair(const Lanes::Narrow* rows, std::size_t at) {
    return Pair(rows[0] + at, rows[1] + at);
  }
  static HWY_INLINE void Part(V both, Lanes::Narrow* rows, std::size_t at) {
    const Half half;
    hn::StoreU(hn::LowerHalf(half, both), half, rows[0] + at);
    hn::StoreU(hn::UpperHalf(half, both), half, rows[1] + at);
  }
  static HWY_INLINE V Swapped(V both) { return hn::ConcatLowerUpper(D(), both, both); }
  static HWY_INLINE W Get(const double* row, std::size_t at) { return hn::LoadU(Wide(), row + at); }

  /// A row of four for each lane: of the first of every four lanes, of the second...
  template <class DN>
  static HWY_INLINE hn::Vec<DN> Rows(DN d, const float* rows, const std::int32_t* row) {
    if constexpr (hn::MaxLanes(DN()) == 4) {
      return hn::LoadU(d, rows + *row);
    } else {
      const hn::Half<DN> half;
      return hn::Combine(d, Rows(half, rows, row + hn::MaxLanes(half)), Rows(half, rows, row));
    }
  }

  /// Both curves of each stage. Its current less the one at rest; its second derivative's half.
  struct CurveAt {
    V integral, value, slope, bend;
  };

  static HWY_INLINE CurveAt Look(const Lanes& lanes, std::size_t at, V volts) {
    const D d;
    const hn::RebindToSigned<D> di;
    const hn::RebindToSigned<Half> dih;
    const V perVolt = Pair(lanes.curvePerVolt, at);
    const V part = Pair(lanes.curvePart, at);
    const V position = hn::MulAdd(volts, perVolt, part);
    const V interval =
        hn::Min(hn::Max(hn::Floor(position), Pair(lanes.curveFirst, at)), Pair(lanes.curveLast, at));
    const V t = hn::Sub(position, interval);
    const auto rest =
        hn::Combine(di, hn::LoadU(dih, lanes.curveRow[1] + at), hn::LoadU(dih, lanes.curveRow[0] + at));
    HWY_ALIGN std::int32_t row[2 * StageBank::kMostStages];
    hn::StoreU(hn::ShiftLeft<2>(hn::Add(hn::ConvertTo(di, interval), rest)), di, row);
    // Rows of four become columns. Gathering them takes longer on Zen 4.
    const hn::RepartitionToWide<D> dw;
    const V r0 = Rows(d, lanes.rows, row), r1 = Rows(d, lanes.rows, row + 1),
            r2 = Rows(d, lanes.rows, row + 2), r3 = Rows(d, lanes.rows, row + 3);
    const auto low01 = hn::BitCast(dw, hn::InterleaveLower(d, r0, r1)),
               low23 = hn::BitCast(dw, hn::InterleaveLower(d, r2, r3)),
               up01 = hn::BitCast(dw, hn::InterleaveUpper(d, r0, r1)),
               up23 = hn::BitCast(dw, hn::InterleaveUpper(d, r2, r3));
    const V integral = hn::BitCast(d, hn::InterleaveLower(dw, low01, low23)),
            c0 = hn::BitCast(d, hn::InterleaveUpper(dw, low01, low23)),
            c1 = hn::BitCast(d, hn::InterleaveLower(dw, up01, up23)),
            c2 = hn::BitCast(d, hn::InterleaveUpper(dw, up01, up23));
    const V byT = hn::MulAdd(t, c2, c1);
    const V area =
        hn::MulAdd(t, hn::MulAdd(t, hn::Mul(c2, hn::Set(d, 1.0f / 3.0f)), hn::Mul(c1, hn::Set(d, 0.5f))), c0);
    // In the interval of rest, from there: exact however little it is.
    const V little = hn::Mul(volts, perVolt);
    const V near = hn::Mul(little, hn::MulAdd(c2, hn::Add(little, hn::Add(part, part)), c1));
    const V far = hn::MulAdd(t, byT, hn::Sub(c0, Pair(lanes.resting, at)));
    return {hn::MulAdd(area, hn::Mul(t, Pair(lanes.curveStep, at)), integral),
            hn::IfThenElse(hn::Eq(interval, hn::Zero(d)), near, far),
            hn::Mul(hn::MulAdd(t, c2, byT), perVolt), hn::Mul(c2, hn::Mul(perVolt, perVolt))};
  }

  /// The mean of a curve's current between where a step began and where it may end, and its slope.
  struct Mean {
    V value, slope;
  };
  struct Begin {
    V integral, value, slope, resting;
  };

  static HWY_INLINE Mean MeanOf(const CurveAt& end, V way, const Begin& begin) {
    const D d;
    // What is short is not divided by: the trapezoidal rule with the ends' slopes is off by f'''' way^4 /
    // 720.
    const auto isLong = hn::Gt(hn::Abs(way), hn::Set(d, 0.03f));
    const V one = hn::Div(hn::Set(d, 1.0f), hn::IfThenElse(isLong, way, hn::Set(d, 1.0f)));
    const V longMean = hn::MulSub(hn::Sub(end.integral, begin.integral), one, begin.resting);
    const V longSlope = hn::Mul(hn::Sub(end.value, longMean), one);
    const V turn = hn::Mul(hn::Sub(end.slope, begin.slope), way);
    const V shortMean = hn::NegMulAdd(turn, hn::Set(d, 1.0f / 12.0f),
                                      hn::Mul(hn::Set(d, 0.5f), hn::Add(end.value, begin.value)));
    const V shortSlope =
        hn::MulAdd(end.slope, hn::Set(d, 1.0f / 3.0f), hn::Mul(begin.slope, hn::Set(d, 1.0f / 6.0f)));
    return {hn::IfThenElse(isLong, longMean, shortMean), hn::IfThenElse(isLong, longSlope, shortSlope)};
  }

  /// Of the stages' first curves (inputs, outputs), and of their second ones.
  struct Both {
    W first, second;
  };
  static HWY_INLINE Both Widened(V both) {
    const Half half;
    return {hn::PromoteTo(Wide(), hn::LowerHalf(half, both)),
            hn::PromoteTo(Wide(), hn::UpperHalf(half, both))};
  }
  /// `to` and what a 2 x 2 matrix, in four rows, makes of two numbers.
  static HWY_INLINE Both Add(const Lanes::Row* matrix, std::size_t at, const Both& of, const Both& to) {
    return {hn::MulAdd(Get(matrix[0], at), of.first, hn::MulAdd(Get(matrix[1], at), of.second, to.first)),
            hn::MulAdd(Get(matrix[2], at), of.first, hn::MulAdd(Get(matrix[3], at), of.second, to.second))};
  }

  /// Mean currents over a step, and how much they rise within it.
  struct Solution {
    V current, rise;
  };

  /// Newton, from where the last steps would lead, for how far the voltages go in this one. `open`: where
  /// they would be if the currents at rest flowed.
  static HWY_INLINE Solution Solve(Lanes& lanes, std::size_t at, const Both& open) {
    const D d;
    const Half half;
    const V start = Pair(lanes.volts, at);
    const Both from = Widened(start);
    const V target = hn::Combine(d, hn::DemoteTo(half, hn::Sub(open.second, from.second)),
                                 hn::DemoteTo(half, hn::Sub(open.first, from.first)));
    const V k = Pair(lanes.mi[0] + at, lanes.mi[3] + at), kCross = Pair(lanes.mi[1] + at, lanes.mi[2] + at);
    const V q = Pair(lanes.miRise[0] + at, lanes.miRise[3] + at),
            qCross = Pair(lanes.miRise[1] + at, lanes.miRise[2] + at);
    const Begin begin{Pair(lanes.integral, at), Pair(lanes.value, at), Pair(lanes.slope, at),
                      Pair(lanes.resting, at)};
    V way = Pair(lanes.drift, at);
    constexpr int kMostSteps = 12;
    // Volts. The step that follows would be as the square of this one, over some 0.3 V; currents and curves
    // count as where it ends.
    const V enough = hn::Set(d, 0.02f);
    for (int n = 0;; ++n) {
      const CurveAt end = Look(lanes, at, hn::Add(start, way));
      const Mean mean = MeanOf(end, way, begin);
      const V rise = hn::Sub(end.value, begin.value);
      V r = hn::NegMulAdd(q, rise, hn::NegMulAdd(k, mean.value, hn::Sub(way, target)));
      r = hn::NegMulAdd(kCross, Swapped(mean.value), hn::NegMulAdd(qCross, Swapped(rise), r));
      const V j = hn::NegMulAdd(k, mean.slope, hn::NegMulAdd(q, end.slope, hn::Set(d, 1.0f)));
      const V minusCross = hn::MulAdd(kCross, Swapped(mean.slope), hn::Mul(qCross, Swapped(end.slope)));
      const V jOther = Swapped(j);
      const V determinant = hn::NegMulAdd(minusCross, Swapped(minusCross), hn::Mul(j, jOther));
      const V step = hn::Div(hn::MulAdd(r, jOther, hn::Mul(minusCross, Swapped(r))), determinant);
      way = hn::Sub(way, step);
      if (n + 1 < kMostSteps && !hn::AllTrue(d, hn::Lt(hn::Abs(step), enough))) continue;
      // The curves where it ends, by their Taylor series.
      const V back = hn::Neg(step);
      const V bend = hn::Mul(end.bend, back);
      const V value = hn::MulAdd(back, hn::Add(end.slope, bend), end.value);
      const V area =
          hn::MulAdd(back, hn::MulAdd(bend, hn::Set(d, 1.0f / 3.0f), hn::Mul(hn::Set(d, 0.5f), end.slope)),
                     hn::Add(end.value, begin.resting));
      Part(hn::MulAdd(back, area, end.integral), lanes.integral, at);
      Part(value, lanes.value, at);
      Part(hn::Add(end.slope, hn::Add(bend, bend)), lanes.slope, at);
      Part(hn::Add(start, way), lanes.volts, at);
      // The next step's way will be as this one's and the one's before.
      Part(hn::MulSub(hn::Set(d, 2.0f), way, Pair(lanes.lastDrift, at)), lanes.drift, at);
      Part(way, lanes.lastDrift, at);
      return {hn::MulAdd(mean.slope, back, mean.value), hn::Sub(value, begin.value)};
    }
  }

  /// What a group hears from beside it: what came out of the stage before its first one, and what the grid
  /// after its last one took.
  struct Beside {
    double first, second, taken;
  };

  // Shifted in registers: a vector that is read one lane beside where it was written waits for the cache.
  static HWY_INLINE W OneOn(W v, double first) {
    const Wide w;
    HWY_ALIGN static constexpr std::int64_t kFrom[8] = {0, 0, 1, 2, 3, 4, 5, 6};
    const W on = hn::TableLookupLanes(v, hn::SetTableIndices(w, kFrom));
    return hn::IfThenElse(hn::FirstN(w, 1), hn::Set(w, first), on);
  }
  static HWY_INLINE W OneBack(W v, double last) {
    const Wide w;
    constexpr auto kTop = static_cast<std::int64_t>(kStages - 1);
    HWY_ALIGN static constexpr std::int64_t kFrom[8] = {
        1,   HWY_MIN(2, kTop), HWY_MIN(3, kTop), HWY_MIN(4, kTop), HWY_MIN(5, kTop), HWY_MIN(6, kTop), kTop,
        kTop};
    const W back = hn::TableLookupLanes(v, hn::SetTableIndices(w, kFrom));
    return hn::IfThenElse(hn::FirstN(w, kStages - 1), back, hn::Set(w, last));
  }

  static HWY_INLINE void Step(Lanes& lanes, std::size_t at, const Beside& beside, double feedback) {
    const Wide w;
    const W zero = hn::Zero(w);
    // What the next stage's grid takes is known of two steps ago: what it does meanwhile, by what it did.
    const W heard = OneBack(Get(lanes.current[1], at), beside.taken);
    const W ahead = hn::MulAdd(Get(lanes.foresight, at), hn::Sub(heard, Get(lanes.heard, at)), heard);
    hn::StoreU(heard, w, lanes.heard + at);
    const W other = hn::IfThenElse(hn::Gt(Get(lanes.isFed, at), zero), hn::Set(w, feedback),
                                   OneOn(Get(lanes.out[1], at), beside.second));
    const Both u{OneOn(Get(lanes.out[0], at), beside.first),
                 hn::IfThenElse(hn::Gt(Get(lanes.hearsNext, at), zero), ahead, other)};
    // An input is known by its means: how it rises, by what it did since the step before.
    const Both rising{hn::Sub(u.first, Get(lanes.input[0], at)), hn::Sub(u.second, Get(lanes.input[1], at))};
    hn::StoreU(u.first, w, lanes.input[0] + at);
    hn::StoreU(u.second, w, lanes.input[1] + at);

    // The curves' voltages and what goes out, by the currents at rest; modes in two halves, as sums wait for
    // themselves.
    Both p{Get(lanes.mc[0], at), Get(lanes.mc[1], at)}, y{Get(lanes.pc[0], at), Get(lanes.pc[1], at)};
    Both pOdd{zero, zero}, yOdd{zero, zero};
    const int modes = lanes.slowModes + lanes.fastModes;  // even
    for (int j = 0; j < modes; j += 2) {
      const W even = Get(lanes.x[j], at), odd = Get(lanes.x[j + 1], at);
      p.first = hn::MulAdd(Get(lanes.m0[j], at), even, p.first);
      p.second = hn::MulAdd(Get(lanes.m1[j], at), even, p.second);
      pOdd.first = hn::MulAdd(Get(lanes.m0[j + 1], at), odd, pOdd.first);
      pOdd.second = hn::MulAdd(Get(lanes.m1[j + 1], at), odd, pOdd.second);
      y.first = hn::MulAdd(Get(lanes.p0[j], at), even, y.first);
      y.second = hn::MulAdd(Get(lanes.p1[j], at), even, y.second);
      yOdd.first = hn::MulAdd(Get(lanes.p0[j + 1], at), odd, yOdd.first);
      yOdd.second = hn::MulAdd(Get(lanes.p1[j + 1], at), odd, yOdd.second);
    }
    pOdd = Add(lanes.mu, at, u, Add(lanes.muRise, at, rising, pOdd));
    yOdd = Add(lanes.pu, at, u, Add(lanes.puRise, at, rising, yOdd));

    const Solution found = Solve(lanes, at, {hn::Add(p.first, pOdd.first), hn::Add(p.second, pOdd.second)});
    const Both moved = Widened(found.current), rise = Widened(found.rise);
    const Both i{hn::Add(moved.first, Get(lanes.restCurrent[0], at)),
                 hn::Add(moved.second, Get(lanes.restCurrent[1], at))};
    hn::StoreU(i.first, w, lanes.current[0] + at);
    hn::StoreU(i.second, w, lanes.current[1] + at);
    const Both out =
        Add(lanes.pi, at, i,
            Add(lanes.piRise, at, rise, {hn::Add(y.first, yOdd.first), hn::Add(y.second, yOdd.second)}));
    // As a mean over two steps: an edge within one is then not taken to be at its middle.
    const W former = Get(lanes.formerShare, at);
    hn::StoreU(hn::MulAdd(former, hn::Sub(Get(lanes.lastOut[0], at), out.first), out.first), w,
               lanes.out[0] + at);
    hn::StoreU(hn::MulAdd(former, hn::Sub(Get(lanes.lastOut[1], at), out.second), out.second), w,
               lanes.out[1] + at);
    hn::StoreU(out.first, w, lanes.lastOut[0] + at);
    hn::StoreU(out.second, w, lanes.lastOut[1] + at);

    for (int j = 0; j < modes; ++j) {
      const W stays = hn::MulAdd(Get(lanes.a[j], at), Get(lanes.x[j], at), Get(lanes.c[j], at));
      W driven = hn::MulAdd(Get(lanes.b0[j], at), u.first, hn::Mul(Get(lanes.b1[j], at), u.second));
      W flowing =
          hn::MulAdd(Get(lanes.d0[j], at), i.first, hn::MulAdd(Get(lanes.d1[j], at), i.second, stays));
      if (j >= lanes.slowModes) {
        driven = hn::MulAdd(Get(lanes.b0Rise[j], at), rising.first,
                            hn::MulAdd(Get(lanes.b1Rise[j], at), rising.second, driven));
        flowing = hn::MulAdd(Get(lanes.d0Rise[j], at), rise.first,
                             hn::MulAdd(Get(lanes.d1Rise[j], at), rise.second, flowing));
      }
      hn::StoreU(hn::Add(driven, flowing), w, lanes.x[j] + at);
    }
  }

  static HWY_INLINE void StepAll(Lanes& lanes, double input, double feedback) {
    const auto stages = static_cast<std::size_t>(lanes.stages);
    Beside beside[StageBank::kMostStages / kStages];
    for (std::size_t at = 0, g = 0; at < stages; at += kStages, ++g)
      beside[g] = {at > 0 ? lanes.out[0][at - 1] : input, at > 0 ? lanes.out[1][at - 1] : 0.0,
                   lanes.current[1][at + kStages]};
    for (std::size_t at = 0, g = 0; at < stages; at += kStages, ++g) Step(lanes, at, beside[g], feedback);
  }

  static HWY_INLINE void StandAll(Lanes& lanes) {
    for (std::size_t at = 0; at < StageBank::kMostStages; at += kStages) {
      const CurveAt here = Look(lanes, at, Pair(lanes.volts, at));
      Part(here.integral, lanes.integral, at);
      Part(here.value, lanes.value, at);
      Part(here.slope, lanes.slope, at);
    }
  }
};

using Four = Kernel<hn::CappedTag<float, 8>>;
using Eight = Kernel<hn::CappedTag<float, 16>>;

void StepLanes(Lanes& lanes, double input, double feedback) {
  if (lanes.stages > 4)
    Eight::StepAll(lanes, input, feedback);
  else
    Four::StepAll(lanes, input, feedback);
}

void StandLanes(Lanes& lanes) { Four::StandAll(lanes); }

}  // namespace gainstage::analog::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::analog {

HWY_EXPORT(StepLanes);
HWY_EXPORT(StandLanes);

void StageBank::Lanes::step(double first, double feedback) noexcept {
  HWY_DYNAMIC_DISPATCH(StepLanes)(*this, first, feedback);
}

void StageBank::Lanes::stand() noexcept { HWY_DYNAMIC_DISPATCH(StandLanes)(*this); }

}  // namespace gainstage::analog
#endif  // HWY_ONCE
