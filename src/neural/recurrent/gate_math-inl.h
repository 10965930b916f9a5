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

/// 2^y, one multiply-add short of it, so that what is added to it costs nothing.
///
/// Six operations on the units that multiply, where the rational tanh takes eleven, and 18 cycles: recurrent
/// layers wait for both. With y = -x log2(e), sigmoid(x) is 1 / plus(1); with y = 2 x log2(e), tanh(x) is
/// plus(-1) / plus(1), true near 0 too.
template <class D, class V = hn::Vec<D>>
class PowerOfTwo {
 public:
  /// Any finite y; beyond -40..40 it stops near 2^-40 or 2^40, so that products of three do not overflow.
  HWY_INLINE PowerOfTwo(D d, V y) {
    const hn::RebindToUnsigned<D> du;
    const auto whole = hn::Round(y);
    const auto t = hn::Sub(y, whole);
    // 1.5 x 2^23: numbers of this size are whole, and the last bits of this one are those of an exponent of
    // 0.
    const auto bounded = hn::Min(hn::Max(whole, hn::Set(d, -40.0f)), hn::Set(d, 40.0f));
    const auto shifted = hn::Add(bounded, hn::Set(d, 12582912.0f + 127.0f));
    scale_ = hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(du, shifted)));
    // 2^t - 1 = t (c0 + ... + c4 t^4) within 4.5e-7 relative to it.
    const auto t2 = hn::Mul(t, t);
    const auto low = hn::MulAdd(hn::Set(d, 0.240223557f), t, hn::Set(d, 0.693147123f));
    const auto middle = hn::MulAdd(hn::Set(d, 0.00966603868f), t, hn::Set(d, 0.0555053279f));
    const auto high = hn::MulAdd(hn::Set(d, 0.00133231084f), t2, middle);
    slope_ = hn::MulAdd(high, t2, low);
    scaledT_ = hn::Mul(scale_, t);
  }

  HWY_INLINE V plus(V added) const { return hn::MulAdd(slope_, scaledT_, hn::Add(scale_, added)); }

 private:
  V scale_, slope_, scaledT_;
};

}  // namespace gates
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_NEURAL_RECURRENT_GATE_MATH_INL_H_
