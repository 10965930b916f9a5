#include <algorithm>

#include "console/runtime.h"

/// The console's own sources: reverb bus, metronome, talkback; the tempo; and the row of all sources that the
/// mixes take from.
namespace gainstage::console {

void Runtime::followTransport(const ConsoleIo& io, FrameCount offset) noexcept {
  if (tempoFromTransport_ && io.transportValid) {
    const double beats = io.transportBeatsPerMinute / 60.0 / options_.format.sampleRate * offset;
    if (io.transportBeatsPerBar >= 1.0) metronome_.setBeatsPerBar(static_cast<int>(io.transportBeatsPerBar));
    metronome_.follow(io.transportBeat + (io.transportRolling ? beats : 0.0), io.transportBeatsPerMinute,
                      io.transportRolling);
    followsTransport_ = true;
  } else if (followsTransport_) {
    followsTransport_ = false;
    metronome_.setTempo(sessionTempo_);
    metronome_.restart();
  }
  tellTempo();
}

void Runtime::tellTempo() noexcept {
  const double now = metronome_.clock().tempo();
  if (now == tempo()) return;
  tempo_.store(now, std::memory_order_relaxed);
  for (auto& strip : strips_)
    if (strip) strip->setTempo(now);
}

void Runtime::runBuses(const ConsoleIo& io, FrameCount offset, FrameCount frames) noexcept {
  const AudioView bus = reverbBus_.view().frameRange(offset, frames);
  bus.clear();
  for (auto& strip : strips_) {
    if (!strip) continue;
    LinearRamp& send = strip->reverbSend();
    if (send.isSettled() && send.target() == 0.0f) continue;
    const ConstAudioView wet = strip->wet().frameRange(offset, frames);
    const LinearRamp start = send;
    for (int c = 0; c < 2; ++c) {
      send = start;
      const auto from = wet.channel(c);
      const auto to = bus.channel(c);
      for (std::size_t n = 0; n < to.size(); ++n) to[n] += from[n] * send.next();
    }
  }
  reverb_.process(bus);

  const auto click = click_.view().frameRange(offset, frames).channel(0);
  std::ranges::fill(click, 0.0f);
  metronome_.process(click);

  // Another input is taken only while nothing of the old one is heard.
  if (talkbackInput_ != talkbackNextInput_ && talkback_.isSettled() && talkback_.target() == 0.0f) {
    talkbackInput_ = talkbackNextInput_;
    talkback_.setTarget(talkbackTarget());
  }
  const auto talk = talkbackBus_.view().frameRange(offset, frames).channel(0);
  if (talkbackInput_ >= 0 && talkbackInput_ < io.inputs.channels())
    std::ranges::transform(io.inputs.frameRange(offset, frames).channel(talkbackInput_), talk.begin(),
                           [](float sample) { return std::isfinite(sample) ? sample : 0.0f; });
  else
    std::ranges::fill(talk, 0.0f);
  talkback_.apply(talk);
}

void Runtime::gatherSources(const ConsoleIo& io, FrameCount offset) noexcept {
  const auto at = [offset](ConstAudioView view, int left, int right) {
    return Mix::Source{view.channel(left).data() + offset, view.channel(right).data() + offset};
  };
  for (int slot = 0; slot < kMaxStrips; ++slot) {
    const Strip* strip = strips_[slot].get();
    sources_[sourceIndex(SourceKind::direct, slot)] = strip ? at(strip->direct(), 0, 1) : Mix::Source{};
    sources_[sourceIndex(SourceKind::wet, slot)] = strip ? at(strip->wet(), 0, 1) : Mix::Source{};
  }
  for (int slot = 0; slot < kMaxReturns; ++slot)
    sources_[sourceIndex(SourceKind::streamReturn, slot)] =
        io.returns.channels() >= 2 * slot + 2 ? at(io.returns, 2 * slot, 2 * slot + 1) : Mix::Source{};
  sources_[kReverbSource] = at(reverbBus_.view(), 0, 1);
  sources_[kMetronomeSource] = at(click_.view(), 0, 0);
  sources_[kTalkbackSource] = at(talkbackBus_.view(), 0, 0);
}

}  // namespace gainstage::console
