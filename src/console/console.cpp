#include "console/console.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "console/level_sum.h"

namespace gainstage::console {

Console::Console() = default;
Console::~Console() = default;

void Console::prepare(const Session& session, const StreamFormat& format, const ConsoleOptions& options) {
  format_ = format;
  options_ = options;
  pool_.prepare(format);
  origins_.clear();
  runtime_ = std::make_unique<Runtime>(RuntimeOptions{.format = format,
                                                      .fadeIn = options.fadeIn,
                                                      .watchForHowl = options.inputsAreLive,
                                                      .clock = options.clock,
                                                      .clockContext = options.clockContext});
  strips_ = {};
  outputs_ = {};
  returns_ = {};
  objectsOut_ = 0;
  session_ = Session{};
  // All that the defaults say, so that the runtime knows every value before the differences arrive.
  std::vector<Command> all;
  const auto setAll = [&](CommandKind kind, const Values& values) {
    for (std::size_t p = 0; p < values.size(); ++p)
      all.push_back({.kind = kind, .parameter = static_cast<ParameterIndex>(p), .value = values[p]});
  };
  setAll(CommandKind::setReverb, session_.reverb);
  setAll(CommandKind::setMetronome, session_.metronome);
  setAll(CommandKind::setTalkback, session_.talkback);
  setAll(CommandKind::setTempo, session_.tempo);
  runtime_->send(all);
  apply(session);
  for (const auto& [strip, db] : options.preampDb) setPreampLevel(strip, db);
  runtime_->settle();
}

void Console::panic(bool on) {
  const Command command{.kind = CommandKind::panic, .value = on ? 1.0f : 0.0f};
  runtime_->send(std::span(&command, 1));
}

void Console::service() {
  Notice notice;
  while (runtime_ && runtime_->receive(notice)) handle(notice);
  serviceLoopers();
}

void Console::handle(const Notice& notice) {
  const std::string id =
      notice.kind == NoticeKind::retiredOutput ? outputs_[notice.slot].id : strips_[notice.slot].id;
  const auto nameOf = [&] {
    const auto strip = std::ranges::find(session_.strips, id, &StripState::id);
    return strip == session_.strips.end() ? id : strip->name;
  };
  const std::string where = "strips/" + id;
  switch (notice.kind) {
    case NoticeKind::retiredStrip:
      delete static_cast<Strip*>(notice.object);
      origins_.erase(strips_[notice.slot].rig);
      strips_[notice.slot] = {};
      --objectsOut_;
      return;
    case NoticeKind::retiredRig:
      takeBack(static_cast<rig::Rig*>(notice.object));
      --objectsOut_;
      return;
    case NoticeKind::retiredCorrection:
      delete static_cast<headphones::PreparedCorrection*>(notice.object);
      --objectsOut_;
      return;
    case NoticeKind::retiredFilter:
      delete static_cast<headphones::CorrectionFilter*>(notice.object);
      return;
    case NoticeKind::retiredLooper:
      delete static_cast<dsp::Looper*>(notice.object);
      return;
    case NoticeKind::retiredOutput:
      delete static_cast<Output*>(notice.object);
      outputs_[notice.slot] = {};
      --objectsOut_;
      return;
    case NoticeKind::blocksBypassed:
      return replaceBypassed(notice);
    case NoticeKind::inputNotFinite:
      return addFault(FaultKind::inputNotFinite, where,
                      fmt::format("{} received samples that are not numbers; they were silenced.", nameOf()));
    case NoticeKind::rigShed:
      return addFault(
          FaultKind::rigShed, where + "/rig",
          fmt::format("The rig of {} was bypassed for lack of time; a larger block size would hold it.",
                      nameOf()));
    case NoticeKind::rigRestored:
      return addFault(FaultKind::rigRestored, where + "/rig",
                      fmt::format("The rig of {} is back.", nameOf()));
    case NoticeKind::howlDucked:
      return addFault(
          FaultKind::howl, where,
          fmt::format("{} was turned down by 20 dB: it howls at {:.0f} Hz.", nameOf(), notice.value));
    case NoticeKind::howlOver:
      return addFault(FaultKind::howl, where, fmt::format("{} does not howl any more.", nameOf()));
  }
}

void Console::replaceBypassed(const Notice& notice) {
  StripPlace& place = strips_[notice.slot];
  const auto strip = std::ranges::find(session_.strips, place.id, &StripState::id);
  if (strip == session_.strips.end() || place.rig != notice.object) return;
  std::string blocks;
  for (std::size_t i = 0; i < strip->rig.blocks.size(); ++i)
    if ((notice.bits >> std::min<std::size_t>(i, 63)) & 1u) {
      blocks += (blocks.empty() ? "" : ", ") + strip->rig.blocks[i].id;
      addFault(FaultKind::blockBypassed, fmt::format("strips/{}/rig/{}", place.id, strip->rig.blocks[i].id),
               fmt::format("{} in the rig of {} gave values that are not numbers and was bypassed.",
                           strip->rig.blocks[i].id, strip->name));
    }
  // A settled spare takes its place; one that fails again and again stays bypassed.
  constexpr int kMostSpares = 3;
  if (place.rebuilt >= kMostSpares) return;
  ++place.rebuilt;
  auto spare = buildRig(*strip, session_, place);
  const Command command{.kind = CommandKind::installRig, .slot = notice.slot, .object = spare.get()};
  if (!runtime_->send(std::span(&command, 1))) return;
  place.rig = spare.release();
  ++objectsOut_;
}

double Console::tempoOf(const Session& session) const noexcept {
  const auto value = [&](TempoParameter parameter) {
    return session.tempo[static_cast<std::size_t>(parameter)];
  };
  // Of a transport only the audio thread knows.
  return value(TempoParameter::source) != 0.0f ? runtime_->tempo()
                                               : static_cast<double>(value(TempoParameter::beatsPerMinute));
}

RigPlan Console::rigPlan(const StripState& strip, const rig::RigState& rig) const {
  return {.rig = rig,
          .channels = static_cast<int>(strip.inputs.size()),
          .fullScaleDbu = strip.fullScaleDbu,
          .folder = options_.folder};
}

void Console::takeBack(rig::Rig* rig) {
  std::unique_ptr<rig::Rig> owned(rig);
  const auto origin = origins_.find(rig);
  if (origin == origins_.end()) return;
  pool_.giveBack(std::move(owned), origin->second.plan, origin->second.levelDb);
  origins_.erase(origin);
}

std::unique_ptr<rig::Rig> Console::buildRig(const StripState& strip, const Session& session,
                                            StripPlace& place) {
  const RigPlan plan = rigPlan(strip, strip.rig);
  const double tempo = tempoOf(session);
  auto settled = pool_.take(plan);
  if (!settled) {
    settled = settledRig(plan, format_, tempo);
  } else if (settled->beatsPerMinute != tempo) {
    settled->rig->setTempo(tempo);
    settled->rig->reset();
  }
  std::unique_ptr<rig::Rig> rig = std::move(settled->rig);
  // A rig that is muted for want of a file says nothing of how loud it should be.
  place.levelOffsetDb = rig->problems().empty() ? settled->levelDb - rigLevelDb(strip.rig) : 0.0f;
  origins_.insert_or_assign(rig.get(), Origin{plan, settled->levelDb});
  for (const rig::BlockMessage& problem : rig->problems())
    addFault(FaultKind::fileMissing, fmt::format("strips/{}/rig/{}", strip.id, problem.blockId),
             fmt::format("{} in the rig of {} is muted: {}", problem.blockId, strip.name, problem.message));
  for (const rig::BlockMessage& note : rig->notes())
    addFault(FaultKind::blockNote, fmt::format("strips/{}/rig/{}", strip.id, note.blockId),
             fmt::format("{} in the rig of {}: {}", note.blockId, strip.name, note.message));
  return rig;
}

void Console::addFault(FaultKind kind, std::string where, std::string message) {
  faults_.push_back({kind, std::move(where), std::move(message)});
}

std::vector<Fault> Console::takeFaults() { return std::exchange(faults_, {}); }

int Console::stripSlot(const std::string& id) const noexcept {
  const auto place = std::ranges::find(strips_, id, &StripPlace::id);
  return place == strips_.end() ? -1 : static_cast<int>(place - strips_.begin());
}

int Console::outputSlot(const std::string& id) const noexcept {
  const auto place = std::ranges::find(outputs_, id, &OutputPlace::id);
  return place == outputs_.end() ? -1 : static_cast<int>(place - outputs_.begin());
}

StripMeters Console::stripMeters(const std::string& id) const {
  StripMeters meters;
  const int slot = stripSlot(id);
  if (slot < 0) return meters;
  for (int c = 0; c < 2; ++c) {
    meters.input[c] = strips_[slot].strip->inputMeter(c).read();
    meters.wet[c] = strips_[slot].strip->wetMeter(c).read();
  }
  if (const dsp::Looper* looper = strips_[slot].looper) meters.loop = looper->reading();
  meters.tuner = strips_[slot].rig->tunerReading();
  return meters;
}

OutputMeters Console::outputMeters(const std::string& id) const {
  OutputMeters meters;
  const int slot = outputSlot(id);
  if (slot < 0) return meters;
  const Output& output = *outputs_[slot].output;
  for (int c = 0; c < 2; ++c) meters.channel[c] = output.meter(c).read();
  meters.integratedLufs = output.loudness().integratedLufs();
  meters.gainReductionDb = 0.0 - Decibels::fromLinear(output.ceilingGain()).value;  // no -0
  meters.levelLimitDb = 0.0 - Decibels::fromLinear(output.limiterGain()).value;
  const auto state = std::ranges::find(session_.outputs, id, &OutputState::id);
  if (state != session_.outputs.end()) meters.fullScaleDbSpl = headphones::fullScaleDbSpl(state->gear);
  meters.levelDba = output.exposure().levelDba();
  meters.dose = output.exposure().dose();
  return meters;
}

FrameCount Console::wetLatencyFrames(const std::string& id) const {
  const int slot = stripSlot(id);
  return slot < 0 ? 0 : strips_[slot].rig->latencyFrames();
}

}  // namespace gainstage::console
