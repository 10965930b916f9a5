#include "devices/virtual/sources.h"

#include <cmath>
#include <numbers>

#include "devices/file/file_source.h"

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

Result<void> SourceBank::problem() const {
  for (const auto& source : sources_)
    if (auto problem = source->problem(); !problem) return problem;
  return {};
}

namespace {

using MadeSource = Result<std::unique_ptr<InputSource>>;

template <typename Source, typename Input>
MadeSource makeOne(const Input& input) {
  return std::unique_ptr<InputSource>(std::make_unique<Source>(input));
}

MadeSource make(const SilentInput& input) { return makeOne<SilentSource>(input); }
MadeSource make(const GuitarInput& input) { return makeOne<GuitarSource>(input); }
MadeSource make(const VoiceInput& input) { return makeOne<VoiceSource>(input); }
MadeSource make(const ToneInput& input) { return makeOne<ToneSource>(input); }
MadeSource make(const NoiseInput& input) { return makeOne<NoiseSource>(input); }
MadeSource make(const FileInput& input) {
  auto source =
      FileSource::open(input.path, {.loop = input.loop, .channel = input.channel, .gainDb = input.gainDb});
  if (!source) return source.error();
  return std::unique_ptr<InputSource>(*std::move(source));
}

}  // namespace

MadeSource makeSource(const VirtualInput& input) {
  return std::visit([](const auto& kind) { return make(kind); }, input);
}

}  // namespace gainstage::devices
