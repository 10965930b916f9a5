#include "analog/amplifier/power_stage.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "analog/amplifier/power_step.cpp"
#include "hwy/foreach_target.h"
// Must follow foreach_target.h.
#include "analog/amplifier/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::analog::HWY_NAMESPACE {
namespace hn = vectors;

using Sides = PowerStage::Sides;
using State = PowerStage::State;
/// Both sides of the push-pull.
using D = hn::CappedTag<double, 2>;
using V = hn::Vec<D>;

struct CurveAt {
  V integral, value, slope;
};

HWY_INLINE CurveAt Look(const Sides& curve, V at) {
  const D d;
  const hn::RebindToSigned<D> di;
  const V perVolt = hn::Set(d, curve.perVolt);
  const V position = hn::MulAdd(at, perVolt, hn::Set(d, curve.offset));
  const V interval = hn::Floor(hn::Min(hn::Max(position, hn::Zero(d)), hn::Set(d, curve.last)));
  const V t = hn::Sub(position, interval);
  HWY_ALIGN std::int64_t row[2];
  hn::Store(hn::ShiftLeft<3>(hn::ConvertTo(di, interval)), di, row);
  static_assert(Curves::kRow == 1 << 3);
  const double *a = curve.rows + row[0], *b = curve.rows + row[1];
  const V a0 = hn::LoadU(d, a), a1 = hn::LoadU(d, a + 2), a2 = hn::LoadU(d, a + 4);
  const V b0 = hn::LoadU(d, b), b1 = hn::LoadU(d, b + 2), b2 = hn::LoadU(d, b + 4);
  const V integral = hn::InterleaveLower(d, a0, b0), c0 = hn::InterleaveUpper(d, a0, b0),
          c1 = hn::InterleaveLower(d, a1, b1), c2 = hn::InterleaveUpper(d, a1, b1),
          c3 = hn::InterleaveLower(d, a2, b2);
  const V square = hn::Mul(t, t);
  const V upper = hn::MulAdd(t, hn::Mul(c3, hn::Set(d, 0.25)), hn::Mul(c2, hn::Set(d, 1.0 / 3.0)));
  const V lower = hn::MulAdd(t, hn::Mul(c1, hn::Set(d, 0.5)), c0);
  const V byT = hn::MulAdd(square, hn::Mul(hn::Set(d, 3.0), c3), hn::MulAdd(t, hn::Add(c2, c2), c1));
  return {hn::MulAdd(hn::MulAdd(square, upper, lower), hn::Mul(t, hn::Set(d, curve.step)), integral),
          hn::MulAdd(square, hn::MulAdd(t, c3, c2), hn::MulAdd(t, c1, c0)), hn::Mul(byT, perVolt)};
}

/// The mean of a curve between where it was left and where it is now, and its slope.
struct Mean {
  V value, slope;
};

HWY_INLINE Mean MeanOf(const Sides& curve, const CurveAt& end, V at) {
  const D d;
  const V way = hn::Sub(at, hn::Load(d, curve.at));
  const V half = hn::Set(d, 0.5);
  // The curve is straight over so little.
  const auto isShort = hn::Lt(hn::Abs(way), hn::Set(d, curve.shortest));
  const V one = hn::Div(hn::Set(d, 1.0), hn::IfThenElse(isShort, hn::Set(d, 1.0), way));
  const V ends = hn::Mul(half, hn::Add(end.value, hn::Load(d, curve.value)));
  const V mean =
      hn::IfThenElse(isShort, ends, hn::Mul(hn::Sub(end.integral, hn::Load(d, curve.integral)), one));
  return {mean, hn::IfThenElse(isShort, hn::Mul(half, end.slope), hn::Mul(hn::Sub(end.value, mean), one))};
}

HWY_INLINE void Leave(Sides& curve, const CurveAt& end, V at) {
  const D d;
  hn::Store(at, d, curve.at);
  hn::Store(end.integral, d, curve.integral);
  hn::Store(end.value, d, curve.value);
}

/// Through the two halves of the primary, as the secondary sees it: their difference, and their sum.
struct Currents {
  double driving, drawn;
};

/// The plates' volts follow from the current and the current from the plates': Newton. Half the turns carry
/// each side's current, and its knee counts by its mean over the way that its plate goes.
HWY_INLINE Currents Solve(State& s, V amperes) {
  const D d;
  HWY_ALIGN const double signs[2] = {s.halfTurns, -s.halfTurns};
  const V turns = hn::Load(d, signs);
  const V supply = hn::Set(d, s.plate - s.cathode);
  const V perAmpere = hn::Set(d, s.g[0]), open = hn::Set(d, s.open[0]), begin = hn::Set(d, s.x[0]);
  V volts = hn::Add(begin, hn::Set(d, s.drift));
  constexpr int kMostSteps = 6;
  // On the secondary. What is left is as its square, over the knee's own volts.
  constexpr double kEnough = 1e-2;
  for (int n = 0;; ++n) {
    const V plates = hn::NegMulAdd(turns, volts, supply);
    const CurveAt end = Look(s.knee, plates);
    const Mean knee = MeanOf(s.knee, end, plates);
    const V each = hn::Mul(amperes, knee.value);
    const V current = hn::SumOfLanes(d, hn::Mul(turns, each));
    const V slope = hn::SumOfLanes(d, hn::Mul(hn::Mul(turns, turns), hn::Mul(amperes, knee.slope)));
    const V step = hn::Div(hn::NegMulAdd(perAmpere, current, hn::Sub(volts, open)),
                           hn::MulAdd(perAmpere, slope, hn::Set(d, 1.0)));
    volts = hn::Sub(volts, step);
    if (n + 1 < kMostSteps && std::abs(hn::GetLane(step)) > kEnough) continue;
    const V back = hn::Mul(turns, step);
    const V value = hn::MulAdd(end.slope, back, end.value);
    const V mean = hn::Mul(hn::Set(d, 0.5), hn::Add(end.value, value));
    Leave(s.knee, {hn::MulAdd(mean, back, end.integral), value, end.slope}, hn::Add(plates, back));
    s.drift = hn::GetLane(hn::Sub(volts, begin));
    return {hn::GetLane(hn::MulAdd(slope, step, current)), hn::GetLane(hn::SumOfLanes(d, each))};
  }
}

double StepPower(State& s, double firstGrid, double secondGrid) {
  const D d;
  HWY_ALIGN const double grids[2] = {firstGrid, secondGrid};
  const V ratio = hn::Mul(hn::Sub(hn::Load(d, grids), hn::Set(d, s.cathode)), hn::Set(d, s.perScreen));
  const CurveAt driven = Look(s.drive, ratio);
  const V amperes = hn::Mul(hn::Set(d, s.scale), MeanOf(s.drive, driven, ratio).value);
  Leave(s.drive, driven, ratio);
  const Currents found = Solve(s, amperes);

  const hn::CappedTag<double, 4> w;
  auto ahead = hn::Zero(w), speaker = hn::Zero(w);
  for (std::size_t r = 0; r < State::kPadded; r += hn::Lanes(w)) {
    const auto x = hn::MulAdd(hn::Load(w, s.g + r), hn::Set(w, found.driving), hn::Load(w, s.open + r));
    hn::Store(x, w, s.x + r);
    ahead = hn::MulAdd(hn::Load(w, s.aheadRow + r), x, ahead);
    speaker = hn::MulAdd(hn::Load(w, s.speakerRow + r), x, speaker);
  }
  for (std::size_t r = 0; r < State::kPadded; r += hn::Lanes(w)) {
    auto even = hn::Zero(w), odd = hn::Zero(w);
    for (std::size_t c = 0; c < State::kStates; c += 2) {
      even = hn::MulAdd(hn::Load(w, s.e[c] + r), hn::Set(w, s.x[c]), even);
      odd = hn::MulAdd(hn::Load(w, s.e[c + 1] + r), hn::Set(w, s.x[c + 1]), odd);
    }
    hn::Store(hn::Add(even, odd), w, s.open + r);
  }

  // Supplies: slow, so that a step of theirs may be taken as it comes, and be heard in the next. Screens draw
  // in proportion; (screen / rest)^ex, near 1.
  const double sag = s.screen * s.perScreenVolt - 1.0;
  s.scale = s.fullScale * (1.0 + sag * (s.ex + sag * 0.5 * s.ex * (s.ex - 1.0)));
  s.perScreen = 1.0 / s.screen;
  s.plate += s.perFarad.plate * ((s.openVolts - s.plate) * s.perOhm.plate - found.drawn - s.otherAmperes);
  constexpr double kScreenShare = 0.08;  // of what the plates draw beyond rest
  s.screen += s.perFarad.screen * ((s.plate + s.openScreen - s.screen) * s.perOhm.screen -
                                   kScreenShare * (found.drawn - s.restAmperes));
  s.cathode += s.perFarad.cathode * (found.drawn - s.cathode * s.perOhm.cathode);

  s.ahead = -s.aheadGain * found.driving - hn::GetLane(hn::SumOfLanes(w, ahead));
  // The secondary is wired so that what is fed back to the inverter's other side is negative.
  return -hn::GetLane(hn::SumOfLanes(w, speaker));
}

}  // namespace gainstage::analog::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::analog {

HWY_EXPORT(StepPower);

double PowerStage::step(double firstGrid, double secondGrid) noexcept {
  return HWY_DYNAMIC_DISPATCH(StepPower)(state_, firstGrid, secondGrid);
}

}  // namespace gainstage::analog
#endif  // HWY_ONCE
