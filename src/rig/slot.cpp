#include "rig/slot.h"

#include "dsp/kernels.h"

namespace gainstage::rig {
namespace {

constexpr Milliseconds kBypassFade{20.0};

}  // namespace

Slot::Slot(std::unique_ptr<Block> block, const BlockState& state, const StreamFormat& format, int channels,
           const std::filesystem::path& folder, std::optional<double> fullScaleDbu, double beatsPerMinute)
    : id_(state.id), channels_(channels), outputChannels_(channels), block_(std::move(block)) {
  load(state, format, folder, fullScaleDbu, beatsPerMinute);
  dry_ = AudioBuffer(outputChannels_, format.maxFrames);
  for (auto& delay : dryDelays_) delay.prepare(latencyFrames());
  for (auto& smoother : smoothers_) smoother.setLength(format.frames(kBypassFade));
  wet_.setLength(format.frames(kBypassFade));
  wet_.snapTo(state.on ? 1.0f : 0.0f);
}

std::vector<std::string> Slot::notes() const {
  return isMuted() ? std::vector<std::string>() : block_->notes();
}

void Slot::load(const BlockState& state, const StreamFormat& format, const std::filesystem::path& folder,
                std::optional<double> fullScaleDbu, double beatsPerMinute) {
  const std::span<const Parameter> parameters = state.declaration->parameters;
  const auto fail = [this](const Result<void>& result) {
    if (!result && problem_.empty()) problem_ = result.error().message;
  };
  const auto setNumbers = [&](auto&& wanted) {
    for (std::size_t i = 0; i < parameters.size() && i < state.values.size(); ++i)
      if (parameters[i].type != ParameterType::file && wanted(parameters[i]))
        block_->set(static_cast<ParameterIndex>(i), state.values[i]);
  };
  for (std::size_t i = 0; i < parameters.size() && i < state.files.size(); ++i)
    if (parameters[i].type == ParameterType::file && !state.files[i].empty())
      fail(block_->setFile(static_cast<ParameterIndex>(i), folder / state.files[i]));
  block_->setFullScaleDbu(fullScaleDbu);
  setNumbers([](const Parameter& parameter) { return parameter.structural; });
  outputChannels_ = block_->outputChannels(channels_);
  if (!isMuted()) fail(block_->prepare(format, channels_));
  if (isMuted()) return;
  block_->setTempo(beatsPerMinute);
  setNumbers([](const Parameter&) { return true; });
  block_->reset();
}

void Slot::set(ParameterIndex index, float value) noexcept {
  if (!isMuted()) block_->set(index, value);
}

void Slot::setOn(bool on) noexcept {
  if (broken_) return;
  const bool wasBypassed = wet_.isSettled() && wet_.target() == 0.0f;
  wet_.setTarget(on ? 1.0f : 0.0f);
  // What it held when it was switched off is long past.
  if (on && wasBypassed && !isMuted()) block_->reset();
}

void Slot::setTempo(double beatsPerMinute) noexcept {
  if (!isMuted()) block_->setTempo(beatsPerMinute);
}

void Slot::reset() noexcept {
  if (!isMuted()) block_->reset();
  wet_.snapToTarget();
  last_ = {};
  for (auto& delay : dryDelays_) delay.reset();
  key_.reset();
  for (auto& smoother : smoothers_) smoother.reset();
}

void Slot::keepDry(AudioView io) noexcept {
  const AudioView dry = dry_.view(io.frames());
  const FrameCount late = latencyFrames();
  for (int c = 0; c < outputChannels_; ++c) {
    const std::span<const float> in = io.channel(std::min(c, channels_ - 1));
    const std::span<float> out = dry.channel(c);
    if (late == 0) {
      std::ranges::copy(in, out.begin());
      continue;
    }
    dsp::DelayLine& delay = dryDelays_[static_cast<std::size_t>(c)];
    for (std::size_t n = 0; n < in.size(); ++n) {
      delay.write(in[n]);
      out[n] = delay.read(late);
    }
  }
}

void Slot::process(AudioView io, ConstAudioView key) noexcept {
  if (wantsKey()) block_->setKey(key_.process(key));
  const AudioView out = io.channelRange(0, outputChannels_);
  keepDry(io);
  const ConstAudioView dry = dry_.view(io.frames());
  if (broken_ || (wet_.isSettled() && wet_.target() == 0.0f)) {
    copy(dry, out);
    for (int c = 0; c < outputChannels_; ++c) smoothers_[static_cast<std::size_t>(c)].process(out.channel(c));
    return;
  }
  if (isMuted())
    out.clear();
  else
    block_->process(out);
  for (int c = 0; c < outputChannels_; ++c)
    if (!dsp::allFinite(out.channel(c))) return breakOff(dry, out);
  crossfade(dry, out);
  for (int c = 0; c < outputChannels_; ++c) last_[static_cast<std::size_t>(c)] = out.channel(c).back();
}

void Slot::crossfade(ConstAudioView dry, AudioView wet) noexcept {
  if (wet_.isSettled()) return;
  const LinearRamp start = wet_;
  for (int c = 0; c < outputChannels_; ++c) {
    wet_ = start;
    const std::span<const float> from = dry.channel(c);
    const std::span<float> to = wet.channel(c);
    for (std::size_t n = 0; n < to.size(); ++n) {
      const float share = wet_.next();
      to[n] = from[n] * (1.0f - share) + to[n] * share;
    }
  }
}

void Slot::breakOff(ConstAudioView dry, AudioView out) noexcept {
  broken_ = true;
  wet_.snapTo(0.0f);
  copy(dry, out);
  for (int c = 0; c < outputChannels_; ++c) {
    dsp::StepSmoother& smoother = smoothers_[static_cast<std::size_t>(c)];
    smoother.bridge(last_[static_cast<std::size_t>(c)], out.channel(c).front());
    smoother.process(out.channel(c));
  }
}

}  // namespace gainstage::rig
