// Included once for each instruction set, by what foreach_target.h compiles again and again.
#if defined(GAINSTAGE_ANALOG_VECTORS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_ANALOG_VECTORS_INL_H_
#undef GAINSTAGE_ANALOG_VECTORS_INL_H_
#else
#define GAINSTAGE_ANALOG_VECTORS_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::analog::HWY_NAMESPACE {

/// Highway's vectors. Where it has single numbers only (x86 before SSSE3), the same words for the compiler's
/// own vectors: the kernels here want at least four lanes.
#if HWY_TARGET != HWY_SCALAR
namespace vectors = hwy::HWY_NAMESPACE;
#else
namespace vectors {

template <class T, std::size_t N>
struct Tag {
  using Number = T;
  static constexpr std::size_t kLanes = N;
  typedef T Vector __attribute__((vector_size(N * sizeof(T))));
};
template <class D>
using Vec = typename D::Vector;
template <class T, std::size_t N>
using CappedTag = Tag<T, std::min<std::size_t>(N, 32 / sizeof(T))>;
template <class D>
using Half = Tag<typename D::Number, D::kLanes / 2>;
template <class T, class D>
using Rebind = Tag<T, D::kLanes>;
template <class D>
using RebindToSigned =
    Tag<std::conditional_t<sizeof(typename D::Number) == 4, std::int32_t, std::int64_t>, D::kLanes>;
template <class D>
using RepartitionToWide = Tag<double, D::kLanes / 2>;

template <class D>
constexpr std::size_t MaxLanes(D) {
  return D::kLanes;
}
template <class D>
constexpr std::size_t Lanes(D) {
  return D::kLanes;
}

template <class D>
Vec<D> LoadU(D, const typename D::Number* from) {
  Vec<D> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class D>
Vec<D> Load(D d, const typename D::Number* from) {
  return LoadU(d, from);
}
template <class V, class D>
void StoreU(V v, D, typename D::Number* to) {
  std::memcpy(to, &v, sizeof v);
}
template <class V, class D>
void Store(V v, D d, typename D::Number* to) {
  StoreU(v, d, to);
}
template <class D, class V>
Vec<D> BitCast(D, V v) {
  Vec<D> same;
  std::memcpy(&same, &v, sizeof same);
  return same;
}
template <class D>
Vec<D> Zero(D) {
  return Vec<D>{};
}
template <class D>
Vec<D> Set(D, typename D::Number number) {
  return Vec<D>{} + number;
}

template <class V>
V Add(V a, V b) {
  return a + b;
}
template <class V>
V Sub(V a, V b) {
  return a - b;
}
template <class V>
V Mul(V a, V b) {
  return a * b;
}
template <class V>
V Div(V a, V b) {
  return a / b;
}
template <class V>
V Neg(V a) {
  return -a;
}
template <class V>
V MulAdd(V a, V b, V c) {
  return a * b + c;
}
template <class V>
V MulSub(V a, V b, V c) {
  return a * b - c;
}
template <class V>
V NegMulAdd(V a, V b, V c) {
  return c - a * b;
}
template <class V>
auto Lt(V a, V b) {
  return a < b;
}
template <class V>
auto Eq(V a, V b) {
  return a == b;
}
template <class V>
auto Gt(V a, V b) {
  return a > b;
}
template <class M, class V>
V IfThenElse(M mask, V yes, V no) {
  return mask ? yes : no;
}
template <class V>
V Min(V a, V b) {
  return a < b ? a : b;
}
template <class V>
V Max(V a, V b) {
  return a > b ? a : b;
}
template <class V>
V Abs(V a) {
  return a < V{} ? -a : a;
}
template <class V>
V Floor(V a) {
  for (std::size_t k = 0; k < sizeof(V) / sizeof(a[0]); ++k) a[k] = std::floor(a[k]);
  return a;
}
template <int kBits, class V>
V ShiftLeft(V a) {
  return a << kBits;
}

template <class D, class V>
Vec<D> ConvertTo(D, V v) {
  return __builtin_convertvector(v, Vec<D>);
}
template <class D, class V>
Vec<D> PromoteTo(D, V v) {
  return __builtin_convertvector(v, Vec<D>);
}
template <class D, class V>
Vec<D> DemoteTo(D, V v) {
  return __builtin_convertvector(v, Vec<D>);
}

template <class D, class V>
bool AllTrue(D, V mask) {
  for (std::size_t k = 0; k < D::kLanes; ++k)
    if (!mask[k]) return false;
  return true;
}
template <class D>
auto FirstN(D, std::size_t n) {
  Vec<RebindToSigned<D>> mask{};
  for (std::size_t k = 0; k < n; ++k) mask[k] = -1;
  return mask;
}
template <class V>
auto GetLane(V v) {
  return v[0];
}
template <class D>
Vec<D> SumOfLanes(D d, Vec<D> v) {
  typename D::Number sum = 0;
  for (std::size_t k = 0; k < D::kLanes; ++k) sum += v[k];
  return Set(d, sum);
}
template <class D>
const std::int64_t* SetTableIndices(D, const std::int64_t* from) {
  return from;
}
template <class V>
V TableLookupLanes(V v, const std::int64_t* from) {
  V out;
  for (std::size_t k = 0; k < sizeof(V) / sizeof(v[0]); ++k) out[k] = v[from[k]];
  return out;
}

template <class D, class V>
Vec<D> Combine(D, V upper, V lower) {
  Vec<D> both;
  std::memcpy(&both, &lower, sizeof lower);
  std::memcpy(reinterpret_cast<char*>(&both) + sizeof lower, &upper, sizeof upper);
  return both;
}
template <class D, class V>
Vec<D> LowerHalf(D d, V v) {
  return BitCast(d, v);
}
template <class D, class V>
Vec<D> UpperHalf(D, V v) {
  Vec<D> half;
  std::memcpy(&half, reinterpret_cast<const char*>(&v) + sizeof half, sizeof half);
  return half;
}
template <class D>
Vec<D> ConcatLowerUpper(D d, Vec<D> upper, Vec<D> lower) {
  return Combine(d, LowerHalf(Half<D>(), upper), UpperHalf(Half<D>(), lower));
}

/// Of each 128 bits, as Highway does.
template <class D>
Vec<D> Interleave(D, Vec<D> a, Vec<D> b, std::size_t first) {
  constexpr std::size_t kBlock = 16 / sizeof(typename D::Number);
  Vec<D> out;
  for (std::size_t k = 0; k < D::kLanes; ++k) {
    const std::size_t from = k / kBlock * kBlock + first * kBlock / 2 + k % kBlock / 2;
    out[k] = k % 2 == 0 ? a[from] : b[from];
  }
  return out;
}
template <class D>
Vec<D> InterleaveLower(D d, Vec<D> a, Vec<D> b) {
  return Interleave(d, a, b, 0);
}
template <class D>
Vec<D> InterleaveUpper(D d, Vec<D> a, Vec<D> b) {
  return Interleave(d, a, b, 1);
}

}  // namespace vectors
#endif

}  // namespace gainstage::analog::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
