#include "neural/interleaved_player.h"

namespace gainstage::neural {
namespace {

constexpr FrameCount kChunk = 1024;  // session frames

}  // namespace

InterleavedPlayer::InterleavedPlayer(const Program& program, int turns)
    : in_(program.inputs(), kChunk / turns + 1), out_(program.outputs(), kChunk / turns + 1) {
  for (int turn = 0; turn < turns; ++turn) players_.push_back(program.makePlayer());
}

void InterleavedPlayer::settle() noexcept {
  for (const auto& player : players_) player->settle();
  turn_ = 0;
}

void InterleavedPlayer::process(ConstAudioView in, AudioView out) noexcept {
  for (FrameCount at = 0; at < in.frames(); at += kChunk) {
    const FrameCount frames = std::min(kChunk, in.frames() - at);
    processChunk(in.frameRange(at, frames), out.frameRange(at, frames));
  }
}

void InterleavedPlayer::processChunk(ConstAudioView in, AudioView out) noexcept {
  const auto frames = static_cast<std::size_t>(in.frames());
  const std::size_t turns = players_.size();
  // `out` may be `in`: each frame of it is written by the turn that has read it.
  for (std::size_t first = 0; first < std::min(turns, frames); ++first) {
    const auto count = static_cast<FrameCount>((frames - first + turns - 1) / turns);
    const AudioView from = in_.view(count), to = out_.view(count);
    for (int c = 0; c < in.channels(); ++c)
      for (std::size_t n = first, k = 0; n < frames; n += turns, ++k) from.channel(c)[k] = in.channel(c)[n];
    players_[(turn_ + first) % turns]->process(from, to);
    for (int c = 0; c < out.channels(); ++c)
      for (std::size_t n = first, k = 0; n < frames; n += turns, ++k) out.channel(c)[n] = to.channel(c)[k];
  }
  turn_ = (turn_ + frames) % turns;
}

}  // namespace gainstage::neural
