#include "neural/recurrent/sequence_program.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "neural/programs.h"
#include "neural/recurrent/sequence_player.h"

namespace gainstage::neural {
namespace {

// Settled is a state of which no number moves by more than kStill while kStep frames (50 ms at 48 kHz) pass
// in silence: -140 dB of what units can be. Some never stand still, so at most kMost frames.
constexpr FrameCount kStep = 2400;
constexpr FrameCount kMost = 96000;
constexpr float kStill = 1e-7f;

}  // namespace

SequenceProgram::SequenceProgram(const Sequence& network)
    : stages_(makeStages(network)),
      skip_(network.skip),
      inputGain_(network.inputGain),
      outputGain_(network.outputGain) {
  for (const auto& stage : stages_) {
    stateFloats_ += stage->stateFloats();
    scratchFloats_ += stage->scratchFloats();
  }
  settled_ = AudioBuffer(1, static_cast<FrameCount>(stateFloats_));
  settleOnce();
}

void SequenceProgram::settleOnce() {
  SequencePlayer player(*this, nullptr);
  const AudioBuffer silence(1, kStep);
  AudioBuffer out(outputs(), kStep);
  const std::span<float> before = settled_.channel(0);
  for (FrameCount done = 0; done < kMost; done += kStep) {
    player.process(silence.view(), out.view());
    const std::span<const float> now = player.state();
    float moved = 0.0f;
    for (std::size_t i = 0; i < now.size(); ++i) moved = std::max(moved, std::abs(now[i] - before[i]));
    std::ranges::copy(now, before.begin());
    if (moved <= kStill) break;
  }
}

Cost SequenceProgram::cost() const noexcept {
  Cost cost;
  for (const auto& stage : stages_) {
    cost.multiplyAdds += stage->multiplyAdds();
    cost.weightBytes += stage->weightBytes();
  }
  cost.weightBytes += stateFloats_ * sizeof(float);
  cost.stateBytes = (stateFloats_ + kChunkFrames + scratchFloats_) * sizeof(float);
  return cost;
}

std::unique_ptr<Player> SequenceProgram::makePlayer() const {
  auto player = std::make_unique<SequencePlayer>(*this, shared_from_this());
  player->settle();
  return player;
}

std::shared_ptr<const Program> makeSequenceProgram(const Sequence& network) {
  return std::make_shared<SequenceProgram>(network);
}

}  // namespace gainstage::neural
