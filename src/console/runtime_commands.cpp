#include <algorithm>

#include "console/runtime.h"

/// What commands do to the runtime.
namespace gainstage::console {

void Runtime::fetchCommands() noexcept {
  Command command;
  while (pending_.size() < pending_.capacity() && commands_.tryPop(command)) {
    if (command.frame == kNow) command.frame = frame();
    const auto place = std::ranges::upper_bound(pending_, command.frame, {}, &Command::frame);
    pending_.insert(place, command);
  }
}

FrameCount Runtime::framesToNextCommand(FrameTime now, FrameCount most) const noexcept {
  if (pending_.empty()) return most;
  return static_cast<FrameCount>(std::min<FrameTime>(most, pending_.front().frame - now));
}

void Runtime::executeDue(FrameTime now) noexcept {
  std::size_t due = 0;
  while (due < pending_.size() && pending_[due].frame <= now) execute(pending_[due++]);
  if (due > 0) pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(due));
}

void Runtime::execute(const Command& command) noexcept {
  const int slot = command.slot;
  const bool on = command.value != 0.0f;
  switch (command.kind) {
    case CommandKind::setStrip: {
      Strip* strip = strips_[slot].get();
      if (!strip) return;
      const auto parameter = static_cast<StripParameter>(command.parameter);
      strip->set(parameter, command.value);
      if (parameter == StripParameter::solo)
        setSolo();
      else
        updateStrip(slot);
      return;
    }
    case CommandKind::setRigLevel:
      if (!strips_[slot]) return;
      strips_[slot]->setRigLevel(command.value);
      return updateStrip(slot);
    case CommandKind::setPreampLevel:
      if (!strips_[slot]) return;
      strips_[slot]->setPreampLevel(command.value);
      return updateStrip(slot);
    case CommandKind::holdStrip:
      if (strips_[slot]) strips_[slot]->hold(on);
      return;
    case CommandKind::holdTalkback:
      talkbackHeld_ = on;
      if (talkbackInput_ == talkbackNextInput_) talkback_.setTarget(talkbackTarget());
      return;
    case CommandKind::setBlock:
    case CommandKind::setBlockOn:
      return setBlock(command);
    case CommandKind::setSend:
      if (Output* output = outputs_[slot].get()) {
        output->mix().set(command.index, static_cast<SendParameter>(command.parameter), command.value);
        output->mix().update(command.index, levels_.data(), console_, output->levels());
      }
      return;
    case CommandKind::setOutput:
      if (Output* output = outputs_[slot].get()) {
        output->set(static_cast<OutputParameter>(command.parameter), command.value);
        output->mix().updateAll(levels_.data(), console_, output->levels());
        if (static_cast<OutputParameter>(command.parameter) == OutputParameter::soloMode) setSolo();
      }
      return;
    case CommandKind::setFullScale:
      if (Output* output = outputs_[slot].get()) output->setFullScale(command.value);
      return;
    case CommandKind::setLiveHold:
      if (Output* output = outputs_[slot].get()) {
        output->setLiveHold(on);
        output->mix().updateAll(levels_.data(), console_, output->levels());
      }
      return;
    case CommandKind::setReverb:
      return setReverb(static_cast<ReverbParameter>(command.parameter), command.value);
    case CommandKind::setMetronome:
      if (static_cast<MetronomeParameter>(command.parameter) == MetronomeParameter::on)
        metronome_.setOn(on);
      else
        metronome_.setAccentDb(command.value);
      return;
    case CommandKind::setTalkback:
      if (static_cast<TalkbackParameter>(command.parameter) == TalkbackParameter::on)
        talkbackOn_ = on;
      else
        talkbackDimDb_ = command.value;
      if (talkbackInput_ == talkbackNextInput_) talkback_.setTarget(talkbackTarget());
      console_.talkbackDb = talkbackOn_ ? talkbackDimDb_ : 0.0f;
      console_.talkbackGain = Decibels{console_.talkbackDb}.linear();
      return updateEverything();
    case CommandKind::setTalkbackInput:
      talkbackNextInput_ = static_cast<int>(command.value);
      talkback_.setTarget(0.0f);
      return;
    case CommandKind::setTempo:
      return setTempo(static_cast<TempoParameter>(command.parameter), command.value);
    case CommandKind::panic:
      for (auto& output : outputs_)
        if (output) output->panic(on);
      return;
    case CommandKind::installStrip:
    case CommandKind::removeStrip:
    case CommandKind::installRig:
    case CommandKind::installOutput:
    case CommandKind::removeOutput:
    case CommandKind::installCorrection:
    case CommandKind::installLooper:
      return executeSwap(command);
    case CommandKind::loop:
      if (Strip* strip = strips_[slot].get(); strip && strip->looper())
        strip->looper()->act(static_cast<dsp::LoopAction>(command.index));
      return;
  }
}

void Runtime::executeSwap(const Command& command) noexcept {
  const int slot = command.slot;
  switch (command.kind) {
    case CommandKind::installStrip:
      strips_[slot].reset(static_cast<Strip*>(command.object));
      strips_[slot]->setTempo(tempo());
      bypassedTold_[slot] = 0;
      shed_ &= ~(std::uint64_t{1} << slot);
      return setSolo();
    case CommandKind::removeStrip:
      if (!strips_[slot]) return;
      strips_[slot]->levels().present = false;
      stripLeaves_[slot] = command.frame + options_.format.frames(Mix::kRamp) + 1;
      return setSolo();
    case CommandKind::installRig: {
      auto* rig = static_cast<rig::Rig*>(command.object);
      Strip* strip = strips_[slot].get();
      if (!strip) {
        notify(NoticeKind::retiredRig, slot, 0.0f, 0, rig);
        return;
      }
      rig->setTempo(tempo());  // it may have changed since the rig was built
      strip->rig().install(rig);
      strip->rig().restore();  // what was too dear was the old one
      shed_ &= ~(std::uint64_t{1} << slot);
      bypassedTold_[slot] = 0;
      while (rig::Rig* old = strip->rig().takeRetired()) notify(NoticeKind::retiredRig, slot, 0.0f, 0, old);
      return;
    }
    case CommandKind::installLooper:
      if (Strip* strip = strips_[slot].get(); strip && !strip->looper())
        return strip->installLooper(static_cast<dsp::Looper*>(command.object));
      return notify(NoticeKind::retiredLooper, slot, 0.0f, 0, command.object);
    case CommandKind::installOutput:
      outputs_[slot].reset(static_cast<Output*>(command.object));
      return outputs_[slot]->mix().updateAll(levels_.data(), console_, outputs_[slot]->levels());
    case CommandKind::removeOutput:
      if (outputs_[slot]) outputs_[slot]->leave();
      return;
    case CommandKind::installCorrection:
      if (Output* output = outputs_[slot].get()) {
        output->installCorrection(*static_cast<headphones::PreparedCorrection*>(command.object));
        output->mix().updateAll(levels_.data(), console_, output->levels());
      }
      return notify(NoticeKind::retiredCorrection, slot, 0.0f, 0, command.object);
    default:
      return;
  }
}

void Runtime::setBlock(const Command& command) noexcept {
  Strip* strip = strips_[command.slot].get();
  // A rig that has given way since does not matter any more.
  if (!strip || strip->rig().newest() != command.object) return;
  if (command.kind == CommandKind::setBlockOn)
    strip->rig().newest()->setOn(command.index, command.value != 0.0f);
  else
    strip->rig().newest()->set(command.index, command.parameter, command.value);
}

void Runtime::setReverb(ReverbParameter parameter, float value) noexcept {
  switch (parameter) {
    case ReverbParameter::decayS:
      return reverb_.setDecay(value);
    case ReverbParameter::predelayMs:
      return reverb_.setPredelay(Milliseconds{value});
    case ReverbParameter::dampingHz:
      return reverb_.setDamping(Hertz{value});
    case ReverbParameter::lowCutHz:
      return reverb_.setLowCut(Hertz{value});
    case ReverbParameter::on:
      return reverb_.setOn(value != 0.0f);
    case ReverbParameter::count:
      return;
  }
}

void Runtime::setTempo(TempoParameter parameter, float value) noexcept {
  switch (parameter) {
    case TempoParameter::beatsPerMinute:
      sessionTempo_ = static_cast<double>(value);
      if (!followsTransport_) metronome_.setTempo(sessionTempo_);
      return tellTempo();
    case TempoParameter::beatsPerBar:
      return metronome_.setBeatsPerBar(static_cast<int>(value));
    case TempoParameter::source:
      tempoFromTransport_ = value != 0.0f;
      return;
    case TempoParameter::count:
      return;
  }
}

void Runtime::setSolo() noexcept {
  console_.anySolo = std::ranges::any_of(
      strips_, [](const auto& strip) { return strip && strip->levels().present && strip->levels().solo; });
  updateEverything();
}

void Runtime::refreshStrip(int slot) noexcept {
  Strip* strip = strips_[slot].get();
  levels_[slot] = strip ? strip->levels() : StripLevels{};
  if (!strip) return;
  // The reverb is everyone's: solo empties it of the others only where no mix ignores the solo.
  const bool soloEverywhere = console_.anySolo && std::ranges::none_of(outputs_, [](const auto& output) {
                                return output && output->levels().soloMode == SoloMode::ignore;
                              });
  const StripLevels& levels = strip->levels();
  strip->updateReverbSend(levels.present && !levels.mute && (!soloEverywhere || levels.solo));
}

void Runtime::updateStrip(int slot) noexcept {
  refreshStrip(slot);
  for (auto& output : outputs_) {
    if (!output) continue;
    for (const SourceKind kind : {SourceKind::direct, SourceKind::wet}) {
      const SourceIndex source = sourceIndex(kind, slot);
      if (output->mix().isListed(source))
        output->mix().update(source, levels_.data(), console_, output->levels());
    }
  }
}

void Runtime::updateEverything() noexcept {
  for (int slot = 0; slot < kMaxStrips; ++slot) refreshStrip(slot);
  for (auto& output : outputs_)
    if (output) output->mix().updateAll(levels_.data(), console_, output->levels());
}

}  // namespace gainstage::console
