#include "neural/wavenet/wavenet_player.h"

#include "neural/wavenet/wavenet_run.h"

namespace gainstage::neural {
namespace {

/// Hands out pieces of one block of memory, each on a 64-byte line; without a block it only counts.
class Layout {
 public:
  explicit Layout(float* memory) : memory_(memory) {}

  float* take(std::size_t floats) {
    float* piece = memory_ == nullptr ? nullptr : memory_ + used_;
    constexpr std::size_t kLine = 16;
    used_ += (floats + kLine - 1) / kLine * kLine;
    return piece;
  }
  Rows rows(std::size_t channels) { return {take(channels * kChunk), kChunk}; }
  History history(const Matrix& matrix) {
    History history(static_cast<std::size_t>(matrix.inputs), matrix.span());
    history.place(take(history.floats()), histories_++);
    return history;
  }
  std::size_t used() const { return used_; }

 private:
  float* memory_;
  std::size_t used_ = 0;
  std::size_t histories_ = 0;
};

/// The widest of everything, in rows.
struct Widths {
  std::size_t channels = 0, condition = 0, mixed = 0, activated = 0, mixin = 0, scaleShift = 0, taps = 0;

  void count(const Matrix& matrix) { taps = std::max(taps, static_cast<std::size_t>(matrix.kernel)); }

  void count(const WaveNetProgram::Extras& extras) {
    if (extras.head1x1) mixin = std::max(mixin, static_cast<std::size_t>(extras.head1x1->outputs));
    if (extras.mixin) condition = std::max(condition, static_cast<std::size_t>(extras.mixin->inputs));
    for (const auto& film : extras.films)
      if (film) scaleShift = std::max(scaleShift, static_cast<std::size_t>(film->scaleShift.outputs));
  }

  explicit Widths(const WaveNetProgram& program) {
    for (const auto& array : program.arrays()) {
      count(array.head);
      for (const auto& layer : array.layers) {
        count(layer.convolution);
        const auto outputs = static_cast<std::size_t>(layer.convolution.outputs);
        channels = std::max(channels, layer.channels);
        mixed = std::max(mixed, outputs);
        activated = std::max(activated, layer.bottleneck);
        mixin = std::max({mixin, outputs, layer.channels});
        if (layer.extras) count(*layer.extras);
      }
    }
    for (const auto& layer : program.headLayers()) count(layer.convolution);
  }
};

void advance(std::vector<History>& histories, std::size_t frames) {
  for (History& history : histories) history.advance(frames);
}

}  // namespace

std::size_t WaveNetPlayer::lay(const WaveNetProgram& program, WaveNetState& state, float* memory) {
  const Widths widths(program);
  Layout layout(memory);
  state.input = layout.rows(static_cast<std::size_t>(program.inputs()));
  state.condition = program.condition() == nullptr
                        ? state.input
                        : layout.rows(static_cast<std::size_t>(program.condition()->outputs()));
  state.output = layout.rows(static_cast<std::size_t>(program.outputs()));
  state.layerInput = layout.rows(widths.channels);
  state.arrayOutput = layout.rows(widths.channels);
  state.mixed = layout.rows(widths.mixed);
  state.activated = layout.rows(widths.activated);
  state.mixin = layout.rows(widths.mixin);
  state.scaleShift = layout.rows(widths.scaleShift);
  state.modulatedCondition = layout.rows(widths.condition);
  state.bundles.resize(widths.taps + 1);
  for (const auto& array : program.arrays()) {
    WaveNetState::Array placed{.layers = {}, .head = layout.history(array.head)};
    for (const auto& layer : array.layers) placed.layers.push_back(layout.history(layer.convolution));
    state.arrays.push_back(std::move(placed));
  }
  for (const auto& layer : program.headLayers())
    state.headLayers.push_back(layout.history(layer.convolution));
  return layout.used();
}

std::size_t WaveNetPlayer::stateFloats(const WaveNetProgram& program) {
  WaveNetState state;
  return lay(program, state, nullptr);
}

WaveNetPlayer::WaveNetPlayer(std::shared_ptr<const WaveNetProgram> program)
    : program_(std::move(program)),
      condition_(program_->condition() == nullptr ? nullptr : program_->condition()->makePlayer()),
      memory_(1, static_cast<FrameCount>(stateFloats(*program_))) {
  lay(*program_, state_, memory_.channel(0).data());
  if (!condition_) return;
  for (int c = 0; c < program_->inputs(); ++c)
    inputRows_.push_back(state_.input.row(static_cast<std::size_t>(c)));
  for (int c = 0; c < program_->condition()->outputs(); ++c)
    conditionRows_.push_back(state_.condition.row(static_cast<std::size_t>(c)));
}

void WaveNetPlayer::settle() noexcept {
  now_ = 0;
  const auto inputs = static_cast<std::size_t>(program_->inputs());
  std::fill_n(state_.input.first, inputs * kChunk, 0.0f);
  if (condition_) {
    condition_->settle();
    // One frame of silence leaves the condition as it is: it has settled.
    makeCondition(1);
  }
  settleWaveNet(*program_, state_);
}

void WaveNetPlayer::makeCondition(FrameCount frames) noexcept {
  condition_->process(AudioView(inputRows_.data(), static_cast<int>(inputRows_.size()), frames),
                      AudioView(conditionRows_.data(), static_cast<int>(conditionRows_.size()), frames));
}

void WaveNetPlayer::process(ConstAudioView in, AudioView out) noexcept {
  for (FrameCount done = 0; done < in.frames();) {
    const FrameCount frames = History::chunkAt(now_, in.frames() - done);
    for (int c = 0; c < in.channels(); ++c)
      std::copy_n(in.channel(c).data() + done, frames, state_.input.row(static_cast<std::size_t>(c)));
    if (condition_) makeCondition(frames);
    runWaveNet(*program_, state_, static_cast<std::size_t>(frames));
    for (int c = 0; c < out.channels(); ++c)
      std::copy_n(state_.output.row(static_cast<std::size_t>(c)), frames, out.channel(c).data() + done);
    for (WaveNetState::Array& array : state_.arrays) {
      advance(array.layers, static_cast<std::size_t>(frames));
      array.head.advance(static_cast<std::size_t>(frames));
    }
    advance(state_.headLayers, static_cast<std::size_t>(frames));
    now_ += frames;
    done += frames;
  }
}

}  // namespace gainstage::neural
