#include "neural/recurrent/sequence_player.h"

#include <algorithm>
#include <cassert>

namespace gainstage::neural {
namespace {

// Layers remember, and their arithmetic takes any finite number but no others.
float bounded(float x) noexcept {
  constexpr float kMost = 1e6f;
  const float above = x < -kMost ? -kMost : x;
  const float within = above > kMost ? kMost : above;
  return x == x ? within : 0.0f;
}

}  // namespace

SequencePlayer::SequencePlayer(const SequenceProgram& program, std::shared_ptr<const Program> keepAlive)
    : program_(program),
      keepAlive_(std::move(keepAlive)),
      memory_(1, static_cast<FrameCount>(program.stateFloats_ + kChunkFrames + program.scratchFloats_)) {
  std::span<float> state = memory_.channel(0);
  for (const auto& stage : program_.stages_) {
    stage->begin(state);
    state = state.subspan(stage->stateFloats());
  }
}

std::span<const float> SequencePlayer::state() const noexcept {
  return memory_.channel(0).first(program_.stateFloats_);
}

void SequencePlayer::settle() noexcept {
  std::ranges::copy(program_.settled_.channel(0).first(program_.stateFloats_), memory_.channel(0).begin());
}

void SequencePlayer::process(ConstAudioView in, AudioView out) noexcept {
  assert(in.channels() == 1 && out.channels() == program_.outputs() && in.frames() == out.frames());
  for (FrameCount at = 0; at < in.frames(); at += kChunkFrames) {
    const FrameCount frames = std::min(in.frames() - at, kChunkFrames);
    processChunk(in.frameRange(at, frames), out.frameRange(at, frames));
  }
}

void SequencePlayer::processChunk(ConstAudioView in, AudioView out) noexcept {
  float* state = memory_.channel(0).data();
  float* input = state + program_.stateFloats_;
  float* scratch = input + kChunkFrames;
  const std::span<const float> dry = in.channel(0);
  for (std::size_t n = 0; n < dry.size(); ++n) input[n] = bounded(program_.inputGain_ * dry[n]);

  ConstRows rows{input, 1};
  for (const auto& stage : program_.stages_) {
    rows = stage->run(rows, state, scratch, in.frames());
    state += stage->stateFloats();
    scratch += stage->scratchFloats();
  }
  const float gain = program_.outputGain_;
  for (int c = 0; c < out.channels(); ++c) {
    const std::span<float> to = out.channel(c);
    const float* from = rows.data + c;
    if (program_.skip_ && c == 0)
      for (std::size_t n = 0; n < to.size(); ++n)
        to[n] = gain * (from[n * rows.stride] + program_.inputGain_ * dry[n]);
    else if (rows.stride == 1)  // what nearly all have, in vectors
      for (std::size_t n = 0; n < to.size(); ++n) to[n] = gain * from[n];
    else
      for (std::size_t n = 0; n < to.size(); ++n) to[n] = gain * from[n * rows.stride];
  }
}

}  // namespace gainstage::neural
