#include "neural/resampled_player.h"

#include <algorithm>

#include "neural/silence.h"

namespace gainstage::neural {
namespace {

constexpr FrameCount kChunk = 256;  // session frames

// Positions are counted in 1/steps of a frame. Session frame 0 and network frame 0 lie at the same time; the
// first network frame that needs session frame 0 or a later one comes before that, by the filter's length.

/// Network frames that may wait for the session frame that needs them: those between two of its frames, and
/// the roundings at either end.
FrameCount mostWaiting(const dsp::RateTable& up) { return up.stride() / up.steps() + 4; }

std::int64_t floorDivide(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

/// The session frame that the first network frame waits for.
std::int64_t firstDown(const dsp::RateTable& down) { return down.delay() % down.stride(); }

/// The network frame, counted from the first, that the session's output 0 waits for.
std::int64_t firstUp(const dsp::RateTable& down, const dsp::RateTable& up, FrameCount latency) {
  const std::int64_t framesBefore = down.delay() / down.stride();
  return up.delay() - latency * std::int64_t{up.stride()} + framesBefore * up.steps();
}

}  // namespace

FrameCount ResampledPlayer::latencyFrames(const dsp::RateTable& down, const dsp::RateTable& up) {
  auto latency = static_cast<FrameCount>(down.delay() / down.steps());
  const auto isEnough = [&] {
    const std::int64_t first = firstUp(down, up, latency);
    // The grids meet again after up.steps() session frames.
    for (std::int64_t n = 0; n < up.steps(); ++n) {
      const std::int64_t newestThere =
          floorDivide((n + 1) * down.steps() - 1 - firstDown(down), down.stride());
      if (floorDivide(first + n * up.stride(), up.steps()) > newestThere) return false;
    }
    return true;
  };
  while (!isEnough()) ++latency;
  return latency;
}

ResampledPlayer::ResampledPlayer(const Program& program, const std::shared_ptr<const dsp::RateTable>& down,
                                 const std::shared_ptr<const dsp::RateTable>& up, FrameCount latency)
    : player_(program.makePlayer()),
      down_(static_cast<std::size_t>(program.inputs())),
      up_(static_cast<std::size_t>(program.outputs())),
      firstDown_(firstDown(*down)),
      firstUp_(firstUp(*down, *up, latency)),
      rest_(restOutputs(*player_, program.inputs(), program.outputs())) {
  const FrameCount most = kChunk * down->steps() / down->stride() + 2;
  in_ = AudioBuffer(program.inputs(), most);
  out_ = AudioBuffer(program.outputs(), most);
  for (dsp::RateConverter& converter : down_) converter.prepare(down, kChunk);
  for (dsp::RateConverter& converter : up_) converter.prepare(up, most, mostWaiting(*up));
  settle();
}

void ResampledPlayer::settle() noexcept {
  player_->settle();
  for (dsp::RateConverter& converter : down_) converter.reset(firstDown_);
  for (dsp::RateConverter& converter : up_) converter.reset(firstUp_);
}

void ResampledPlayer::process(ConstAudioView in, AudioView out) noexcept {
  for (FrameCount at = 0; at < in.frames(); at += kChunk) {
    const FrameCount frames = std::min(kChunk, in.frames() - at);
    processChunk(in.frameRange(at, frames), out.frameRange(at, frames));
  }
}

void ResampledPlayer::processChunk(ConstAudioView in, AudioView out) noexcept {
  FrameCount made = 0;
  for (int c = 0; c < in.channels(); ++c)
    made = down_[static_cast<std::size_t>(c)].process(in.channel(c), in_.channel(c));
  if (made > 0) player_->process(in_.view(made), out_.view(made));
  for (int c = 0; c < out.channels(); ++c) {
    const auto channel = static_cast<std::size_t>(c);
    const std::span<float> network = out_.view(made).channel(c);
    for (float& sample : network) sample -= rest_[channel];
    up_[channel].process(network, out.channel(c));
    for (float& sample : out.channel(c)) sample += rest_[channel];
  }
}

}  // namespace gainstage::neural
