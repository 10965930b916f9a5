#include "devices/virtual/sources.h"

#include <cmath>
#include <numbers>

#include "core/realtime.h"

namespace gainstage::devices {

Result<void> ToneSource::prepare(double sampleRate, bool) {
  turnsPerFrame_ = input_.frequencyHz / sampleRate;
  amplitude_ = Decibels{input_.levelDbfs}.linear();
  return {};
}

FrameCount ToneSource::fill(AudioView inputs) noexcept {
  for (float& sample : inputs.channel(0)) {
    sample = amplitude_ * static_cast<float>(std::sin(2.0 * std::numbers::pi * turn_));
    turn_ += turnsPerFrame_;
    turn_ -= std::floor(turn_);
  }
  return inputs.frames();
}

Result<void> GuitarSource::prepare(double sampleRate, bool) {
  guitar_.prepare({.sampleRate = sampleRate}, input_.seed);
  return {};
}

FrameCount GuitarSource::fill(AudioView inputs) noexcept {
  const RealtimeScope denormalsOff;
  const float gain = Decibels{input_.gainDb}.linear();
  guitar_.process(inputs.channel(0));
  for (float& sample : inputs.channel(0)) sample *= gain;
  return inputs.frames();
}

FrameCount NoiseSource::fill(AudioView inputs) noexcept {
  const float amplitude = Decibels{input_.levelDbfs}.linear();
  for (float& sample : inputs.channel(0))
    sample = amplitude * (static_cast<float>(generator_()) / 2147483648.0f - 1.0f);
  return inputs.frames();
}

SourceBank::SourceBank(std::vector<std::unique_ptr<InputSource>> sources) : sources_(std::move(sources)) {
  for (const auto& source : sources_) channels_ += source->channels();
}

Result<void> SourceBank::prepare(double sampleRate, bool waitsForNobody) {
  for (const auto& source : sources_)
    if (auto prepared = source->prepare(sampleRate, waitsForNobody); !prepared) return prepared;
  return {};
}

FrameCount SourceBank::fill(AudioView inputs) noexcept {
  if (sources_.empty()) return inputs.frames();
  FrameCount most = 0;
  int first = 0;
  for (const auto& source : sources_) {
    const AudioView mine = inputs.channelRange(first, source->channels());
    const FrameCount got = source->fill(mine);
    mine.frameRange(got, mine.frames() - got).clear();
    most = std::max(most, got);
    first += source->channels();
  }
  return most;
}

std::unique_ptr<InputSource> makeSource(const SilentInput& input) {
  return std::make_unique<SilentSource>(input);
}
std::unique_ptr<InputSource> makeSource(const GuitarInput& input) {
  return std::make_unique<GuitarSource>(input);
}
std::unique_ptr<InputSource> makeSource(const ToneInput& input) {
  return std::make_unique<ToneSource>(input);
}
std::unique_ptr<InputSource> makeSource(const NoiseInput& input) {
  return std::make_unique<NoiseSource>(input);
}
std::unique_ptr<InputSource> makeSource(const VirtualInput& input) {
  return std::visit([](const auto& kind) { return makeSource(kind); }, input);
}

}  // namespace gainstage::devices
