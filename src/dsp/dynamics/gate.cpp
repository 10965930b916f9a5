#include "dsp/dynamics/gate.h"

#include <algorithm>

namespace gainstage::dsp {

void Gate::prepare(const StreamFormat& format) noexcept {
  format_ = format;
  depth_.setLength(format.frames({20.0}));
  updateThresholds();
  reset();
}

void Gate::reset() noexcept {
  switch_.reset();
  openness_ = 0.0;
  depth_.snapToTarget();
}

void Gate::process(AudioView io, ConstAudioView key) noexcept {
  constexpr auto kMost = static_cast<FrameCount>(kDynamicsFrames);
  for (FrameCount done = 0; done < io.frames(); done += kMost) {
    const FrameCount frames = std::min(kMost, io.frames() - done);
    processChunk(io.frameRange(done, frames), key.frameRange(done, frames));
  }
}

void Gate::processChunk(AudioView io, ConstAudioView key) noexcept {
  const auto frames = static_cast<std::size_t>(io.frames());
  DynamicsChunk magnitude, openness, depth, gain;
  linkChannels(key.channel(0).data(), key.channel(key.channels() - 1).data(), frames, magnitude);

  bool wholeOpen = true;
  GateSwitch state = switch_;
  double position = openness_;
  for (std::size_t n = 0; n < frames; ++n) {
    position =
        state.next(magnitude.values[n]) ? std::min(position + rise_, 1.0) : std::max(position - fall_, 0.0);
    openness.values[n] = static_cast<float>(position);
    wholeOpen &= position == 1.0;
  }
  switch_ = state;
  openness_ = position;

  if (wholeOpen) {
    depth_.skip(io.frames());
    return;
  }
  depth_.fill({depth.data(), frames});
  gateGainsOf(openness, depth, frames, gain);
  for (int c = 0; c < io.channels(); ++c) multiply(gain, io.channel(c).data(), frames);
}

}  // namespace gainstage::dsp
