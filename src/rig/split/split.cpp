#include "rig/split/split.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/kernels.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex {
  blend,
  levelADb,
  levelBDb,
  panA,
  panB,
  widthA,
  widthB,
  polarityAInverted,
  polarityBInverted,
  stereoOn
};

constexpr std::array kParameters{
    ratio("blend", "Blend, from chain a to chain b", 0.0f, 1.0f, 0.5f),
    levelDecibels("levelADb", "Level of chain a", -60.0f, 12.0f, 0.0f),
    levelDecibels("levelBDb", "Level of chain b", -60.0f, 12.0f, 0.0f),
    ratio("panA", "Pan of chain a", -1.0f, 1.0f, 0.0f),
    ratio("panB", "Pan of chain b", -1.0f, 1.0f, 0.0f),
    ratio("widthA", "Width of chain a", 0.0f, 2.0f, 1.0f),
    ratio("widthB", "Width of chain b", 0.0f, 2.0f, 1.0f),
    toggle("polarityAInverted", "Polarity of chain a", false),
    toggle("polarityBInverted", "Polarity of chain b", false),
    structural(toggle("stereo", "Two channels go out", true)),
};

/// Left and right gain of a pan of constant power, 0 dB in the middle.
std::array<float, 2> panGains(float pan) noexcept {
  if (pan == 0.0f) return {1.0f, 1.0f};
  const double angle = (static_cast<double>(pan) + 1.0) * std::numbers::pi / 4.0;
  return {static_cast<float>(std::numbers::sqrt2 * std::max(std::cos(angle), 0.0)),
          static_cast<float>(std::numbers::sqrt2 * std::sin(angle))};
}

}  // namespace

constinit const BlockDeclaration kSplitBlock{
    "split", "Split", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<Split>()); }};

const BlockDeclaration& Split::declaration() const noexcept { return kSplitBlock; }

void Split::append(int chain, Slot& slot) { chains_[static_cast<std::size_t>(chain)].slots.push_back(&slot); }

int Split::nextChannels(int chain, int channels) const noexcept {
  const auto& slots = chains_[static_cast<std::size_t>(chain)].slots;
  return slots.empty() ? channels : slots.back()->outputChannels();
}

int Split::outputChannels(int channels) const noexcept {
  return stereo_ ? 2 : std::max(nextChannels(0, channels), nextChannels(1, channels));
}

FrameCount Split::latencyOf(int chain) const noexcept {
  FrameCount sum = 0;
  for (const Slot* slot : chains_[static_cast<std::size_t>(chain)].slots) sum += slot->latencyFrames();
  return sum;
}

FrameCount Split::latencyFrames() const noexcept { return std::max(latencyOf(0), latencyOf(1)); }

bool Split::wantsKey() const noexcept {
  const auto any = [](const Side& chain) { return std::ranges::any_of(chain.slots, &Slot::wantsKey); };
  return std::ranges::any_of(chains_, any);
}

FrameTime Split::tailFrames() const noexcept {
  FrameTime longest = 0;
  for (const Side& chain : chains_) {
    FrameTime sum = 0;
    for (const Slot* slot : chain.slots) sum += slot->tailFrames();
    longest = std::max(longest, sum);
  }
  return longest;
}

Result<void> Split::prepare(const StreamFormat& format, int channels) {
  channels_ = channels;
  const FrameCount ramp = format.frames({static_cast<double>(kParameters[blend].rampMs)});
  for (int c = 0; c < kChains; ++c) {
    Side& chain = chains_[static_cast<std::size_t>(c)];
    chain.lateBy = latencyFrames() - latencyOf(c);
    chain.audio = AudioBuffer(2, format.maxFrames);
    for (auto& delay : chain.delays) delay.prepare(chain.lateBy);
    for (auto& row : chain.gains)
      for (LinearRamp& gain : row) gain.setLength(ramp);
  }
  updateGains();
  reset();
  return {};
}

void Split::set(ParameterIndex index, float value) noexcept {
  Side& a = chains_[0];
  Side& b = chains_[1];
  switch (index) {
    case blend:
      blend_ = value;
      break;
    case levelADb:
      a.levelDb = value;
      break;
    case levelBDb:
      b.levelDb = value;
      break;
    case panA:
      a.pan = value;
      break;
    case panB:
      b.pan = value;
      break;
    case widthA:
      a.width = value;
      break;
    case widthB:
      b.width = value;
      break;
    case polarityAInverted:
      a.inverted = value != 0.0f;
      break;
    case polarityBInverted:
      b.inverted = value != 0.0f;
      break;
    case stereoOn:
      stereo_ = value != 0.0f;
      break;
    default:
      break;
  }
  updateGains();
}

void Split::updateGains() noexcept {
  const bool two = outputChannels(channels_) == 2;
  for (int c = 0; c < kChains; ++c) {
    Side& chain = chains_[static_cast<std::size_t>(c)];
    const float share = c == 0 ? 1.0f - blend_ : blend_;
    const float gain = (chain.inverted ? -share : share) * Decibels{chain.levelDb}.linear();
    const auto pan = two ? panGains(chain.pan) : std::array{1.0f, 1.0f};
    // Of one channel there is no difference to scale.
    const bool wide = nextChannels(c, channels_) == 2;
    const float same = wide ? 0.5f * (1.0f + chain.width) : 1.0f;
    const float other = wide ? 0.5f * (1.0f - chain.width) : 0.0f;
    for (std::size_t out = 0; out < 2; ++out)
      for (std::size_t in = 0; in < 2; ++in)
        chain.gains[out][in].setTarget(gain * pan[out] * (in == out ? same : other));
  }
}

void Split::reset() noexcept {
  for (Side& chain : chains_) {
    for (Slot* slot : chain.slots) slot->reset();
    for (auto& delay : chain.delays) delay.reset();
    for (auto& row : chain.gains)
      for (LinearRamp& gain : row) gain.snapToTarget();
  }
}

void Split::run(Side& chain, ConstAudioView in) noexcept {
  const AudioView io = chain.audio.view(in.frames());
  copy(in, io.channelRange(0, channels_));
  int channels = channels_;
  for (Slot* slot : chain.slots) {
    slot->process(io, key_);
    channels = slot->outputChannels();
  }
  if (chain.lateBy > 0)
    for (int c = 0; c < channels; ++c) {
      dsp::DelayLine& delay = chain.delays[static_cast<std::size_t>(c)];
      for (float& sample : io.channel(c)) {
        delay.write(sample);
        sample = delay.read(chain.lateBy);
      }
    }
  if (channels == 1) std::ranges::copy(io.channel(0), io.channel(1).begin());
}

void Split::process(AudioView io) noexcept {
  const ConstAudioView in = io.channelRange(0, channels_);
  for (Side& chain : chains_) run(chain, in);
  for (int out = 0; out < io.channels(); ++out) {
    bool isFirst = true;
    for (Side& chain : chains_) {
      auto& gains = chain.gains[out];
      const ConstAudioView audio = chain.audio.view(io.frames());
      if (isFirst)
        dsp::copyScaled(audio.channel(out), gains[static_cast<std::size_t>(out)], io.channel(out));
      else
        dsp::addScaled(audio.channel(out), gains[static_cast<std::size_t>(out)], io.channel(out));
      dsp::addScaled(audio.channel(1 - out), gains[static_cast<std::size_t>(1 - out)], io.channel(out));
      isFirst = false;
    }
  }
}

}  // namespace gainstage::rig
