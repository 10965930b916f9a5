#include "devices/virtual/staged_source.h"

#include <algorithm>

#include "core/realtime.h"

namespace gainstage::devices {
namespace {

analog::InputSwitches switchesOf(const InputSettings& settings) noexcept {
  return {.gainDb = settings.gainDb,
          .pad = settings.pad,
          .instrument = settings.instrument,
          .phantom = settings.phantom};
}

}  // namespace

StagedSource::StagedSource(std::unique_ptr<InputSource> sources,
                           std::vector<std::optional<InputStage>> stages, std::vector<InputSettings> settings,
                           std::vector<Surge> surges)
    : sources_(std::move(sources)), surges_(std::move(surges)) {
  inputs_.resize(static_cast<std::size_t>(sources_->channels()));
  for (std::size_t i = 0; i < std::min(stages.size(), inputs_.size()); ++i)
    if (stages[i])
      inputs_[i] = std::make_unique<Input>(Input{*stages[i], limitedTo(*stages[i], settings[i]), {}});
}

Result<void> StagedSource::prepare(double sampleRate, bool waitsForNobody) {
  for (const auto& input : inputs_)
    if (input) input->simulation.prepare(sampleRate, input->stage.design, switchesOf(input->settings));
  return sources_->prepare(sampleRate, waitsForNobody);
}

FrameCount StagedSource::fill(AudioView inputs) noexcept {
  const FrameCount got = sources_->fill(inputs);
  inputs.frameRange(got, inputs.frames() - got).clear();
  const RealtimeScope denormalsOff;
  surge(inputs);
  Change change;
  while (changes_.tryPop(change)) {
    Input& input = *inputs_[static_cast<std::size_t>(change.input)];
    input.settings = change.settings;
    input.simulation.set(switchesOf(change.settings));
  }
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i]) inputs_[i]->simulation.process(inputs.channel(static_cast<int>(i)));
  frame_ += inputs.frames();
  return inputs.frames();
}

void StagedSource::surge(AudioView inputs) noexcept {
  for (const Surge& surge : surges_) {
    const FrameTime from = std::max(surge.atFrame, frame_);
    const FrameTime to = std::min(surge.atFrame + surge.frames, frame_ + inputs.frames());
    if (from >= to || surge.input > inputs.channels()) continue;
    const bool isIdeal = !inputs_[static_cast<std::size_t>(surge.input - 1)];
    const float gain = Decibels{surge.byDb}.linear();
    for (float& sample :
         inputs.channel(surge.input - 1)
             .subspan(static_cast<std::size_t>(from - frame_), static_cast<std::size_t>(to - from))) {
      sample *= gain;
      if (isIdeal) sample = std::clamp(sample, -1.0f, 1.0f);  // a converter can give no more
    }
  }
}

}  // namespace gainstage::devices
