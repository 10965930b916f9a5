#include "console/runtime.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace gainstage::console {
namespace {

std::int64_t steadyNs(void*) noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

constexpr std::uint64_t maskOf(int slot) noexcept { return std::uint64_t{1} << slot; }

}  // namespace

Runtime::Runtime(const RuntimeOptions& options)
    : options_(options),
      commands_(kQueuedCommands),
      notices_(kQueuedCommands),
      reverbBus_(2, options.format.maxFrames),
      click_(1, options.format.maxFrames),
      talkbackBus_(1, options.format.maxFrames),
      overload_(options.clock ? options.clock : steadyNs, options.clockContext) {
  pending_.reserve(kQueuedCommands);
  std::iota(byCost_.begin(), byCost_.end(), std::uint8_t{0});
  reverb_.prepare(options.format);
  metronome_.prepare(options.format);
  talkback_.setLength(options.format.frames(kGlobalRamp));
}

Runtime::~Runtime() {
  // What was sent and never executed is still owned here.
  fetchCommands();
  for (const Command& command : pending_) {
    if (command.kind == CommandKind::installStrip) delete static_cast<Strip*>(command.object);
    if (command.kind == CommandKind::installRig) delete static_cast<rig::Rig*>(command.object);
    if (command.kind == CommandKind::installOutput) delete static_cast<Output*>(command.object);
    if (command.kind == CommandKind::installCorrection)
      delete static_cast<headphones::PreparedCorrection*>(command.object);
    if (command.kind == CommandKind::installLooper) delete static_cast<dsp::Looper*>(command.object);
  }
  // And what came back and nobody has fetched.
  for (Notice notice; notices_.tryPop(notice);) {
    if (notice.kind == NoticeKind::retiredStrip) delete static_cast<Strip*>(notice.object);
    if (notice.kind == NoticeKind::retiredRig) delete static_cast<rig::Rig*>(notice.object);
    if (notice.kind == NoticeKind::retiredOutput) delete static_cast<Output*>(notice.object);
    if (notice.kind == NoticeKind::retiredCorrection)
      delete static_cast<headphones::PreparedCorrection*>(notice.object);
    if (notice.kind == NoticeKind::retiredFilter)
      delete static_cast<headphones::CorrectionFilter*>(notice.object);
    if (notice.kind == NoticeKind::retiredLooper) delete static_cast<dsp::Looper*>(notice.object);
  }
}

void Runtime::process(const ConsoleIo& io) noexcept {
  overload_.begin(io.budgetNs);
  fetchCommands();
  const FrameTime begin = frame();
  io.outputs.clear();
  FrameCount at = 0;
  while (at < io.frames) {
    executeDue(begin + at);
    const FrameCount count = framesToNextCommand(begin + at, io.frames - at);
    processSegment(io, at, count);
    at += count;
  }
  frame_.store(begin + io.frames, std::memory_order_relaxed);
  overload_.end(io.frames);
  shedAndRestore();
  sendBack();
}

void Runtime::settle() noexcept {
  fetchCommands();
  executeDue(frame());
  updateEverything();
  for (auto& strip : strips_)
    if (strip) strip->snap();
  for (auto& output : outputs_)
    if (output) output->snap();
  talkback_.snapToTarget();
  reverb_.reset();
}

void Runtime::processSegment(const ConsoleIo& io, FrameCount offset, FrameCount frames) noexcept {
  followTransport(io, offset);
  runStrips(io, offset, frames);
  runRigs(offset, frames);
  overload_.rigsDone();
  runBuses(io, offset, frames);
  gatherSources(io, offset);
  for (auto& output : outputs_)
    if (output) output->process(sources_.data(), io.outputs.frameRange(offset, frames), offset);
}

void Runtime::runStrips(const ConsoleIo& io, FrameCount offset, FrameCount frames) noexcept {
  for (int slot = 0; slot < kMaxStrips; ++slot) {
    Strip* strip = strips_[slot].get();
    if (!strip) continue;
    strip->processInput(io.inputs.frameRange(offset, frames), offset);
    if (strip->takeNotFinite()) notify(NoticeKind::inputNotFinite, slot);
    if (options_.watchForHowl) watchHowl(slot, offset, frames);
  }
}

void Runtime::watchHowl(int slot, FrameCount offset, FrameCount frames) noexcept {
  constexpr float kDuckDb = -20.0f;
  Strip& strip = *strips_[slot];
  strip.howl().process(strip.direct().channel(0).subspan(offset, frames));
  const bool howling = strip.howl().isHowling();
  if (howling == (strip.levels().duckDb < 0.0f)) return;
  strip.levels().duckDb = howling ? kDuckDb : 0.0f;
  strip.levels().duckGain = Decibels{strip.levels().duckDb}.linear();
  updateStrip(slot);
  notify(howling ? NoticeKind::howlDucked : NoticeKind::howlOver, slot, strip.howl().frequencyHz());
}

void Runtime::runRigs(FrameCount offset, FrameCount frames) noexcept {
  if (overload_.hasDeadline()) {
    // Nearly sorted from the callback before: insertion sort is linear then.
    for (std::size_t i = 1; i < byCost_.size(); ++i)
      for (std::size_t j = i; j > 0 && overload_.costNs(byCost_[j], 1) < overload_.costNs(byCost_[j - 1], 1);
           --j)
        std::swap(byCost_[j], byCost_[j - 1]);
  }
  for (const int slot : byCost_) {
    Strip* strip = strips_[slot].get();
    if (!strip) continue;
    if (!overload_.hasDeadline() || strip->isAsleep() || !strip->rig().isCostly()) {
      strip->processRig(offset, frames);
      continue;
    }
    if (!overload_.fits(slot, frames)) {
      strip->rig().shed(true);
      if (!(shed_ & maskOf(slot))) notify(NoticeKind::rigShed, slot);
      shed_ |= maskOf(slot);
      strip->processRig(offset, frames);
      continue;
    }
    overload_.rigBegins();
    strip->processRig(offset, frames);
    overload_.rigEnds(slot, frames);
  }
}

void Runtime::shedAndRestore() noexcept {
  if (!overload_.hasDeadline()) return;
  std::uint64_t costly = 0;
  for (int slot = 0; slot < kMaxStrips; ++slot) {
    Strip* strip = strips_[slot].get();
    if (strip && !strip->isAsleep() && strip->rig().isCostly() && !(shed_ & maskOf(slot)))
      costly |= maskOf(slot);
    if (!strip) shed_ &= ~maskOf(slot);
  }
  if (const int slot = overload_.shouldShed(costly); slot >= 0) {
    strips_[slot]->rig().shed(false);
    shed_ |= maskOf(slot);
    notify(NoticeKind::rigShed, slot);
  }
  if (const int slot = overload_.shouldRestore(shed_, options_.format.maxFrames); slot >= 0) {
    strips_[slot]->rig().restore();
    shed_ &= ~maskOf(slot);
    notify(NoticeKind::rigRestored, slot);
  }
}

void Runtime::sendBack() noexcept {
  for (int slot = 0; slot < kMaxStrips; ++slot) {
    Strip* strip = strips_[slot].get();
    if (!strip) continue;
    while (rig::Rig* rig = strip->rig().takeRetired()) notify(NoticeKind::retiredRig, slot, 0.0f, 0, rig);
    if (const std::uint64_t bits = strip->rig().newest()->bypassedBlocks(); bits != bypassedTold_[slot]) {
      if (bits != 0) notify(NoticeKind::blocksBypassed, slot, 0.0f, bits, strip->rig().newest());
      bypassedTold_[slot] = bits;
    }
    if (!strip->levels().present && frame() >= stripLeaves_[slot]) {
      levels_[slot] = {};
      notify(NoticeKind::retiredStrip, slot, 0.0f, 0, strips_[slot].release());
    }
  }
  for (int slot = 0; slot < kMaxOutputs; ++slot) {
    if (!outputs_[slot]) continue;
    while (auto filter = outputs_[slot]->takeRetiredFilter())
      notify(NoticeKind::retiredFilter, slot, 0.0f, 0, filter.release());
    if (outputs_[slot]->hasLeft()) notify(NoticeKind::retiredOutput, slot, 0.0f, 0, outputs_[slot].release());
  }
}

void Runtime::notify(NoticeKind kind, int slot, float value, std::uint64_t bits, void* object) noexcept {
  // News may be lost where nobody reads it; what has to be freed always finds room, for the control thread
  // has no more than half a queue of it under way.
  if (!object && notices_.size() > notices_.capacity() / 2) return;
  notices_.tryPush(Notice{.kind = kind,
                          .slot = static_cast<std::uint8_t>(slot),
                          .frame = frame(),
                          .value = value,
                          .bits = bits,
                          .object = object});
}

}  // namespace gainstage::console
