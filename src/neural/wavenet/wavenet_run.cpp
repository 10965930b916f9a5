#include "neural/wavenet/wavenet_run.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "neural/wavenet/wavenet_run.cpp"
#include "hwy/foreach_target.h"
// Must follow foreach_target.h.
#include "neural/kernels/activate-inl.h"
#include "neural/kernels/mix-inl.h"
#include "neural/wavenet/fused_layers-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {

using Layer = WaveNetProgram::Layer;
using Extras = WaveNetProgram::Extras;

class Runner {
 public:
  Runner(const WaveNetProgram& program, WaveNetState& state, std::size_t frames, bool forEver)
      : program_(program), state_(state), frames_(frames), written_(frames, forEver) {}

  void Run() {
    const auto& arrays = program_.arrays();
    ConstRows source = state_.input;
    if (arrays.empty()) Copy(source, HeadOutput(), static_cast<std::size_t>(program_.inputs()));
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      RunLayers(arrays[a], state_.arrays[a], source, a == 0);
      const bool isLast = a + 1 == arrays.size();
      written_(state_.arrays[a].head);
      Convolve(arrays[a].head, state_.arrays[a].head, {}, state_.bundles,
               isLast ? HeadOutput() : state_.arrays[a + 1].head.now(), frames_);
      source = state_.arrayOutput;
    }
    RunHeadLayers();
  }

 private:
  void RunLayers(const WaveNetProgram::Array& array, WaveNetState::Array& state, ConstRows source,
                 bool isFirst) {
    const auto inputOf = [&](std::size_t l) {
      const WaveNetProgram::Extras* extras = array.layers[l].extras.get();
      return extras != nullptr && extras->film(FilmPlace::beforeConvolution) != nullptr
                 ? state_.layerInput
                 : state.layers[l].now();
    };
    Rows input = inputOf(0);
    Multiply(array.rechannel, source, {}, input, frames_);
    const Layer& first = array.layers.front();
    if (array.isUniform && HasFused(first.channels, first.activation))
      return RunFused({array, state, state_.condition, state_.arrayOutput, isFirst, written_, frames_},
                      first.channels, first.activation);
    for (std::size_t l = 0; l < array.layers.size(); ++l) {
      const Layer& layer = array.layers[l];
      const Rows next = l + 1 == array.layers.size() ? state_.arrayOutput : inputOf(l + 1);
      const HeadSum sum = isFirst && l == 0 ? HeadSum::begin : HeadSum::add;
      if (layer.extras == nullptr)
        RunPlain(layer, state.layers[l], input, next, sum, state.head.now());
      else
        RunFull(layer, *layer.extras, state.layers[l], input, next, sum, state.head.now());
      input = next;
    }
  }

  void RunPlain(const Layer& layer, History& history, Rows input, Rows next, HeadSum sum, Rows head) {
    written_(history);
    const Matrix* layer1x1 = layer.layer1x1 ? &*layer.layer1x1 : nullptr;
    if (layer1x1 == nullptr && layer.isHeard) Copy(input, next, layer.channels);
    Convolve(layer.convolution, history, state_.condition, state_.bundles, state_.mixed, frames_);
    HWY_NAMESPACE::Activate(layer.activation, state_.mixed, state_.activated, sum, head, layer.bottleneck,
                            frames_);
    if (layer1x1 != nullptr) Multiply(*layer1x1, state_.activated, input, next, frames_);
  }

  void RunFull(const Layer& layer, const Extras& extras, History& history, Rows input, Rows next, HeadSum sum,
               Rows head) {
    if (const auto* film = extras.film(FilmPlace::beforeConvolution))
      Modulate(*film, input, history.now(), layer.channels);
    written_(history);
    Convolve(layer.convolution, history, state_.condition, state_.bundles, state_.mixed, frames_);
    const auto outputs = static_cast<std::size_t>(layer.convolution.outputs);
    if (extras.mixin) AddMixin(extras, outputs);
    Modulate(extras, FilmPlace::beforeActivation, state_.mixed, outputs);
    Activate(layer, extras);
    Modulate(extras, FilmPlace::afterActivation, state_.activated, layer.bottleneck);
    AddToHead(layer, extras, sum, head);

    if (!layer.layer1x1) return layer.isHeard ? Copy(input, next, layer.channels) : void();
    const auto* film = extras.film(FilmPlace::afterLayer1x1);
    if (film == nullptr) return Multiply(*layer.layer1x1, state_.activated, input, next, frames_);
    Multiply(*layer.layer1x1, state_.activated, {}, state_.mixin, frames_);
    Modulate(*film, state_.mixin, state_.mixin, layer.channels);
    Copy(input, next, layer.channels);
    Combine(Sum(), next, state_.mixin, layer.channels, frames_);
  }

  void AddMixin(const Extras& extras, std::size_t outputs) {
    Modulate(extras, FilmPlace::afterConvolution, state_.mixed, outputs);
    ConstRows condition = state_.condition;
    if (const auto* film = extras.film(FilmPlace::beforeMixin)) {
      Modulate(*film, condition, state_.modulatedCondition, static_cast<std::size_t>(extras.mixin->inputs));
      condition = state_.modulatedCondition;
    }
    const auto* film = extras.film(FilmPlace::afterMixin);
    if (film == nullptr) return Multiply(*extras.mixin, condition, state_.mixed, state_.mixed, frames_);
    Multiply(*extras.mixin, condition, {}, state_.mixin, frames_);
    Modulate(*film, state_.mixin, state_.mixin, outputs);
    Combine(Sum(), state_.mixed, state_.mixin, outputs, frames_);
  }

  /// From state_.mixed to state_.activated.
  void Activate(const Layer& layer, const Extras& extras) {
    const std::size_t width = layer.bottleneck;
    HWY_NAMESPACE::Activate(layer.activation, state_.mixed, state_.activated, HeadSum::none, {}, width,
                            frames_);
    if (extras.gating == Gating::none) return;
    const Rows upper = state_.mixed.from(width);
    HWY_NAMESPACE::Activate(extras.secondActivation, upper, upper, HeadSum::none, {}, width, frames_);
    if (extras.gating == Gating::gated) return Combine(Product(), state_.activated, upper, width, frames_);
    // share a + (1 - share) x = x + share (a - x)
    Combine(Difference(), state_.activated, state_.mixed, width, frames_);
    Combine(Product(), state_.activated, upper, width, frames_);
    Combine(Sum(), state_.activated, state_.mixed, width, frames_);
  }

  void AddToHead(const Layer& layer, const Extras& extras, HeadSum sum, Rows head) {
    if (!extras.head1x1) return AddRows(state_.activated, sum, head, layer.bottleneck);
    const auto* film = extras.film(FilmPlace::afterHead1x1);
    if (film == nullptr) {
      const ConstRows before = sum == HeadSum::add ? ConstRows(head) : ConstRows();
      return Multiply(*extras.head1x1, state_.activated, before, head, frames_);
    }
    const auto outputs = static_cast<std::size_t>(extras.head1x1->outputs);
    Multiply(*extras.head1x1, state_.activated, {}, state_.mixin, frames_);
    Modulate(*film, state_.mixin, state_.mixin, outputs);
    AddRows(state_.mixin, sum, head, outputs);
  }

  void AddRows(ConstRows rows, HeadSum sum, Rows head, std::size_t channels) {
    if (sum == HeadSum::begin) return Copy(rows, head, channels);
    Combine(Sum(), head, rows, channels, frames_);
  }

  void Copy(ConstRows from, Rows to, std::size_t channels) {
    if (from.first != to.first) Combine(Second(), to, from, channels, frames_);
  }

  void Modulate(const Extras& extras, FilmPlace place, Rows rows, std::size_t channels) {
    if (const auto* film = extras.film(place)) Modulate(*film, rows, rows, channels);
  }

  void Modulate(const WaveNetProgram::PackedFilm& film, ConstRows from, Rows to, std::size_t channels) {
    Multiply(film.scaleShift, state_.condition, {}, state_.scaleShift, frames_);
    Copy(from, to, channels);
    Combine(Product(), to, state_.scaleShift, channels, frames_);
    if (film.shift) Combine(Sum(), to, state_.scaleShift.from(channels), channels, frames_);
  }

  Rows HeadOutput() {
    return program_.headLayers().empty() ? state_.output : state_.headLayers.front().now();
  }

  void RunHeadLayers() {
    const auto& layers = program_.headLayers();
    for (std::size_t l = 0; l < layers.size(); ++l) {
      History& history = state_.headLayers[l];
      const auto inputs = static_cast<std::size_t>(layers[l].convolution.inputs);
      HWY_NAMESPACE::Activate(layers[l].activation, history.now(), history.now(), HeadSum::none, {}, inputs,
                              frames_);
      written_(history);
      Convolve(layers[l].convolution, history, {}, state_.bundles,
               l + 1 == layers.size() ? state_.output : state_.headLayers[l + 1].now(), frames_);
    }
  }

  const WaveNetProgram& program_;
  WaveNetState& state_;
  std::size_t frames_;
  Ending written_;
};

void Run(const WaveNetProgram& program, WaveNetState& state, std::size_t frames) {
  Runner(program, state, frames, false).Run();
}

void Settle(const WaveNetProgram& program, WaveNetState& state) { Runner(program, state, 1, true).Run(); }

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::neural {

HWY_EXPORT(Run);
HWY_EXPORT(Settle);

void runWaveNet(const WaveNetProgram& program, WaveNetState& state, std::size_t frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Run)(program, state, frames);
}

void settleWaveNet(const WaveNetProgram& program, WaveNetState& state) noexcept {
  HWY_DYNAMIC_DISPATCH(Settle)(program, state);
}

}  // namespace gainstage::neural
#endif
