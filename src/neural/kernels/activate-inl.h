// Included once for each instruction set (Highway's foreach_target), hence the unusual guard.
#if defined(GAINSTAGE_NEURAL_ACTIVATE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_ACTIVATE_INL_H
#undef GAINSTAGE_NEURAL_ACTIVATE_INL_H
#else
#define GAINSTAGE_NEURAL_ACTIVATE_INL_H
#endif

#include <hwy/highway.h>

#include "neural/activation.h"
#include "neural/activation_math-inl.h"
#include "neural/kernels/rows.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Each kind as a function of (tag, vector, channel).

struct Identity {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x, std::size_t) const {
    return x;
  }
};
struct ApplyTanh {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return activations::Tanh(d, x);
  }
};
struct ApplyFastTanh {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return activations::FastTanh(d, x);
  }
};
struct ApplySigmoid {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return activations::Sigmoid(d, x);
  }
};
struct Silu {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return activations::Silu(d, x);
  }
};
struct ApplyElu {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return activations::Elu(d, x);
  }
};
struct Relu {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return hn::Max(x, hn::Zero(d));
  }
};
struct HardTanh {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return hn::Clamp(x, hn::Set(d, -1.0f), hn::Set(d, 1.0f));
  }
};
struct HardSwish {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    const auto gate = hn::Clamp(hn::Add(x, hn::Set(d, 3.0f)), hn::Zero(d), hn::Set(d, 6.0f));
    return hn::Mul(hn::Mul(x, gate), hn::Set(d, 1.0f / 6.0f));
  }
};
struct Softsign {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return hn::Div(x, hn::Add(hn::Set(d, 1.0f), hn::Abs(x)));
  }
};
/// One slope from 0 to 1 for all: the line is then the larger of the two.
struct GentleLeakyRelu {
  float slope;
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    return hn::Max(x, hn::Mul(x, hn::Set(d, slope)));
  }
};
struct LeakyRelu {
  const float* slopes;
  std::size_t step;  // 0: one slope for all channels
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t channel) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(x, hn::Set(d, slopes[channel * step])));
  }
};
struct LeakyHardTanh {
  const Activation& a;
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, std::size_t) const {
    const auto low = hn::Set(d, a.minimum);
    const auto high = hn::Set(d, a.maximum);
    const auto below = hn::MulAdd(hn::Sub(x, low), hn::Set(d, a.minimumSlope), low);
    const auto above = hn::MulAdd(hn::Sub(x, high), hn::Set(d, a.maximumSlope), high);
    return hn::IfThenElse(hn::Lt(x, low), below, hn::IfThenElse(hn::Gt(x, high), above, x));
  }
};

GAINSTAGE_KERNEL bool IsGentleLeakyRelu(const Activation& a) {
  return a.kind == ActivationKind::leakyRelu && a.slopes.size() == 1 && a.slopes[0] >= 0.0f &&
         a.slopes[0] <= 1.0f;
}

/// Calls `task` with the function of an activation: one loop is compiled for each kind, and the choice is
/// made once for all its samples.
template <typename Task>
GAINSTAGE_KERNEL void WithActivation(const Activation& activation, const Task& task) {
  switch (activation.kind) {
    case ActivationKind::identity:
      return task(Identity());
    case ActivationKind::tanh:
      return task(ApplyTanh());
    case ActivationKind::fastTanh:
      return task(ApplyFastTanh());
    case ActivationKind::sigmoid:
      return task(ApplySigmoid());
    case ActivationKind::silu:
      return task(Silu());
    case ActivationKind::elu:
      return task(ApplyElu());
    case ActivationKind::relu:
      return task(Relu());
    case ActivationKind::hardTanh:
      return task(HardTanh());
    case ActivationKind::hardSwish:
      return task(HardSwish());
    case ActivationKind::softsign:
      return task(Softsign());
    case ActivationKind::leakyHardTanh:
      return task(LeakyHardTanh{activation});
    case ActivationKind::leakyRelu: {
      const std::vector<float>& slopes = activation.slopes;
      if (IsGentleLeakyRelu(activation)) return task(GentleLeakyRelu{slopes[0]});
      return task(LeakyRelu{slopes.data(), slopes.size() > 1 ? 1u : 0u});
    }
  }
}

/// Whether activated samples also go to the head's sum, and whether they are its first.
enum class HeadSum { none, begin, add };

/// `from` activated to `to` (which may be `from`), for `channels` rows of whole vectors.
template <HeadSum kSum, typename Function>
GAINSTAGE_KERNEL void ActivateRows(const Function& function, ConstRows from, Rows to, Rows head,
                                   std::size_t channels, std::size_t frames) {
  const hn::ScalableTag<float> d;
  for (std::size_t c = 0; c < channels; ++c) {
    const float* in = from.row(c);
    float* out = to.row(c);
    float* sum = kSum == HeadSum::none ? nullptr : head.row(c);
    for (std::size_t n = 0; n < frames; n += hn::Lanes(d)) {
      const auto activated = function(d, hn::LoadU(d, in + n), c);
      hn::StoreU(activated, d, out + n);
      if constexpr (kSum == HeadSum::begin) hn::StoreU(activated, d, sum + n);
      if constexpr (kSum == HeadSum::add) hn::StoreU(hn::Add(hn::LoadU(d, sum + n), activated), d, sum + n);
    }
  }
}

GAINSTAGE_KERNEL void Activate(const Activation& activation, ConstRows from, Rows to, HeadSum sum, Rows head,
                               std::size_t channels, std::size_t frames) {
  WithActivation(activation, [&](const auto& function) {
    switch (sum) {
      case HeadSum::none:
        return ActivateRows<HeadSum::none>(function, from, to, head, channels, frames);
      case HeadSum::begin:
        return ActivateRows<HeadSum::begin>(function, from, to, head, channels, frames);
      case HeadSum::add:
        return ActivateRows<HeadSum::add>(function, from, to, head, channels, frames);
    }
  });
}

struct Sum {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Add(a, b);
  }
};
struct Difference {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Sub(a, b);
  }
};
struct Product {
  template <class V>
  HWY_INLINE V operator()(V a, V b) const {
    return hn::Mul(a, b);
  }
};
struct Second {
  template <class V>
  HWY_INLINE V operator()(V, V b) const {
    return b;
  }
};

/// first = function(first, second), sample by sample.
template <typename Function>
GAINSTAGE_KERNEL void Combine(const Function& function, Rows first, ConstRows second, std::size_t channels,
                              std::size_t frames) {
  const hn::ScalableTag<float> d;
  for (std::size_t c = 0; c < channels; ++c) {
    float* a = first.row(c);
    const float* b = second.row(c);
    for (std::size_t n = 0; n < frames; n += hn::Lanes(d))
      hn::StoreU(function(hn::LoadU(d, a + n), hn::LoadU(d, b + n)), d, a + n);
  }
}

}  // namespace gainstage::neural::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
