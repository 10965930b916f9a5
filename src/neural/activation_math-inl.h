// Activations of vectors of float. Included once for each instruction set.
#if defined(GAINSTAGE_NEURAL_ACTIVATION_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_ACTIVATION_MATH_INL_H_
#undef GAINSTAGE_NEURAL_ACTIVATION_MATH_INL_H_
#else
#define GAINSTAGE_NEURAL_ACTIVATION_MATH_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace activations {
namespace hn = hwy::HWY_NAMESPACE;

// Coefficients are minimax fits in relative error (weights by Lawson's iteration on the linearised problem of
// Sanathanan and Koerner), rounded to float one after the other, lowest first, each time refitting the rest.
// Nothing divides by zero or overflows on the way; infinity is a large number, not-a-number stays or becomes
// a bound.

/// The coefficient of x^(2 power) for an argument that is `step` times as large.
constexpr float scaled(float coefficient, int power, float step) {
  for (; power > 0; --power) coefficient *= step * step;
  return coefficient;
}

/// A value as a quotient, for whoever can spare the division by putting several of them into one.
template <class V>
struct Ratio {
  V numerator;
  V denominator;
};

/// tanh(step x) as x P(x^2) / Q(x^2), both of degree 4: the fit is 2.3e-8 relative to tanh up to 9.01, where
/// tanh is 1 - 3e-8. Estrin's order keeps the longest chain to 3 multiply-adds after x^2 and spends one
/// multiplication on it. `step` is a power of two. The denominator lies between 1 and 415.
template <class D, class V>
HWY_INLINE Ratio<V> TanhRatio(D d, V x, float step = 1.0f) {
  const auto bounded = hn::Min(hn::Max(x, hn::Set(d, -9.01f / step)), hn::Set(d, 9.01f / step));
  // Bounded apart from x, as those who wait for the result wait for the square first.
  const auto z = hn::Min(hn::Mul(x, x), hn::Set(d, 9.01f * 9.01f / (step * step)));
  const auto z2 = hn::Mul(z, z);
  const auto q2 =
      hn::MulAdd(hn::Set(d, scaled(3.28977592e-4f, 3, step)), z, hn::Set(d, scaled(2.58872025e-2f, 2, step)));
  const auto p2 = hn::MulAdd(hn::Set(d, step * scaled(2.06487675e-5f, 3, step)), z,
                             hn::Set(d, step * scaled(3.4982136e-3f, 2, step)));
  const auto q0 = hn::MulAdd(hn::Set(d, scaled(0.467166334f, 1, step)), z, hn::Set(d, 1.0f));
  const auto p0 = hn::MulAdd(hn::Set(d, step * scaled(0.133833125f, 1, step)), z, hn::Set(d, step));
  const auto q = hn::MulAdd(hn::MulAdd(hn::Set(d, scaled(7.79776428e-7f, 4, step)), z2, q2), z2, q0);
  const auto p = hn::MulAdd(hn::MulAdd(hn::Set(d, step * scaled(1.34030724e-8f, 4, step)), z2, p2), z2, p0);
  return {hn::Mul(bounded, p), q};
}

/// tanh(x) within 2.8e-7, and within as much relative to it. An approximate reciprocal and a Newton step
/// instead of the division are 3 to 5 % slower in WaveNets of 2 to 16 channels (AMD Zen 4): it runs beside
/// the multiply-adds.
template <class D, class V>
HWY_INLINE V Tanh(D d, V x) {
  const auto ratio = TanhRatio(d, x);
  return hn::Div(ratio.numerator, ratio.denominator);
}

/// 1 / (1 + e^-x) within 2e-7. Below -17 it stops at up to 1e-7 instead of falling to 0: not for
/// multiplying large numbers by, see Silu.
template <class D, class V>
HWY_INLINE V Sigmoid(D d, V x) {
  const auto half = hn::Set(d, 0.5f);
  const auto ratio = TanhRatio(d, x, 0.5f);
  return hn::MulAdd(half, hn::Div(ratio.numerator, ratio.denominator), half);
}

/// e^x - 1 within 2.4e-7 relative to it for x in -87..88; outside, as at the nearest end.
template <class D, class V>
HWY_INLINE V ExpMinus1(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bounded = hn::Min(hn::Max(x, hn::Set(d, -87.0f)), hn::Set(d, 88.0f));
  // x = whole ln 2 + t. Of ln 2's two parts the first has 9 bits: its product is exact, fused or not.
  const auto whole = hn::Round(hn::Mul(bounded, hn::Set(d, 1.44269502f)));
  const auto t = hn::NegMulAdd(whole, hn::Set(d, -2.12194440e-4f),
                               hn::NegMulAdd(whole, hn::Set(d, 0.693359375f), bounded));
  const auto t2 = hn::Mul(t, t);
  const auto low = hn::MulAdd(hn::Set(d, 0.166665465f), t, hn::Set(d, 0.49999997f));
  const auto middle = hn::MulAdd(hn::Set(d, 0.00836625323f), t, hn::Set(d, 0.0416674428f));
  const auto high = hn::MulAdd(hn::Set(d, 0.0013869938f), t2, middle);
  const auto fraction = hn::MulAdd(hn::MulAdd(high, t2, low), t2, t);  // e^t - 1
  const auto scale = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, whole), hn::Set(di, 127))));
  return hn::MulAdd(scale, fraction, hn::Sub(scale, hn::Set(d, 1.0f)));
}

/// x sigmoid(x), within 3e-7 relative to it down to -87, and -5e-37 below.
template <class D, class V>
HWY_INLINE V Silu(D d, V x) {
  const auto expMinus1 = ExpMinus1(d, hn::Neg(x));
  return hn::Div(hn::Max(x, hn::Set(d, -88.0f)), hn::Add(expMinus1, hn::Set(d, 2.0f)));
}

/// x, or e^x - 1 where that is negative.
template <class D, class V>
HWY_INLINE V Elu(D d, V x) {
  const auto zero = hn::Zero(d);
  return hn::IfThenElse(hn::Gt(x, zero), x, ExpMinus1(d, hn::Min(x, zero)));
}

/// The rational function that NAM's early trainers and its core call "Fasttanh": 7e-4 from tanh at most, and
/// part of the models that were trained with it.
template <class D, class V>
HWY_INLINE V FastTanh(D d, V x) {
  // Beyond 1e9 it is 1.008 to the bit; the bound keeps its fourth powers finite.
  const auto bounded = hn::Min(hn::Max(x, hn::Set(d, -1e9f)), hn::Set(d, 1e9f));
  const auto magnitude = hn::Abs(bounded);
  const auto square = hn::Mul(bounded, bounded);
  const auto a = hn::Set(d, 2.45550750702956f);
  const auto b = hn::Set(d, 2.44506634652299f);
  const auto slope = hn::MulAdd(hn::Set(d, 0.821226666969744f), magnitude, hn::Set(d, 0.893229853513558f));
  const auto numerator = hn::Mul(bounded, hn::MulAdd(slope, square, hn::MulAdd(a, magnitude, a)));
  const auto curve = hn::MulAdd(hn::Mul(hn::Set(d, 0.814642734961073f), bounded), magnitude, bounded);
  return hn::Div(numerator, hn::MulAdd(hn::Add(b, square), hn::Abs(curve), b));
}

}  // namespace activations
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_ACTIVATION_MATH_INL_H_
