// Included once for each instruction set (Highway's foreach_target), hence the unusual guard.
#if defined(GAINSTAGE_NEURAL_FUSED_LAYER_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_FUSED_LAYER_INL_H
#undef GAINSTAGE_NEURAL_FUSED_LAYER_INL_H
#else
#define GAINSTAGE_NEURAL_FUSED_LAYER_INL_H
#endif

#include <hwy/highway.h>

#include "neural/kernels/activate-inl.h"
#include "neural/kernels/mix-inl.h"

/// A whole WaveNet layer without a detour through memory, for those with so few channels that all of them fit
/// into the registers at once: convolution, activation, the head's sum, the 1x1 and the residual.
///
///     history ─▶ kChannels x kVectors sums ─▶ activated ─▶ 1x1 ─▶ + input ─▶ next layer's history
///                 (registers)                     └─────▶ head
///
/// What a layer costs beside its multiply-adds, storing and loading between its steps, is half of all work at
/// 2 to 4 channels.
HWY_BEFORE_NAMESPACE();
namespace gainstage::neural::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

struct FusedTask {
  const Matrix& convolution;  // with the mixin beside it
  const History& history;
  ConstRows condition;
  const Matrix* layer1x1;  // nullptr: `next` is not written
  ConstRows input;
  Rows next;
  Rows head;
  bool headBegins;  // the head's sum begins with this layer
};

template <class D, std::size_t kChannels, std::size_t kVectors>
HWY_INLINE void AddRow(D d, const float* row, const float* weights, hn::Vec<D> (&sums)[kChannels][kVectors]) {
  hn::Vec<D> inputs[kVectors];
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kVectors; ++v) inputs[v] = hn::LoadU(d, row + v * hn::Lanes(d));
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    const auto weight = hn::Set(d, weights[r]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(inputs[v], weight, sums[r][v]);
  }
}

template <std::size_t kChannels, std::size_t kVectors, class D, class Function>
HWY_INLINE void FusedTile(D d, const FusedTask& task, const Function& function, std::size_t frame) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> sums[kChannels][kVectors];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    const auto bias = hn::Set(d, task.convolution.bias[r]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = bias;
  }
  const float* weights = task.convolution.weights.data();
  const auto besides = static_cast<std::size_t>(task.convolution.besides);
  // The condition and the oldest taps first: what the layer before has only just stored is needed last.
  for (std::size_t c = 0; c < besides; ++c, weights += kChannels)
    AddRow(d, task.condition.row(c) + frame, weights, sums);
  std::size_t delay = task.convolution.span();
  for (int tap = 0; tap < task.convolution.kernel;
       ++tap, delay -= static_cast<std::size_t>(task.convolution.dilation)) {
    const ConstRows rows = task.history.ago(delay);
#pragma GCC unroll 8
    for (std::size_t c = 0; c < kChannels; ++c, weights += kChannels)
      AddRow(d, rows.row(c) + frame, weights, sums);
  }

#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    float* head = task.head.row(r) + frame;
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      sums[r][v] = function(d, sums[r][v], r);
      hn::StoreU(task.headBegins ? sums[r][v] : hn::Add(sums[r][v], hn::LoadU(d, head + v * lanes)), d,
                 head + v * lanes);
    }
  }
  if (task.layer1x1 == nullptr) return;
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    const auto bias = hn::Set(d, task.layer1x1->bias[r]);
    const float* input = task.input.row(r) + frame;
    hn::Vec<D> next[kVectors];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) next[v] = hn::Add(bias, hn::LoadU(d, input + v * lanes));
#pragma GCC unroll 8
    for (std::size_t c = 0; c < kChannels; ++c) {
      const auto weight = hn::Set(d, task.layer1x1->weights[c * kChannels + r]);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) next[v] = hn::MulAdd(sums[c][v], weight, next[v]);
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(next[v], d, task.next.row(r) + frame + v * lanes);
  }
}

template <std::size_t kChannels, class Function>
HWY_INLINE void RunFused(const FusedTask& task, const Function& function, std::size_t frames) {
  constexpr std::size_t kWide = kWidest[kChannels];
  const FloatTag d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t vectors = (frames + lanes - 1) / lanes;
  std::size_t v = 0;
  for (; v + kWide <= vectors; v += kWide) FusedTile<kChannels, kWide>(d, task, function, v * lanes);
  if constexpr (kWide > 2)
    if (v + 2 <= vectors) FusedTile<kChannels, 2>(d, task, function, v * lanes), v += 2;
  if (v == vectors) return;
#if HWY_TARGET <= HWY_AVX3
  // Few sums wait for each other: twice as many of half the width take less time. Not with tanh, whose own
  // work is then twice as much.
  if constexpr (kWide > 2 && std::is_same_v<Function, GentleLeakyRelu>)
    return FusedTile<kChannels, 2>(hn::Half<FloatTag>(), task, function, v * lanes);
#endif
  FusedTile<kChannels, 1>(d, task, function, v * lanes);
}

/// Whether there is a fused layer of so many channels with that activation.
HWY_INLINE bool HasFused(std::size_t channels, const Activation& activation) {
  const bool fits = channels <= 4 || channels == kTallest;
  const bool isKnown = activation.kind == ActivationKind::tanh || activation.kind == ActivationKind::relu ||
                       IsGentleLeakyRelu(activation);
  return fits && isKnown;
}

HWY_INLINE void RunFused(const FusedTask& task, const Activation& activation, std::size_t frames) {
  const auto run = [&](const auto& function) {
    switch (task.convolution.outputs) {
      case 1:
        return RunFused<1>(task, function, frames);
      case 2:
        return RunFused<2>(task, function, frames);
      case 3:
        return RunFused<3>(task, function, frames);
      case 4:
        return RunFused<4>(task, function, frames);
      default:
        return RunFused<kTallest>(task, function, frames);
    }
  };
  if (activation.kind == ActivationKind::tanh) return run(ApplyTanh());
  run(GentleLeakyRelu{activation.kind == ActivationKind::relu ? 0.0f : activation.slopes[0]});
}

}  // namespace gainstage::neural::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
