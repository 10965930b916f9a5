#include "neural/recurrent/activated_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "neural/recurrent/activated_rows.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// Must follow foreach_target.h.
#include "neural/activation_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using V = hn::Vec<Floats>;

/// `slopes`: of leakyRelu.
V Bend(Floats d, const Activation& activation, V slopes, V x) {
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0f);
  switch (activation.kind) {
    case ActivationKind::identity:
      return x;
    case ActivationKind::tanh:
      return activations::Tanh(d, x);
    case ActivationKind::hardTanh:
      return hn::Min(hn::Max(x, hn::Neg(one)), one);
    case ActivationKind::fastTanh:
      return activations::FastTanh(d, x);
    case ActivationKind::relu:
      return hn::Max(x, zero);
    case ActivationKind::leakyRelu:
      return hn::MulAdd(hn::Min(x, zero), slopes, hn::Max(x, zero));
    case ActivationKind::sigmoid:
      return activations::Sigmoid(d, x);
    case ActivationKind::silu:
      return activations::Silu(d, x);
    case ActivationKind::hardSwish: {
      const auto ramp = hn::Min(hn::Max(hn::Add(x, hn::Set(d, 3.0f)), zero), hn::Set(d, 6.0f));
      return hn::Mul(hn::Mul(x, ramp), hn::Set(d, 1.0f / 6.0f));
    }
    case ActivationKind::leakyHardTanh: {
      const auto low = hn::Set(d, activation.minimum);
      const auto high = hn::Set(d, activation.maximum);
      const auto middle = hn::Min(hn::Max(x, low), high);
      const auto below =
          hn::MulAdd(hn::Min(hn::Sub(x, low), zero), hn::Set(d, activation.minimumSlope), middle);
      return hn::MulAdd(hn::Max(hn::Sub(x, high), zero), hn::Set(d, activation.maximumSlope), below);
    }
    case ActivationKind::softsign:
      return hn::Div(x, hn::Add(one, hn::Abs(x)));
    case ActivationKind::elu:
      return activations::Elu(d, x);
  }
  return x;
}

/// kFrames rows of outputs side by side, from one load of each weight.
template <std::size_t kFrames>
void Columns(const ActivatedRows& layer, ConstRows in, Rows out) {
  const Floats d;
  const std::size_t width = paddedWidth(layer.outputs);
  const float* packed = layer.packed.channel(0).data();
  const float* slopes = layer.slopes.channel(0).data();
  for (std::size_t o = 0; o < width; o += hn::Lanes(d)) {
    V sums[kFrames];
    for (V& sum : sums) sum = hn::Load(d, packed + o);
    const float* column = packed + width + o;
    for (int tap = 0; tap < layer.taps; ++tap) {
      const float* row =
          in.data - static_cast<std::ptrdiff_t>(in.stride) * ((layer.taps - 1 - tap) * layer.dilation);
      for (int i = 0; i < layer.inputs; ++i, column += width) {
        const auto weights = hn::Load(d, column);
        for (std::size_t n = 0; n < kFrames; ++n)
          sums[n] =
              hn::MulAdd(weights, hn::Set(d, row[n * in.stride + static_cast<std::size_t>(i)]), sums[n]);
      }
    }
    for (std::size_t n = 0; n < kFrames; ++n)
      hn::Store(Bend(d, layer.activation, hn::Load(d, slopes + o), sums[n]), d,
                out.data + n * out.stride + o);
  }
}

/// Sums of the lanes of four vectors, into four floats.
template <class D, class Sum = hn::Vec<D>>
HWY_INLINE void StoreSums(D d, const Sum (&sums)[4], float* out) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t n = 0; n < 4; ++n) hn::Store(sums[n], d, out + n);
#else
  if constexpr (hn::MaxLanes(D()) > 4) {
    const hn::Half<D> half;
    hn::Vec<hn::Half<D>> folded[4];
    for (std::size_t n = 0; n < 4; ++n)
      folded[n] = hn::Add(hn::LowerHalf(half, sums[n]), hn::UpperHalf(half, sums[n]));
    StoreSums(half, folded, out);
  } else {
    const auto first =
        hn::Add(hn::InterleaveLower(d, sums[0], sums[1]), hn::InterleaveUpper(d, sums[0], sums[1]));
    const auto second =
        hn::Add(hn::InterleaveLower(d, sums[2], sums[3]), hn::InterleaveUpper(d, sums[2], sums[3]));
    hn::StoreU(hn::Add(hn::ConcatLowerLower(d, second, first), hn::ConcatUpperUpper(d, second, first)), d,
               out);
  }
#endif
}

/// A single output: inputs along the vector, four frames at a time, the last of which may be none of
/// `frames`.
template <class D>
void Dot(D d, const ActivatedRows& layer, ConstRows in, float* out, int frames) {
  using Sum = hn::Vec<D>;
  const std::size_t width = rowStride(layer.inputs);
  const float* packed = layer.packed.channel(0).data();
  for (int n = 0; n < frames; n += 4, in.data += 4 * in.stride, out += 4) {
    Sum sums[4];
    for (Sum& sum : sums) sum = hn::Zero(d);
    const float* weights = packed + paddedWidth(1);
    for (int tap = 0; tap < layer.taps; ++tap) {
      const float* row =
          in.data - static_cast<std::ptrdiff_t>(in.stride) * ((layer.taps - 1 - tap) * layer.dilation);
      for (std::size_t i = 0; i < width; i += hn::Lanes(d), weights += hn::Lanes(d))
        for (std::size_t k = 0; k < 4; ++k)
          sums[k] = hn::MulAdd(hn::LoadU(d, weights), hn::LoadU(d, row + k * in.stride + i), sums[k]);
    }
    StoreSums(d, sums, out);
  }
}

/// A single output of a single input: frames along the vector.
void DotOfSingle(const ActivatedRows& layer, ConstRows in, float* out, int frames) {
  const Floats d;
  const float* weights = layer.packed.channel(0).data() + paddedWidth(1);
  for (int n = 0; n < frames; n += static_cast<int>(hn::Lanes(d))) {
    auto sum = hn::Zero(d);
    for (int tap = 0; tap < layer.taps; ++tap)
      sum = hn::MulAdd(hn::Set(d, weights[tap]),
                       hn::LoadU(d, in.data + n - (layer.taps - 1 - tap) * layer.dilation), sum);
    hn::StoreU(sum, d, out + n);
  }
}

/// Adds the bias and activates, frames along the vector.
void FinishSingle(const ActivatedRows& layer, float* out, int frames) {
  const Floats d;
  const auto bias = hn::Set(d, layer.packed.channel(0)[0]);
  const auto slope = hn::Set(d, layer.slopes.channel(0)[0]);
  for (int n = 0; n < frames; n += static_cast<int>(hn::Lanes(d)), out += hn::Lanes(d))
    hn::StoreU(Bend(d, layer.activation, slope, hn::Add(hn::LoadU(d, out), bias)), d, out);
}

}  // namespace

void RunActivated(const ActivatedRows& layer, ConstRows in, Rows out, int frames) {
  if (layer.outputs == 1) {
    if (layer.inputs == 1)
      DotOfSingle(layer, in, out.data, frames);
    else
      Dot(Floats(), layer, in, out.data, frames);
    return FinishSingle(layer, out.data, frames);
  }
  for (; frames >= 4; frames -= 4) {
    Columns<4>(layer, in, out);
    in.data += 4 * in.stride;
    out.data += 4 * out.stride;
  }
  for (; frames > 0; --frames) {
    Columns<1>(layer, in, out);
    in.data += in.stride;
    out.data += out.stride;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::neural {

HWY_EXPORT(RunActivated);
void runActivated(const ActivatedRows& layer, ConstRows in, Rows out, int frames) noexcept {
  HWY_DYNAMIC_DISPATCH(RunActivated)(layer, in, out, frames);
}

}  // namespace gainstage::neural
#endif  // HWY_ONCE
