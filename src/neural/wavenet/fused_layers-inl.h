// Included once for each instruction set (Highway's foreach_target), hence the unusual guard.
#if defined(GAINSTAGE_NEURAL_FUSED_LAYERS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_FUSED_LAYERS_INL_H
#undef GAINSTAGE_NEURAL_FUSED_LAYERS_INL_H
#else
#define GAINSTAGE_NEURAL_FUSED_LAYERS_INL_H
#endif

#include <hwy/highway.h>

#include "neural/kernels/activate-inl.h"
#include "neural/kernels/mix-inl.h"
#include "neural/wavenet/wavenet_player.h"

/// WaveNet layers without a detour through memory, for arrays with so few channels that all of them fit into
/// the registers at once: convolution, activation, the head's sum, the 1x1 and the residual.
///
///     history ─▶ kChannels x kVectors sums ─▶ activated ─▶ 1x1 ─▶ + input ─▶ next layer's history
///                 (registers)                     └─────▶ head
///
/// What a layer costs beside its multiply-adds, storing and loading between its steps and finding out what it
/// is, is more than half of all work at 2 to 4 channels: the loop over an array's layers is compiled for
/// their width and activation.
HWY_BEFORE_NAMESPACE();
namespace gainstage::neural::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// What a history gets: the chunk that was written last, or, while settling, its first frame for ever.
class Ending {
 public:
  Ending(std::size_t frames, bool forEver) : frames_(frames), forEver_(forEver) {}

  GAINSTAGE_KERNEL void operator()(History& history) const {
    if (HWY_UNLIKELY(forEver_))
      history.fill(history.now());
    else
      history.mirror(frames_);
  }

 private:
  std::size_t frames_;
  bool forEver_;
};

/// One array and one chunk. The first layer's input is in its history.
struct FusedTask {
  const WaveNetProgram::Array& array;
  WaveNetState::Array& state;
  ConstRows condition;
  Rows output;      // of the last layer
  bool headBegins;  // the head's sum begins with the first layer
  Ending written;
  std::size_t frames;
};

struct FusedLayer {
  const Matrix& convolution;  // with the mixin beside it
  const History& history;
  ConstRows condition;
  const Matrix* layer1x1;  // nullptr: `next` is not written
  Rows next;
  Rows head;
  bool headBegins;
};

template <class D, std::size_t kChannels, std::size_t kVectors>
GAINSTAGE_KERNEL void AddRow(D d, const float* row, const float* weights,
                             hn::Vec<D> (&sums)[kChannels][kVectors]) {
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
GAINSTAGE_KERNEL void FusedTile(D d, const FusedLayer& layer, const Function& function, std::size_t frame) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> sums[kChannels][kVectors];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    const auto bias = hn::Set(d, layer.convolution.bias[r]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = bias;
  }
  const float* weights = layer.convolution.weights.data();
  const auto besides = static_cast<std::size_t>(layer.convolution.besides);
  // The condition and the oldest taps first: what the layer before has only just stored is needed last.
  for (std::size_t c = 0; c < besides; ++c, weights += kChannels)
    AddRow(d, layer.condition.row(c) + frame, weights, sums);
  std::size_t delay = layer.convolution.span();
  for (int tap = 0; tap < layer.convolution.kernel;
       ++tap, delay -= static_cast<std::size_t>(layer.convolution.dilation)) {
    const ConstRows rows = layer.history.ago(delay);
#pragma GCC unroll 8
    for (std::size_t c = 0; c < kChannels; ++c, weights += kChannels)
      AddRow(d, rows.row(c) + frame, weights, sums);
  }

#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    float* head = layer.head.row(r) + frame;
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      sums[r][v] = function(d, sums[r][v], r);
      hn::StoreU(layer.headBegins ? sums[r][v] : hn::Add(sums[r][v], hn::LoadU(d, head + v * lanes)), d,
                 head + v * lanes);
    }
  }
  if (layer.layer1x1 == nullptr) return;
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kChannels; ++r) {
    const auto bias = hn::Set(d, layer.layer1x1->bias[r]);
    const float* input = layer.history.now().row(r) + frame;
    hn::Vec<D> next[kVectors];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) next[v] = hn::Add(bias, hn::LoadU(d, input + v * lanes));
#pragma GCC unroll 8
    for (std::size_t c = 0; c < kChannels; ++c) {
      const auto weight = hn::Set(d, layer.layer1x1->weights[c * kChannels + r]);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) next[v] = hn::MulAdd(sums[c][v], weight, next[v]);
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(next[v], d, layer.next.row(r) + frame + v * lanes);
  }
}

template <std::size_t kChannels, class Function>
GAINSTAGE_KERNEL void RunFusedLayer(const FusedLayer& layer, const Function& function, std::size_t frames) {
  constexpr std::size_t kWide = kWidest[kChannels];
  const FloatTag d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t vectors = (frames + lanes - 1) / lanes;
  std::size_t v = 0;
  for (; v + kWide <= vectors; v += kWide) FusedTile<kChannels, kWide>(d, layer, function, v * lanes);
  if constexpr (kWide > 2)
    if (v + 2 <= vectors) FusedTile<kChannels, 2>(d, layer, function, v * lanes), v += 2;
  if (v == vectors) return;
#if HWY_TARGET <= HWY_AVX3
  // Few sums wait for each other: twice as many of half the width take less time. Not with tanh, whose own
  // work is then twice as much.
  if constexpr (kWide > 2 && std::is_same_v<Function, GentleLeakyRelu>)
    return FusedTile<kChannels, 2>(hn::Half<FloatTag>(), layer, function, v * lanes);
#endif
  FusedTile<kChannels, 1>(d, layer, function, v * lanes);
}

template <std::size_t kChannels, class Function>
void RunFusedLayers(const FusedTask& task, const Function& function) {
  const std::size_t count = task.array.layers.size();
  const Rows head = task.state.head.now();
  for (std::size_t l = 0; l < count; ++l) {
    const WaveNetProgram::Layer& layer = task.array.layers[l];
    History& history = task.state.layers[l];
    task.written(history);
    RunFusedLayer<kChannels>(
        {layer.convolution, history, task.condition, layer.layer1x1 ? &*layer.layer1x1 : nullptr,
         l + 1 < count ? task.state.layers[l + 1].now() : task.output, head, l == 0 && task.headBegins},
        function, task.frames);
  }
}

/// Whether there is a loop for layers of so many channels with that activation.
GAINSTAGE_KERNEL bool HasFused(std::size_t channels, const Activation& activation) {
  constexpr bool kHasEight = kTallest == 8;
  const bool fits = channels <= 4 || (kHasEight && channels == 8);
  const bool isKnown = activation.kind == ActivationKind::tanh || activation.kind == ActivationKind::relu ||
                       IsGentleLeakyRelu(activation);
  return fits && isKnown;
}

GAINSTAGE_KERNEL void RunFused(const FusedTask& task, std::size_t channels, const Activation& activation) {
  const auto run = [&](const auto& function) {
    switch (channels) {
      case 1:
        return RunFusedLayers<1>(task, function);
      case 2:
        return RunFusedLayers<2>(task, function);
      case 3:
        return RunFusedLayers<3>(task, function);
      case 4:
        return RunFusedLayers<4>(task, function);
      default:
        return RunFusedLayers<kTallest>(task, function);
    }
  };
  if (activation.kind == ActivationKind::tanh) return run(ApplyTanh());
  run(GentleLeakyRelu{activation.kind == ActivationKind::relu ? 0.0f : activation.slopes[0]});
}

}  // namespace gainstage::neural::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
