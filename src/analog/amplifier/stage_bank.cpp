#include "analog/amplifier/stage_bank.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "analog/amplifier/stage_bank.cpp"
#include "hwy/foreach_target.h"
// Must follow foreach_target.h.
#include <cstdlib>

#include "hwy/highway.h"
HWY_BEFORE_NAMESPACE();
namespace gainstage::analog {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = StageBank::Lanes;

/// Where the row begins whose number stands in a rounded number's lowest bits.
HWY_INLINE std::size_t RowOf(int64_t rounded) {
  return static_cast<std::size_t>(rounded & 0xFFFF) * Curves::kRow;
}

// Rows are read pair by pair and turned into lanes: gathering them takes four times as long on Zen 4.
template <class DN>
struct Five {
  hn::Vec<DN> c[5];
};

template <class DN>
HWY_INLINE Five<DN> RowsOf(DN d, const double* const* rows, const int64_t* index) {
  if constexpr (hn::MaxLanes(DN()) == 1) {
    const double* row = rows[0] + RowOf(index[0]);
    return {
        {hn::Set(d, row[0]), hn::Set(d, row[1]), hn::Set(d, row[2]), hn::Set(d, row[3]), hn::Set(d, row[4])}};
#if HWY_TARGET != HWY_SCALAR
  } else if constexpr (hn::MaxLanes(DN()) == 2) {
    const double* a = rows[0] + RowOf(index[0]);
    const double* b = rows[1] + RowOf(index[1]);
    const auto a0 = hn::LoadU(d, a), a1 = hn::LoadU(d, a + 2), a2 = hn::LoadU(d, a + 4);
    const auto b0 = hn::LoadU(d, b), b1 = hn::LoadU(d, b + 2), b2 = hn::LoadU(d, b + 4);
    return {{hn::InterleaveLower(d, a0, b0), hn::InterleaveUpper(d, a0, b0), hn::InterleaveLower(d, a1, b1),
             hn::InterleaveUpper(d, a1, b1), hn::InterleaveLower(d, a2, b2)}};
  } else {
    const hn::Half<DN> half;
    const auto low = RowsOf(half, rows, index),
               high = RowsOf(half, rows + hn::MaxLanes(half), index + hn::MaxLanes(half));
    Five<DN> all;
    for (int k = 0; k < 5; ++k) all.c[k] = hn::Combine(d, high.c[k], low.c[k]);
    return all;
#endif
  }
}

/// A step of as many stages as a vector of `D` has lanes.
template <class D>
struct Kernel {
  using V = hn::Vec<D>;

  /// A curve at a lane's voltage.
  struct CurveAt {
    V integral, value, slope;
  };

  static HWY_INLINE CurveAt Look(const Lanes& lanes, int port, std::size_t at, V volts) {
    const D d;
    const hn::RebindToSigned<D> di;
    const V perVolt = hn::Load(d, lanes.curvePerVolt[port] + at);
    const V position = hn::MulAdd(volts, perVolt, hn::Load(d, lanes.curveOffset[port] + at));
    // Added to 1.5 * 2^52 a number is rounded to a whole one, which stands in the lowest bits; that of half
    // less is the interval, or its neighbour where they meet.
    const V magic = hn::Set(d, 6755399441055744.0);
    const V inside = hn::Min(hn::Max(hn::Sub(position, hn::Set(d, 0.5)), hn::Zero(d)),
                             hn::Load(d, lanes.curveLast[port] + at));
    const V rounded = hn::Add(inside, magic);
    const V t = hn::Sub(position, hn::Sub(rounded, magic));
    HWY_ALIGN int64_t index[StageBank::kMostStages];
    hn::Store(hn::BitCast(di, rounded), di, index);
    const auto row = RowsOf(d, lanes.rows[port] + at, index);
    const V c0 = row.c[1], c1 = row.c[2], c2 = row.c[3], c3 = row.c[4];
    const V square = hn::Mul(t, t);
    const V value = hn::MulAdd(square, hn::MulAdd(t, c3, c2), hn::MulAdd(t, c1, c0));
    const V byT = hn::MulAdd(square, hn::Mul(hn::Set(d, 3.0), c3), hn::MulAdd(t, hn::Add(c2, c2), c1));
    const V upper = hn::MulAdd(t, hn::Mul(c3, hn::Set(d, 0.25)), hn::Mul(c2, hn::Set(d, 1.0 / 3.0)));
    const V lower = hn::MulAdd(t, hn::Mul(c1, hn::Set(d, 0.5)), c0);
    const V area = hn::MulAdd(square, upper, lower);
    return {hn::MulAdd(area, hn::Mul(t, hn::Load(d, lanes.curveStep[port] + at)), row.c[0]), value,
            hn::Mul(byT, perVolt)};
  }

  /// The mean of a curve's current between where a step began and where it may end, and its slope.
  struct Mean {
    V value, slope;
  };

  static HWY_INLINE Mean MeanOf(const CurveAt& end, V volts, V beginVolts, V beginIntegral, V beginValue) {
    const D d;
    // Where the way is too short to divide by, the two ends' mean is as good: its error is below f'' way^2
    // / 12.
    const V kShort = hn::Set(d, 1e-4);
    const V way = hn::Sub(volts, beginVolts);
    const auto isShort = hn::Lt(hn::Abs(way), kShort);
    const V one = hn::Div(hn::Set(d, 1.0), hn::IfThenElse(isShort, kShort, way));
    const V half = hn::Set(d, 0.5);
    const V mean = hn::IfThenElse(isShort, hn::Mul(half, hn::Add(end.value, beginValue)),
                                  hn::Mul(hn::Sub(end.integral, beginIntegral), one));
    const V slope = hn::IfThenElse(isShort, hn::Mul(half, end.slope), hn::Mul(hn::Sub(end.value, mean), one));
    return {mean, slope};
  }

  static HWY_INLINE V Get(const double* row, std::size_t at) { return hn::Load(D(), row + at); }

  /// Two numbers that two others make: a 2 x 2 matrix in four rows.
  struct Both {
    V first, second;
  };
  static HWY_INLINE Both Add(const StageBank::Lanes::Row* matrix, std::size_t at, V x, V y, Both to) {
    return {hn::MulAdd(Get(matrix[0], at), x, hn::MulAdd(Get(matrix[1], at), y, to.first)),
            hn::MulAdd(Get(matrix[2], at), x, hn::MulAdd(Get(matrix[3], at), y, to.second))};
  }

  static HWY_INLINE void Group(Lanes& lanes, std::size_t at) {
    const D d;
    const V u0 = hn::LoadU(d, lanes.out[0] + at);
    // What the next stage's grid takes is known of two steps ago: what it does meanwhile, by what it did.
    const V heard = hn::LoadU(d, lanes.current[1] + at + 1);
    const V ahead = hn::MulAdd(Get(lanes.foresight, at), hn::Sub(heard, Get(lanes.heard, at)), heard);
    hn::Store(heard, d, lanes.heard + at);
    const V u1 =
        hn::IfThenElse(hn::Gt(Get(lanes.hearsNext, at), hn::Zero(d)), ahead, hn::LoadU(d, lanes.out[1] + at));
    // An input is known by its means: how it rises, by what it did since the step before.
    const V rising0 = hn::Sub(u0, Get(lanes.input[0], at)), rising1 = hn::Sub(u1, Get(lanes.input[1], at));
    hn::Store(u0, d, lanes.input[0] + at);
    hn::Store(u1, d, lanes.input[1] + at);

    // The curves' voltages and what goes out, as if no current flowed; modes in two halves, as sums wait for
    // themselves.
    Both p{Get(lanes.mc[0], at), Get(lanes.mc[1], at)}, y{Get(lanes.pc[0], at), Get(lanes.pc[1], at)};
    Both pOdd{hn::Zero(d), hn::Zero(d)}, yOdd = pOdd;
    const int modes = lanes.modes;  // even
    for (int j = 0; j < modes; j += 2) {
      const V even = Get(lanes.x[j], at), odd = Get(lanes.x[j + 1], at);
      p.first = hn::MulAdd(Get(lanes.m0[j], at), even, p.first);
      p.second = hn::MulAdd(Get(lanes.m1[j], at), even, p.second);
      pOdd.first = hn::MulAdd(Get(lanes.m0[j + 1], at), odd, pOdd.first);
      pOdd.second = hn::MulAdd(Get(lanes.m1[j + 1], at), odd, pOdd.second);
      y.first = hn::MulAdd(Get(lanes.p0[j], at), even, y.first);
      y.second = hn::MulAdd(Get(lanes.p1[j], at), even, y.second);
      yOdd.first = hn::MulAdd(Get(lanes.p0[j + 1], at), odd, yOdd.first);
      yOdd.second = hn::MulAdd(Get(lanes.p1[j + 1], at), odd, yOdd.second);
    }
    pOdd = Add(lanes.mu, at, u0, u1, Add(lanes.muRise, at, rising0, rising1, pOdd));
    yOdd = Add(lanes.pu, at, u0, u1, Add(lanes.puRise, at, rising0, rising1, yOdd));
    const V p0 = hn::Add(p.first, pOdd.first), p1 = hn::Add(p.second, pOdd.second);

    // Newton, from where the last steps would lead.
    const V k00 = Get(lanes.mi[0], at), k01 = Get(lanes.mi[1], at), k10 = Get(lanes.mi[2], at),
            k11 = Get(lanes.mi[3], at);
    const V q00 = Get(lanes.miRise[0], at), q01 = Get(lanes.miRise[1], at), q10 = Get(lanes.miRise[2], at),
            q11 = Get(lanes.miRise[3], at);
    const V begin0 = Get(lanes.volts[0], at), begin1 = Get(lanes.volts[1], at);
    const V integral0 = Get(lanes.integral[0], at), integral1 = Get(lanes.integral[1], at);
    const V value0 = Get(lanes.value[0], at), value1 = Get(lanes.value[1], at);
    V v0 = hn::Add(begin0, Get(lanes.drift[0], at)), v1 = hn::Add(begin1, Get(lanes.drift[1], at));
    V i0, i1, rise0, rise1;
    constexpr int kMostSteps = 12;
    // The step that follows would be as the square of this one: what is left of it is some microvolts.
    const V kEnough = hn::Set(d, 4e-3);
    for (int n = 0;; ++n) {
      const CurveAt at0 = Look(lanes, 0, at, v0), at1 = Look(lanes, 1, at, v1);
      const Mean mean0 = MeanOf(at0, v0, begin0, integral0, value0),
                 mean1 = MeanOf(at1, v1, begin1, integral1, value1);
      rise0 = hn::Sub(at0.value, value0);
      rise1 = hn::Sub(at1.value, value1);
      V r0 = hn::NegMulAdd(q00, rise0, hn::NegMulAdd(q01, rise1, hn::Sub(v0, p0)));
      V r1 = hn::NegMulAdd(q10, rise0, hn::NegMulAdd(q11, rise1, hn::Sub(v1, p1)));
      r0 = hn::NegMulAdd(k00, mean0.value, hn::NegMulAdd(k01, mean1.value, r0));
      r1 = hn::NegMulAdd(k10, mean0.value, hn::NegMulAdd(k11, mean1.value, r1));
      const V one = hn::Set(d, 1.0);
      const V j00 = hn::NegMulAdd(k00, mean0.slope, hn::NegMulAdd(q00, at0.slope, one));
      const V j11 = hn::NegMulAdd(k11, mean1.slope, hn::NegMulAdd(q11, at1.slope, one));
      const V minus01 = hn::MulAdd(k01, mean1.slope, hn::Mul(q01, at1.slope));
      const V minus10 = hn::MulAdd(k10, mean0.slope, hn::Mul(q10, at0.slope));
      const V share = hn::Div(one, hn::NegMulAdd(minus01, minus10, hn::Mul(j00, j11)));
      const V step0 = hn::Mul(share, hn::MulAdd(r0, j11, hn::Mul(minus01, r1)));
      const V step1 = hn::Mul(share, hn::MulAdd(r1, j00, hn::Mul(minus10, r0)));
      v0 = hn::Sub(v0, step0);
      v1 = hn::Sub(v1, step1);
      if (n + 1 < kMostSteps && !hn::AllTrue(d, hn::Lt(hn::Max(hn::Abs(step0), hn::Abs(step1)), kEnough)))
        continue;
      i0 = hn::NegMulAdd(mean0.slope, step0, mean0.value);
      i1 = hn::NegMulAdd(mean1.slope, step1, mean1.value);
      const V half = hn::Set(d, 0.5);
      const V back0 = hn::Mul(half, hn::Mul(at0.slope, step0)),
              back1 = hn::Mul(half, hn::Mul(at1.slope, step1));
      hn::Store(hn::MulAdd(step0, hn::Sub(back0, at0.value), at0.integral), d, lanes.integral[0] + at);
      hn::Store(hn::MulAdd(step1, hn::Sub(back1, at1.value), at1.integral), d, lanes.integral[1] + at);
      hn::Store(hn::NegMulAdd(at0.slope, step0, at0.value), d, lanes.value[0] + at);
      hn::Store(hn::NegMulAdd(at1.slope, step1, at1.value), d, lanes.value[1] + at);
      rise0 = hn::NegMulAdd(at0.slope, step0, rise0);
      rise1 = hn::NegMulAdd(at1.slope, step1, rise1);
      break;
    }
    hn::Store(v0, d, lanes.volts[0] + at);
    hn::Store(v1, d, lanes.volts[1] + at);
    // What the next step's drift will be, from this one's and the one's before.
    const V drift0 = hn::Sub(v0, begin0), drift1 = hn::Sub(v1, begin1);
    const V two = hn::Set(d, 2.0);
    hn::Store(hn::MulSub(two, drift0, Get(lanes.lastDrift[0], at)), d, lanes.drift[0] + at);
    hn::Store(hn::MulSub(two, drift1, Get(lanes.lastDrift[1], at)), d, lanes.drift[1] + at);
    hn::Store(drift0, d, lanes.lastDrift[0] + at);
    hn::Store(drift1, d, lanes.lastDrift[1] + at);
    hn::Store(i0, d, lanes.current[0] + at);
    hn::Store(i1, d, lanes.current[1] + at);

    const Both out = Add(
        lanes.pi, at, i0, i1,
        Add(lanes.piRise, at, rise0, rise1, {hn::Add(y.first, yOdd.first), hn::Add(y.second, yOdd.second)}));
    hn::Store(out.first, d, lanes.nextOut[0] + at);
    hn::Store(out.second, d, lanes.nextOut[1] + at);
    for (int j = 0; j < modes; ++j) {
      V x = hn::MulAdd(Get(lanes.a[j], at), Get(lanes.x[j], at), Get(lanes.c[j], at));
      x = hn::MulAdd(Get(lanes.b0[j], at), u0, hn::MulAdd(Get(lanes.b1[j], at), u1, x));
      x = hn::MulAdd(Get(lanes.b0Rise[j], at), rising0, hn::MulAdd(Get(lanes.b1Rise[j], at), rising1, x));
      x = hn::MulAdd(Get(lanes.d0[j], at), i0, hn::MulAdd(Get(lanes.d1[j], at), i1, x));
      x = hn::MulAdd(Get(lanes.d0Rise[j], at), rise0, hn::MulAdd(Get(lanes.d1Rise[j], at), rise1, x));
      hn::Store(x, d, lanes.x[j] + at);
    }
  }
};

// Groups of four, also where vectors are longer: most amplifiers have four stages or five, and two groups at
// once hide each other's latencies.
void Step(Lanes& lanes) {
  using Four = hn::CappedTag<double, 4>;
  using Two = hn::CappedTag<double, 2>;
  const auto stages = static_cast<std::size_t>(lanes.stages);
  std::size_t at = 0;
  for (; at + hn::Lanes(Four()) / 2 < stages; at += hn::Lanes(Four())) Kernel<Four>::Group(lanes, at);
  for (; at < stages; at += hn::Lanes(Two())) Kernel<Two>::Group(lanes, at);
  // One lane on.
  for (std::size_t k = 0; k < stages; ++k)
    for (int out = 0; out < 2; ++out) lanes.out[out][k + 1] = lanes.nextOut[out][k];
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::analog
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::analog {

HWY_EXPORT(Step);

StageBank::StageBank(const Curves& curves, int stages) : curves_(&curves) {
  lanes_.stages = stages;
  for (int k = 0; k < kMostStages; ++k) setCurves(k, {0, 0});
}

void StageBank::setCurves(int stage, const std::array<int, 2>& curves) noexcept {
  const auto k = static_cast<std::size_t>(stage);
  curveOf_[k] = curves;
  for (std::size_t port = 0; port < 2; ++port) {
    const Curves::Place& place = curves_->place(curves[port]);
    lanes_.curvePerVolt[port][k] = place.perVolt;
    lanes_.curveOffset[port][k] = -place.first * place.perVolt;
    lanes_.curveStep[port][k] = 1.0 / place.perVolt;
    lanes_.curveLast[port][k] = place.lastInterval;
    lanes_.rows[port][k] = curves_->rows() + static_cast<std::size_t>(place.firstRow) * Curves::kRow;
  }
}

/// How many steps on the next grid's current is thought to go on as it does. Two are missing; where it turns
/// sharply, so many overshoot. Chosen by the harmonics of six preamplifiers (docs/amplifiers.md).
constexpr double kForesight = 1.5;

void StageBank::setStep(int stage, const StageCircuit& circuit) noexcept {
  const StageCircuit::Step& step = circuit.step();
  lanes_.modes = std::max(lanes_.modes, step.modes + step.modes % 2);
  const auto k = static_cast<std::size_t>(stage);
  setCurves(stage, circuit.curves());
  lanes_.hearsNext[k] = circuit.hearsNext() ? 1.0 : 0.0;
  lanes_.foresight[k] = circuit.isNextQuick() ? 0.0 : kForesight;
  const auto modes = static_cast<std::size_t>(step.modes);
  for (std::size_t j = 0; j < modes; ++j) {
    lanes_.a[j][k] = step.a[j];
    lanes_.c[j][k] = step.c[j];
    lanes_.b0[j][k] = step.b[0][j];
    lanes_.b1[j][k] = step.b[1][j];
    lanes_.b0Rise[j][k] = step.bRise[0][j];
    lanes_.b1Rise[j][k] = step.bRise[1][j];
    lanes_.d0[j][k] = step.d[0][j];
    lanes_.d1[j][k] = step.d[1][j];
    lanes_.d0Rise[j][k] = step.dRise[0][j];
    lanes_.d1Rise[j][k] = step.dRise[1][j];
    // From a step's beginning straight to what is seen at its end.
    lanes_.m0[j][k] = step.m[0][j] * step.a[j];
    lanes_.m1[j][k] = step.m[1][j] * step.a[j];
    lanes_.p0[j][k] = step.pBegin[0][j] + step.pEnd[0][j] * step.a[j];
    lanes_.p1[j][k] = step.pBegin[1][j] + step.pEnd[1][j] * step.a[j];
  }
  const auto through = [&](const auto& rows, const auto& columns, std::size_t r, std::size_t c,
                           double direct) {
    for (std::size_t j = 0; j < modes; ++j) direct += rows[r][j] * columns[c][j];
    return direct;
  };
  for (std::size_t r = 0; r < 2; ++r) {
    for (std::size_t c = 0; c < 2; ++c) {
      lanes_.mu[2 * r + c][k] = through(step.m, step.b, r, c, step.mu[r][c]);
      lanes_.muRise[2 * r + c][k] = through(step.m, step.bRise, r, c, step.muRise[r][c]);
      lanes_.mi[2 * r + c][k] = through(step.m, step.d, r, c, step.mi[r][c]);
      lanes_.miRise[2 * r + c][k] = through(step.m, step.dRise, r, c, step.miRise[r][c]);
      lanes_.pu[2 * r + c][k] = through(step.pEnd, step.b, r, c, step.pu[r][c]);
      lanes_.puRise[2 * r + c][k] = through(step.pEnd, step.bRise, r, c, 0.0);
      lanes_.pi[2 * r + c][k] = through(step.pEnd, step.d, r, c, step.pi[r][c]);
      lanes_.piRise[2 * r + c][k] = through(step.pEnd, step.dRise, r, c, 0.0);
    }
    double mc = step.mc[r], pc = step.pc[r];
    for (std::size_t j = 0; j < modes; ++j) {
      mc += step.m[r][j] * step.c[j];
      pc += step.pEnd[r][j] * step.c[j];
    }
    lanes_.mc[r][k] = mc;
    lanes_.pc[r][k] = pc;
  }
}

void StageBank::clear() noexcept {
  // Lanes without a stage, too: what is not a number in one of them would keep the others iterating.
  const auto clearRows = [](auto& rows) {
    for (auto& row : rows) std::ranges::fill(row, 0.0);
  };
  clearRows(lanes_.x);
  for (auto* rows : {&lanes_.volts, &lanes_.drift, &lanes_.lastDrift, &lanes_.integral, &lanes_.value,
                     &lanes_.input, &lanes_.nextOut})
    clearRows(*rows);
  clearRows(lanes_.current);
  std::ranges::fill(lanes_.heard, 0.0);
  clearRows(lanes_.out);
}

void StageBank::setRest(int stage, const StageCircuit::Rest& rest) noexcept {
  const auto k = static_cast<std::size_t>(stage);
  for (std::size_t j = 0; j < kMostModes; ++j) lanes_.x[j][k] = rest.modes[j];
  for (std::size_t r = 0; r < 2; ++r) {
    const Curves::At at = curves_->at(curveOf_[k][r], rest.volts[r]);
    lanes_.volts[r][k] = rest.volts[r];
    lanes_.drift[r][k] = lanes_.lastDrift[r][k] = 0.0;
    lanes_.integral[r][k] = at.integral;
    lanes_.value[r][k] = at.value;
    lanes_.current[r][k] = at.value;
    lanes_.out[r][k + 1] = rest.outputs[r];
    lanes_.input[r][k] = rest.inputs[r];
    if (r == 1 && k > 0) lanes_.heard[k - 1] = at.value;
  }
}

void StageBank::change(int stage, const StageCircuit& circuit) noexcept {
  const auto k = static_cast<std::size_t>(stage);
  std::array<double, kMostModes> modes{};
  for (std::size_t j = 0; j < modes.size(); ++j) modes[j] = lanes_.x[j][k];
  circuit.carryOver(modes, {lanes_.input[0][k], lanes_.input[1][k]},
                    {lanes_.current[0][k], lanes_.current[1][k]});
  for (std::size_t j = 0; j < modes.size(); ++j) lanes_.x[j][k] = modes[j];
  setStep(stage, circuit);
}

StageBank::Outputs StageBank::step(double input, double feedback) noexcept {
  lanes_.out[0][0] = input;
  if (lanes_.feedbackStage >= 0) lanes_.out[1][lanes_.feedbackStage] = feedback;
  HWY_DYNAMIC_DISPATCH(Step)(lanes_);
  const auto last = static_cast<std::size_t>(lanes_.stages);
  return {lanes_.out[0][last], lanes_.out[1][last]};
}

}  // namespace gainstage::analog
#endif  // HWY_ONCE
