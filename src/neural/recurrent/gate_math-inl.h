// Exponentials for gates. Included once for each instruction set.
#if defined(GAINSTAGE_NEURAL_RECURRENT_GATE_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_RECURRENT_GATE_MATH_INL_H_
#undef GAINSTAGE_NEURAL_RECURRENT_GATE_MATH_INL_H_
#else
#define GAINSTAGE_NEURAL_RECURRENT_GATE_MATH_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace gates {
namespace hn = hwy::HWY_NAMESPACE;

/// 2^y - 1 within 5e-7 relative to it for y in -40..40; outside, as at the nearest end. Seven operations on
/// the units that multiply, where the rational tanh takes eleven: recurrent layers wait for those units. With
/// E = 2^y - 1, y = -x log2(e) makes sigmoid(x) = 1 / (E + 2), and y = 2 x log2(e) makes
/// tanh(x) = E / (E + 2), true near 0 too.
template <class D, class V>
HWY_INLINE V Exp2Minus1(D d, V y) {
  const hn::RebindToUnsigned<D> du;
  const auto bounded = hn::Min(hn::Max(y, hn::Set(d, -40.0f)), hn::Set(d, 40.0f));
  // 1.5 x 2^23: numbers of this size are whole, and the last bits of this one are those of an exponent of 0.
  const auto whole = hn::Set(d, 12582912.0f + 127.0f);
  const auto shifted = hn::Add(bounded, whole);
  const auto scale = hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(du, shifted)));
  const auto t = hn::Sub(bounded, hn::Sub(shifted, whole));
  const auto t2 = hn::Mul(t, t);
  const auto low = hn::MulAdd(hn::Set(d, 0.240223557f), t, hn::Set(d, 0.693147123f));
  const auto middle = hn::MulAdd(hn::Set(d, 0.00966603868f), t, hn::Set(d, 0.0555053279f));
  const auto high = hn::MulAdd(hn::Set(d, 0.00133231084f), t2, middle);
  return hn::MulAdd(hn::MulAdd(high, t2, low), hn::Mul(scale, t), hn::Sub(scale, hn::Set(d, 1.0f)));
}

}  // namespace gates
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_RECURRENT_GATE_MATH_INL_H_
