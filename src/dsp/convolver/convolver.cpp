#include "dsp/convolver/convolver.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace gainstage::dsp {

void Convolver::prepare(const Convolution& convolution) {
  inputs_ = convolution.inputs;
  outputs_ = convolution.outputs;
  layout_ = choosePartitions({.taps = static_cast<std::int64_t>(convolution.taps()),
                              .inputs = inputs_,
                              .outputs = outputs_,
                              .paths = static_cast<int>(convolution.paths.size())});
  const bool isDirect = layout_.empty();
  head_ = ConvolverHead(convolution, isDirect ? nullptr : layout_.data());
  tails_.clear();
  for (std::size_t i = 1; i < layout_.size(); ++i) tails_.emplace_back(convolution, layout_[i]);
  ring_ = AudioBuffer(tails_.empty() ? 0 : inputs_, tails_.empty() ? 0 : 4 * tails_.back().blockFrames());
  reset();
}

void Convolver::reset() noexcept {
  head_.reset();
  for (ConvolverTail& tail : tails_) tail.reset();
  now_ = 0;
  // What stands before frame 0; the rest is written before it is read.
  if (!tails_.empty()) {
    const FrameCount before = tails_.back().blockFrames();
    ring_.view().frameRange(ring_.frames() - before, before).clear();
  }
}

void Convolver::process(ConstAudioView in, AudioView out) noexcept {
  assert(in.channels() == inputs_ && out.channels() == outputs_ && in.frames() == out.frames());
  for (FrameCount at = 0; at < in.frames();) {
    const FrameCount frames = std::min(in.frames() - at, ConvolverHead::kBlock - head_.position());
    processInBlock(in.frameRange(at, frames), out.frameRange(at, frames));
    at += frames;
  }
}

void Convolver::processInBlock(ConstAudioView in, AudioView out) noexcept {
  const FrameCount frames = in.frames();
  for (int input = 0; input < inputs_; ++input) {
    head_.take(input, in.channel(input));
    if (!tails_.empty())
      std::ranges::copy(in.channel(input), ring_.channel(input).begin() + (now_ & (ring_.frames() - 1)));
  }
  std::array<const float*, kMostRuns> parts;
  for (int output = 0; output < outputs_; ++output) {
    std::size_t count = 0;
    for (const ConvolverTail& tail : tails_)
      if (const float* part = tail.ready(output)) parts[count++] = part;
    parts[count++] = head_.ready(output);
    head_.render(output, std::span(parts).first(count), out.channel(output));
  }
  now_ += frames;
  head_.advance(frames);
  for (ConvolverTail& tail : tails_) tail.advance(frames, ring_);
}

}  // namespace gainstage::dsp
