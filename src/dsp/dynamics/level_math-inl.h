// Logarithms and powers for levels, for vectors of float. Included once for each instruction set.
#if defined(GAINSTAGE_DSP_LEVEL_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_DSP_LEVEL_MATH_INL_H_
#undef GAINSTAGE_DSP_LEVEL_MATH_INL_H_
#else
#define GAINSTAGE_DSP_LEVEL_MATH_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace level {
namespace hn = hwy::HWY_NAMESPACE;

// Polynomials are minimax fits (Remez exchange) that hit 0 exactly at 0: no level is moved at 0 dB.

/// log2(x) for normal x above 0, within 2.2e-6 relative to log2(x) near 1 and 3e-6 elsewhere: 2e-5 dB.
template <class D, class V>
HWY_INLINE V Log2(D d, V x) {
  const hn::RebindToSigned<D> di;
  // The exponent of the power of two nearest to x: the mantissa then lies in sqrt(1/2)..sqrt(2).
  const auto bits = hn::BitCast(di, x);
  const auto sqrtHalf = hn::Set(di, 0x3f3504f3);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, sqrtHalf));
  const auto mantissa = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const auto t = hn::Sub(mantissa, hn::Set(d, 1.0f));
  const auto t2 = hn::Mul(t, t);
  const auto low = hn::MulAdd(t, hn::Set(d, -0.721131859f), hn::Set(d, 1.44271348f));
  const auto middle = hn::MulAdd(t, hn::Set(d, -0.367489965f), hn::Set(d, 0.479348017f));
  const auto high = hn::MulAdd(t, hn::Set(d, -0.206591824f), hn::Set(d, 0.322154817f));
  const auto polynomial = hn::MulAdd(hn::MulAdd(high, t2, middle), t2, low);
  return hn::MulAdd(polynomial, t, hn::ConvertTo(d, exponent));
}

/// 2^x for x in -126..126, within 2e-7 of it: 2e-6 dB. Outside, as at the nearest end.
template <class D, class V>
HWY_INLINE V Exp2(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bounded = hn::Min(hn::Max(x, hn::Set(d, -126.0f)), hn::Set(d, 126.0f));
  const auto whole = hn::Round(bounded);
  const auto t = hn::Sub(bounded, whole);
  const auto t2 = hn::Mul(t, t);
  const auto low = hn::MulAdd(t, hn::Set(d, 0.240222421f), hn::Set(d, 0.693146978f));
  const auto high = hn::MulAdd(t, hn::Set(d, 0.00967151264f), hn::Set(d, 0.0555073374f));
  const auto polynomial = hn::MulAdd(hn::MulAdd(hn::Set(d, 0.00132647271f), t2, high), t2, low);
  const auto scale = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, whole), hn::Set(di, 127))));
  return hn::Mul(hn::MulAdd(polynomial, t, hn::Set(d, 1.0f)), scale);
}

}  // namespace level
}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#endif  // GAINSTAGE_DSP_LEVEL_MATH_INL_H_
