#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "console/console.h"
#include "console/level_sum.h"

/// How one session becomes another: the differences, as one batch of commands.
namespace gainstage::console {
namespace {

constexpr int kMostObjectsOut = 256;  // half a queue holds their way back with much to spare

void planValues(CommandKind kind, const Values* before, const Values& after, int slot, std::uint16_t index,
                void* object, std::vector<Command>& batch) {
  for (std::size_t p = 0; p < after.size(); ++p)
    if (!before || (*before)[p] != after[p])
      batch.push_back({.kind = kind,
                       .slot = static_cast<std::uint8_t>(slot),
                       .index = index,
                       .parameter = static_cast<ParameterIndex>(p),
                       .value = after[p],
                       .object = object});
}

Command swap(CommandKind kind, int slot, void* object) {
  return {.kind = kind, .slot = static_cast<std::uint8_t>(slot), .object = object};
}

template <typename State>
const State* findById(const std::vector<State>& list, const std::string& id) {
  const auto found = std::ranges::find(list, id, &State::id);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

bool Console::apply(const Session& next, FrameTime at) {
  service();
  if (objectsOut_ > kMostObjectsOut) return false;
  const auto places = std::make_tuple(strips_, outputs_, returns_, objectsOut_);
  std::ranges::transform(strips_, stripsBefore_.begin(), &StripPlace::id);
  returnsBefore_ = returns_;
  std::vector<Command> batch;
  planReturns(next);
  planGlobals(next, batch);  // before the rigs that are settled in its tempo
  const bool fits = planStrips(next, batch) && planOutputs(next, batch);
  for (Command& command : batch) command.frame = at;
  if (!fits || !runtime_->send(batch)) {
    std::tie(strips_, outputs_, returns_, objectsOut_) = places;
    discard(batch);
    return false;
  }
  session_ = next;
  pool_.setTempo(tempoOf(next));
  return true;
}

void Console::discard(std::vector<Command>& batch) noexcept {
  for (const Command& command : batch) {
    if (command.kind == CommandKind::installStrip) delete static_cast<Strip*>(command.object);
    if (command.kind == CommandKind::installRig) {
      origins_.erase(static_cast<rig::Rig*>(command.object));
      delete static_cast<rig::Rig*>(command.object);
    }
    if (command.kind == CommandKind::installOutput) delete static_cast<Output*>(command.object);
    if (command.kind == CommandKind::installCorrection)
      delete static_cast<headphones::PreparedCorrection*>(command.object);
  }
}

int Console::freeStripSlot() const noexcept {
  const auto place = std::ranges::find(strips_, nullptr, &StripPlace::strip);
  return place == strips_.end() ? -1 : static_cast<int>(place - strips_.begin());
}

int Console::freeOutputSlot() const noexcept {
  const auto place = std::ranges::find(outputs_, nullptr, &OutputPlace::output);
  return place == outputs_.end() ? -1 : static_cast<int>(place - outputs_.begin());
}

bool Console::planStrips(const Session& next, std::vector<Command>& batch) {
  for (const StripState& before : session_.strips) {
    const StripState* after = findById(next.strips, before.id);
    if (after && after->inputs == before.inputs) continue;
    // Gone, or on another input: leaves its place, which is free once it has faded.
    const int slot = stripSlot(before.id);
    batch.push_back(swap(CommandKind::removeStrip, slot, nullptr));
    strips_[slot].id.clear();
    ++objectsOut_;
  }
  for (const StripState& after : next.strips) {
    const StripState* before = findById(session_.strips, after.id);
    if (const int slot = stripSlot(after.id); slot >= 0) {
      planStrip(*before, after, next, slot, batch);
      continue;
    }
    const int slot = freeStripSlot();
    if (slot < 0) return false;
    StripPlace& place = strips_[slot];
    place = {.id = after.id};
    auto rig = buildRig(after, next, place);
    place.rig = rig.get();
    place.levelDb = place.levelOffsetDb + rigLevelDb(after.rig);
    place.strip = new Strip(after, std::move(rig), place.levelDb, format_, slot % 16);
    batch.push_back(swap(CommandKind::installStrip, slot, place.strip));
  }
  return true;
}

void Console::planStrip(const StripState& before, const StripState& after, const Session& next, int slot,
                        std::vector<Command>& batch) {
  planValues(CommandKind::setStrip, &before.values, after.values, slot, 0, nullptr, batch);
  const bool sameScale = before.fullScaleDbu == after.fullScaleDbu || after.rig.blocks.empty();
  if (before.rig == after.rig && sameScale) return;
  StripPlace& place = strips_[slot];
  // Blocks level themselves by the strip's full scale when they are built.
  const bool isNew = !sameStructure(before.rig, after.rig) || !sameScale;
  if (isNew) place.rig = buildRig(after, next, place).release();
  if (const float levelDb = place.levelOffsetDb + rigLevelDb(after.rig); levelDb != place.levelDb) {
    batch.push_back(swap(CommandKind::setRigLevel, slot, nullptr));
    batch.back().value = place.levelDb = levelDb;
  }
  if (isNew) {
    place.rebuilt = 0;
    ++objectsOut_;
    batch.push_back(swap(CommandKind::installRig, slot, place.rig));
    return;
  }
  for (std::size_t b = 0; b < after.rig.blocks.size(); ++b) {
    const rig::BlockState &old = before.rig.blocks[b], &now = after.rig.blocks[b];
    const auto index = static_cast<std::uint16_t>(b);
    planValues(CommandKind::setBlock, &old.values, now.values, slot, index, place.rig, batch);
    if (old.on == now.on) continue;
    batch.push_back(swap(CommandKind::setBlockOn, slot, place.rig));
    batch.back().index = index;
    batch.back().value = now.on ? 1.0f : 0.0f;
  }
}

void Console::planReturns(const Session& next) {
  for (std::string& id : returns_)
    if (!findById(next.returns, id)) id.clear();
  for (const ReturnState& state : next.returns)
    if (std::ranges::find(returns_, state.id) == returns_.end())
      if (const auto place = std::ranges::find(returns_, std::string{}); place != returns_.end())
        *place = state.id;
}

bool Console::planOutputs(const Session& next, std::vector<Command>& batch) {
  for (const OutputState& before : session_.outputs) {
    const OutputState* after = findById(next.outputs, before.id);
    if (after && after->channels == before.channels) continue;
    const int slot = outputSlot(before.id);
    batch.push_back(swap(CommandKind::removeOutput, slot, nullptr));
    outputs_[slot].id.clear();
    ++objectsOut_;
  }
  for (const OutputState& after : next.outputs) {
    const OutputState* before = findById(session_.outputs, after.id);
    if (const int slot = outputSlot(after.id); slot >= 0) {
      planValues(CommandKind::setOutput, &before->values, after.values, slot, 0, nullptr, batch);
      if (isHeld(*before) != isHeld(after)) {
        batch.push_back(swap(CommandKind::setLiveHold, slot, nullptr));
        batch.back().value = isHeld(after) ? 1.0f : 0.0f;
      }
      planListening(*before, after, slot, batch);
      planMix(before, after, next, slot, batch);
      continue;
    }
    const int slot = freeOutputSlot();
    if (slot < 0) return false;
    outputs_[slot] = {.id = after.id, .correction = correctionPath(after)};
    outputs_[slot].output = new Output(after, format_, options_.fadeIn, prepareCorrection(after));
    outputs_[slot].output->setLiveHold(isHeld(after));
    batch.push_back(swap(CommandKind::installOutput, slot, outputs_[slot].output));
    planMix(nullptr, after, next, slot, batch);
    if (isHeld(after) && std::ranges::any_of(after.mix, [](const SendState& send) {
          return send.kind == SourceKind::direct || send.kind == SourceKind::wet;
        }))
      addFault(
          FaultKind::liveHeld, "outputs/" + after.id,
          fmt::format(
              "No live input is routed to {}, because a loudspeaker there would howl; if it is headphones, "
              "say so with --headphones or \"kind\": \"headphones\".",
              after.name));
  }
  return true;
}

void Console::planMix(const OutputState* before, const OutputState& after, const Session& next, int slot,
                      std::vector<Command>& batch) {
  // A source that stands in another place now (its strip is on another input) is a new send.
  const auto sameSource = [](const SendState& a, const SendState& b) {
    return a.kind == b.kind && a.source == b.source;
  };
  const auto moved = [&](const SendState& send) {
    if (send.kind != SourceKind::direct && send.kind != SourceKind::wet) return false;
    const StripState* was = findById(session_.strips, send.source);
    const StripState* is = findById(next.strips, send.source);
    return !was || !is || was->inputs != is->inputs;
  };
  if (before)
    for (const SendState& old : before->mix) {
      const bool stays =
          std::ranges::any_of(after.mix, [&](const SendState& send) { return sameSource(send, old); });
      if (stays && !moved(old)) continue;
      const int source = previousSource(old);
      if (source < 0) continue;
      batch.push_back({.kind = CommandKind::setSend,
                       .slot = static_cast<std::uint8_t>(slot),
                       .index = static_cast<std::uint16_t>(source),
                       .parameter = static_cast<ParameterIndex>(SendParameter::levelDb),
                       .value = kOffDb});
    }
  for (const SendState& send : after.mix) {
    const SendState* old = nullptr;
    if (before && !moved(send))
      if (const auto found =
              std::ranges::find_if(before->mix, [&](const SendState& s) { return sameSource(s, send); });
          found != before->mix.end())
        old = &*found;
    planValues(CommandKind::setSend, old ? &old->values : nullptr, send.values, slot,
               sourceIndex(send.kind, sourceSlot(send)), nullptr, batch);
  }
}

int Console::sourceSlot(const SendState& send) const noexcept {
  if (send.kind == SourceKind::direct || send.kind == SourceKind::wet) return stripSlot(send.source);
  if (send.kind == SourceKind::streamReturn)
    return static_cast<int>(std::ranges::find(returns_, send.source) - returns_.begin());
  return 0;
}

int Console::previousSource(const SendState& send) const noexcept {
  const auto in = [&](const auto& ids) {
    const auto found = std::ranges::find(ids, send.source);
    return found == ids.end() ? -1 : static_cast<int>(found - ids.begin());
  };
  int slot = 0;
  if (send.kind == SourceKind::direct || send.kind == SourceKind::wet) slot = in(stripsBefore_);
  if (send.kind == SourceKind::streamReturn) slot = in(returnsBefore_);
  return slot < 0 ? -1 : sourceIndex(send.kind, slot);
}

void Console::planGlobals(const Session& next, std::vector<Command>& batch) {
  planValues(CommandKind::setReverb, &session_.reverb, next.reverb, 0, 0, nullptr, batch);
  planValues(CommandKind::setMetronome, &session_.metronome, next.metronome, 0, 0, nullptr, batch);
  planValues(CommandKind::setTalkback, &session_.talkback, next.talkback, 0, 0, nullptr, batch);
  planValues(CommandKind::setTempo, &session_.tempo, next.tempo, 0, 0, nullptr, batch);
  if (next.talkbackInput != session_.talkbackInput) {
    batch.push_back({.kind = CommandKind::setTalkbackInput});
    batch.back().value = static_cast<float>(next.talkbackInput.value_or(0) - 1);
  }
}

bool Console::isHeld(const OutputState& output) const noexcept {
  if (!options_.inputsAreLive || output.kind == OutputKind::headphones) return false;
  return output.kind == OutputKind::unknown || !output.liveInputs;
}

}  // namespace gainstage::console
