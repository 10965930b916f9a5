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

/// `slopes`: of leakyRelu for these lanes.
V Bend(Floats d, const Activation& activation, const float* slopes, V x) {
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
      return hn::MulAdd(hn::Min(x, zero), hn::Load(d, slopes), hn::Max(x, zero));
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
void Columns(const ActivatedRows& layer, const float* slopes, ConstRows in, Rows out) {
  const Floats d;
  const std::size_t width = paddedWidth(layer.outputs);
  const float* packed = layer.packed.channel(0).data();
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
      hn::Store(Bend(d, layer.activation, slopes + o, sums[n]), d, out.data + n * out.stride + o);
  }
}

/// A single output: its inputs along the vector.
void Dot(const ActivatedRows& layer, const float* slopes, ConstRows in, Rows out, int frames) {
  const Floats d;
  const std::size_t width = paddedWidth(layer.inputs);
  const float* packed = layer.packed.channel(0).data();
  for (int n = 0; n < frames; ++n, in.data += in.stride, out.data += out.stride) {
    V sum = hn::Zero(d);
    const float* weights = packed + paddedWidth(1);
    for (int tap = 0; tap < layer.taps; ++tap, weights += width) {
      const float* row =
          in.data - static_cast<std::ptrdiff_t>(in.stride) * ((layer.taps - 1 - tap) * layer.dilation);
      for (std::size_t i = 0; i < width; i += hn::Lanes(d))
        sum = hn::MulAdd(hn::Load(d, weights + i), hn::LoadU(d, row + i), sum);
    }
    const auto value = hn::Add(hn::SumOfLanes(d, sum), hn::Set(d, packed[0]));
    out.data[0] = hn::GetLane(Bend(d, layer.activation, slopes, value));
  }
}

}  // namespace

void RunActivated(const ActivatedRows& layer, ConstRows in, Rows out, int frames) {
  const float* slopes = layer.slopes.channel(0).data();
  if (layer.isDot()) return Dot(layer, slopes, in, out, frames);
  for (; frames >= 4; frames -= 4) {
    Columns<4>(layer, slopes, in, out);
    in.data += 4 * in.stride;
    out.data += 4 * out.stride;
  }
  for (; frames > 0; --frames) {
    Columns<1>(layer, slopes, in, out);
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
