#include "rig/rig.h"

#include <algorithm>
#include <cmath>

#include "dsp/kernels.h"
#include "rig/split/split.h"

namespace gainstage::rig {

std::unique_ptr<Rig> Rig::build(const RigState& state, const StreamFormat& format, int channels,
                                const std::filesystem::path& folder, std::optional<double> fullScaleDbu,
                                double beatsPerMinute) {
  std::unique_ptr<Rig> rig(new Rig);
  rig->inputChannels_ = rig->outputChannels_ = channels;
  rig->slots_.resize(state.blocks.size());
  const auto place = [&](std::size_t i, std::unique_ptr<Block> block, int in) -> Slot& {
    rig->slots_[i] = std::make_unique<Slot>(std::move(block), state.blocks[i], format, in, folder,
                                            fullScaleDbu, beatsPerMinute);
    return *rig->slots_[i];
  };
  for (std::size_t i = 0; i < state.blocks.size();) {
    const std::size_t end = endOfSplit(state, i);
    std::unique_ptr<Block> block;
    if (isSplit(state.blocks[i])) {
      auto split = std::make_unique<Split>();
      for (std::size_t inner = i + 1; inner < end; ++inner) {
        const BlockState& in = state.blocks[inner];
        const int chain = in.chain == Chain::a ? 0 : 1;
        Slot& slot = place(inner, in.declaration->create(), split->nextChannels(chain, rig->outputChannels_));
        if (slot.wantsKey()) slot.prepareKey(channels, split->latencyOf(chain), format.maxFrames);
        split->append(chain, slot);
      }
      block = std::move(split);
    } else {
      block = state.blocks[i].declaration->create();
    }
    Slot& slot = place(i, std::move(block), rig->outputChannels_);
    rig->outputChannels_ = slot.outputChannels();
    if (slot.wantsKey()) {
      slot.prepareKey(channels, rig->latencyFrames_, format.maxFrames);
      rig->key_ = AudioBuffer(channels, format.maxFrames);
    }
    rig->latencyFrames_ += slot.latencyFrames();
    rig->chain_.push_back(&slot);
    i = end;
  }
  for (const auto& slot : rig->slots_) {
    if (!slot->problem().empty()) rig->problems_.push_back({slot->id(), slot->problem()});
    for (std::string& note : slot->notes()) rig->notes_.push_back({slot->id(), std::move(note)});
  }
  return rig;
}

FrameTime Rig::tailFrames() const noexcept {
  FrameTime sum = 0;
  for (const Slot* slot : chain_) sum += slot->tailFrames();
  return sum;
}

void Rig::set(int block, ParameterIndex index, float value) noexcept {
  slots_[static_cast<std::size_t>(block)]->set(index, value);
}

void Rig::setOn(int block, bool on) noexcept { slots_[static_cast<std::size_t>(block)]->setOn(on); }

void Rig::setTempo(double beatsPerMinute) noexcept {
  for (const auto& slot : slots_) slot->setTempo(beatsPerMinute);
}

std::optional<TunerReading> Rig::tunerReading() const noexcept {
  for (const auto& slot : slots_)
    if (const auto reading = slot->tunerReading()) return reading;
  return std::nullopt;
}

void Rig::reset() noexcept {
  for (Slot* slot : chain_) slot->reset();
}

void Rig::settle(const RigState& state, double beatsPerMinute) noexcept {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const BlockState& block = state.blocks[i];
    const std::span<const Parameter> parameters = block.declaration->parameters;
    slots_[i]->setOn(block.on);
    for (std::size_t p = 0; p < parameters.size(); ++p)
      if (parameters[p].type != ParameterType::file)
        slots_[i]->set(static_cast<ParameterIndex>(p), block.values[p]);
  }
  setTempo(beatsPerMinute);
  reset();
}

ConstAudioView Rig::keepKey(ConstAudioView input) noexcept {
  if (key_.channels() == 0) return {};
  const AudioView key = key_.view(input.frames());
  copy(input, key);
  return key;
}

void Rig::process(AudioView io) noexcept {
  // What is not a number would stay in every filter behind; here it is nobody's fault yet, so nobody is
  // bypassed.
  for (int c = 0; c < inputChannels_; ++c)
    if (!dsp::allFinite(io.channel(c)))
      for (float& sample : io.channel(c))
        if (!std::isfinite(sample)) sample = 0.0f;
  const ConstAudioView key = keepKey(io);
  for (Slot* slot : chain_) slot->process(io, key);
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i]->isBroken()) bypassed_ |= std::uint64_t{1} << std::min<std::size_t>(i, 63);
}

}  // namespace gainstage::rig
