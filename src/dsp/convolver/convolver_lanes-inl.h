// Included once for each instruction set (Highway's foreach_target), hence the unusual guard.
#if defined(GAINSTAGE_DSP_CONVOLVER_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_DSP_CONVOLVER_LANES_INL_H
#undef GAINSTAGE_DSP_CONVOLVER_LANES_INL_H
#else
#define GAINSTAGE_DSP_CONVOLVER_LANES_INL_H
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp::HWY_NAMESPACE {

/// Vectors of 4, 8 or 16 floats: blocks of four lanes, of which the convolver's 16-float groups hold whole
/// ones.
namespace lanes {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

/// A processor without even SSSE3: four floats, one after the other.
struct V {
  float lane[4];
};
constexpr int kLanes = 4;

template <typename Function>
HWY_INLINE V map(Function function) {
  return {function(0), function(1), function(2), function(3)};
}
HWY_INLINE V load(const float* from) { return {from[0], from[1], from[2], from[3]}; }
HWY_INLINE V loadUnaligned(const float* from) { return load(from); }
HWY_INLINE void store(V x, float* to) {
  for (int i = 0; i < 4; ++i) to[i] = x.lane[i];
}
HWY_INLINE void storeUnaligned(V x, float* to) { store(x, to); }
HWY_INLINE V broadcast(float x) { return {x, x, x, x}; }
HWY_INLINE V add(V a, V b) {
  return map([&](int i) { return a.lane[i] + b.lane[i]; });
}
HWY_INLINE V subtract(V a, V b) {
  return map([&](int i) { return a.lane[i] - b.lane[i]; });
}
HWY_INLINE V multiply(V a, V b) {
  return map([&](int i) { return a.lane[i] * b.lane[i]; });
}
HWY_INLINE V multiplyAdd(V a, V b, V sum) { return add(sum, multiply(a, b)); }
HWY_INLINE V multiplySubtract(V a, V b, V sum) { return subtract(sum, multiply(a, b)); }
HWY_INLINE V interleaveLower(V a, V b) { return {a.lane[0], b.lane[0], a.lane[1], b.lane[1]}; }
HWY_INLINE V interleaveUpper(V a, V b) { return {a.lane[2], b.lane[2], a.lane[3], b.lane[3]}; }
HWY_INLINE V loadBlocks(const float* from, int) { return load(from); }
HWY_INLINE void storeBlocks(V x, float* to, int) { store(x, to); }

#else

#if HWY_HAVE_SCALABLE
using D = hn::FixedTag<float, 4>;
#else
using D = hn::CappedTag<float, 16>;
#endif
using V = hn::Vec<D>;
constexpr D d;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
static_assert(kLanes == 4 || kLanes == 8 || kLanes == 16);

HWY_INLINE V load(const float* from) { return hn::Load(d, from); }
HWY_INLINE V loadUnaligned(const float* from) { return hn::LoadU(d, from); }
HWY_INLINE void store(V x, float* to) { hn::Store(x, d, to); }
HWY_INLINE void storeUnaligned(V x, float* to) { hn::StoreU(x, d, to); }
HWY_INLINE V broadcast(float x) { return hn::Set(d, x); }
HWY_INLINE V add(V a, V b) { return hn::Add(a, b); }
HWY_INLINE V subtract(V a, V b) { return hn::Sub(a, b); }
HWY_INLINE V multiply(V a, V b) { return hn::Mul(a, b); }
HWY_INLINE V multiplyAdd(V a, V b, V sum) { return hn::MulAdd(a, b, sum); }
HWY_INLINE V multiplySubtract(V a, V b, V sum) { return hn::NegMulAdd(a, b, sum); }
HWY_INLINE V interleaveLower(V a, V b) { return hn::InterleaveLower(d, a, b); }
HWY_INLINE V interleaveUpper(V a, V b) { return hn::InterleaveUpper(d, a, b); }

/// A vector whose blocks of four lanes stand `stride` floats apart in memory.
HWY_INLINE V loadBlocks(const float* from, [[maybe_unused]] int stride) {
#if HWY_HAVE_SCALABLE || HWY_MAX_BYTES == 16
  return load(from);
#else
  const hn::FixedTag<float, 4> d4;
#if HWY_MAX_BYTES == 32
  return hn::Combine(d, hn::Load(d4, from + stride), hn::Load(d4, from));
#else
  const hn::FixedTag<float, 8> d8;
  return hn::Combine(d, hn::Combine(d8, hn::Load(d4, from + 3 * stride), hn::Load(d4, from + 2 * stride)),
                     hn::Combine(d8, hn::Load(d4, from + stride), hn::Load(d4, from)));
#endif
#endif
}
HWY_INLINE void storeBlocks(V x, float* to, [[maybe_unused]] int stride) {
#if HWY_HAVE_SCALABLE || HWY_MAX_BYTES == 16
  store(x, to);
#else
  const hn::FixedTag<float, 4> d4;
#if HWY_MAX_BYTES == 32
  hn::Store(hn::LowerHalf(d4, x), d4, to);
  hn::Store(hn::UpperHalf(d4, x), d4, to + stride);
#else
  const hn::FixedTag<float, 8> d8;
  const auto low = hn::LowerHalf(d8, x);
  const auto high = hn::UpperHalf(d8, x);
  hn::Store(hn::LowerHalf(d4, low), d4, to);
  hn::Store(hn::UpperHalf(d4, low), d4, to + stride);
  hn::Store(hn::LowerHalf(d4, high), d4, to + 2 * stride);
  hn::Store(hn::UpperHalf(d4, high), d4, to + 3 * stride);
#endif
#endif
}

#endif

struct Complex {
  V re, im;
};

HWY_INLINE Complex load(const float* re, const float* im) { return {load(re), load(im)}; }
HWY_INLINE void store(const Complex& x, float* re, float* im) {
  store(x.re, re);
  store(x.im, im);
}
HWY_INLINE Complex add(const Complex& a, const Complex& b) { return {add(a.re, b.re), add(a.im, b.im)}; }
HWY_INLINE Complex subtract(const Complex& a, const Complex& b) {
  return {subtract(a.re, b.re), subtract(a.im, b.im)};
}
HWY_INLINE Complex times(const Complex& x, const Complex& w) {
  return {multiplySubtract(x.im, w.im, multiply(x.re, w.re)), multiplyAdd(x.re, w.im, multiply(x.im, w.re))};
}
HWY_INLINE V imaginaryOfTimesConjugate(const Complex& x, const Complex& w) {
  return multiplySubtract(x.re, w.im, multiply(x.im, w.re));
}
HWY_INLINE Complex timesConjugate(const Complex& x, const Complex& w) {
  return {multiplyAdd(x.im, w.im, multiply(x.re, w.re)), imaginaryOfTimesConjugate(x, w)};
}

/// x[q] becomes the sum over v of x[v] i^(qv); `inverse` takes -i instead.
template <bool inverse>
HWY_INLINE void butterfly(Complex (&x)[4]) {
  const Complex even = add(x[0], x[2]), odd = add(x[1], x[3]);
  const Complex evenDifference = subtract(x[0], x[2]), oddDifference = subtract(x[1], x[3]);
  x[0] = add(even, odd);
  x[2] = subtract(even, odd);
  x[inverse ? 3 : 1] = {subtract(evenDifference.re, oddDifference.im),
                        add(evenDifference.im, oddDifference.re)};
  x[inverse ? 1 : 3] = {add(evenDifference.re, oddDifference.im),
                        subtract(evenDifference.im, oddDifference.re)};
}

/// Rows become columns in every block of 4 x 4 lanes.
HWY_INLINE void transpose(V& a, V& b, V& c, V& e) {
  const V acLower = interleaveLower(a, c), acUpper = interleaveUpper(a, c);
  const V beLower = interleaveLower(b, e), beUpper = interleaveUpper(b, e);
  a = interleaveLower(acLower, beLower);
  b = interleaveUpper(acLower, beLower);
  c = interleaveLower(acUpper, beUpper);
  e = interleaveUpper(acUpper, beUpper);
}
HWY_INLINE void transpose(Complex (&x)[4]) {
  transpose(x[0].re, x[1].re, x[2].re, x[3].re);
  transpose(x[0].im, x[1].im, x[2].im, x[3].im);
}

}  // namespace lanes
}  // namespace gainstage::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
