#include "devices/virtual/stream_runner.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <system_error>

#include "core/realtime.h"

namespace gainstage::devices {
namespace {

constexpr double kNsPerSecond = 1e9;
// A thread that sleeps longer than this looks up meanwhile whether it is told to stop.
constexpr std::int64_t kLongestSleepNs = 50'000'000;
// A thread without priority was seen to be 77 ms late on two processors with 14 threads waiting for them.
constexpr double kHeldSeconds = 0.2;
constexpr std::int64_t kRetryNs = 1'000'000;
constexpr FrameTime kNever = StreamPlan::kEndless;
constexpr std::int64_t kNeverNs = std::numeric_limits<std::int64_t>::max();

}  // namespace

Result<void> checkFormat(const DeviceFormat& format) {
  if (!(format.sampleRate >= 8000.0 && format.sampleRate <= 384000.0))
    return Error{ErrorKind::usage,
                 fmt::format("The sample rate of {} Hz cannot be run: choose one from 8000 to 384000 Hz.",
                             format.sampleRate)};
  if (format.blockFrames < 1 || format.blockFrames > 8192)
    return Error{ErrorKind::usage, fmt::format("Blocks of {} frames cannot be run: choose 1 to 8192 frames.",
                                               format.blockFrames)};
  return {};
}

StreamRunner::StreamRunner(StreamPlan plan, std::unique_ptr<InputSource> source,
                           std::shared_ptr<OutputSink> sink, DeviceClient& client)
    : plan_(std::move(plan)),
      source_(std::move(source)),
      sink_(std::move(sink)),
      client_(client),
      faults_(plan_.faults),
      blockLengths_(plan_.blockSeed),
      end_(plan_.frameLimit > 0 ? plan_.frameLimit : kNever) {
  faults_.reserve(faults_.size() + injected_.capacity());
  std::ranges::reverse(faults_);
  std::ranges::stable_sort(faults_, std::greater{}, &Fault::atFrame);
}

Result<std::unique_ptr<StreamRunner>> StreamRunner::make(StreamPlan plan, std::unique_ptr<InputSource> source,
                                                         std::shared_ptr<OutputSink> sink,
                                                         DeviceClient& client) {
  const DeviceFormat format = plan.format;
  std::unique_ptr<StreamRunner> runner(
      new StreamRunner(std::move(plan), std::move(source), std::move(sink), client));
  if (auto taken = runner->takeFormat(format); !taken) return taken.error();
  return runner;
}

StreamRunner::~StreamRunner() { stop(); }

Result<void> StreamRunner::takeFormat(const DeviceFormat& format) {
  if (format.sampleRate != format_.sampleRate)
    if (auto prepared = source_->prepare(format.sampleRate, plan_.clock != nullptr); !prepared)
      return prepared;
  format_ = format;
  inputs_ = AudioBuffer(source_->channels(), format.blockFrames);
  outputs_ = AudioBuffer(format.outputs, format.blockFrames);
  client_.formatChanged(format);
  if (sink_) sink_->formatChanged(format);
  return {};
}

Result<void> StreamRunner::start() {
  if (audioThread_.joinable()) return {};
  stopping_.store(false, std::memory_order_release);
  {
    const std::lock_guard lock(endedMutex_);
    ended_ = false;
  }
  try {
    deviceThread_ = std::thread([this] { tellEvents(); });
    audioThread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    if (deviceThread_.joinable()) {
      notify({.stopped = true});
      deviceThread_.join();
    }
    return Error{ErrorKind::device,
                 fmt::format("No thread could be started for the device: {}.", error.what())};
  }
  return {};
}

void StreamRunner::stop() {
  stopping_.store(true, std::memory_order_release);
  if (audioThread_.joinable()) audioThread_.join();
  if (deviceThread_.joinable()) deviceThread_.join();
}

bool StreamRunner::waitUntilEnded(Milliseconds timeout) {
  std::unique_lock lock(endedMutex_);
  return endedChanged_.wait_for(lock, std::chrono::duration<double>(timeout.seconds()),
                                [this] { return ended_; });
}

Result<void> StreamRunner::problem() const { return problem_ ? source_->problem() : problem_; }

void StreamRunner::tellEvents() {
  for (;;) {
    noticed_.wait();
    Notice notice;
    while (notices_.tryPop(notice)) {
      if (notice.stopped) return;
      tell(notice);
      if (notice.awaited) told_.post();
      if (notice.event == DeviceEvent::ended) return;
    }
  }
}

void StreamRunner::tell(const Notice& notice) {
  // A source that cannot follow to another rate (its file is gone) ends the stream.
  if (notice.event == DeviceEvent::formatChanged)
    if (problem_ = takeFormat(notice.format); !problem_) {
      end_ = frame_;
      return;
    }
  client_.deviceEvent(notice.event, notice.frames);
  if (notice.event != DeviceEvent::ended) return;
  const std::lock_guard lock(endedMutex_);
  ended_ = true;
  endedChanged_.notify_all();
}

void StreamRunner::run() noexcept {
  if (plan_.clock) plan_.clock->enlist();
  anchorClock();
  while (!stopping()) {
    collectInjected();
    reportLost();
    if (frame_ >= end_) {
      notify({.event = DeviceEvent::ended});
      return;
    }
    if (!faults_.empty() && faults_.back().atFrame <= frame_) {
      const Fault fault = faults_.back();
      faults_.pop_back();
      perform(fault);
      continue;
    }
    const FrameCount frames = nextBlockFrames();
    if (plan_.clock) {
      if (!sleepUntil(clockAt(frame_ + frames))) break;
      if (const FrameTime lost = framesLate(frames); lost > 0) {
        lose(lost);
        continue;
      }
    }
    deliver(frames);
  }
  notify({.stopped = true});
}

void StreamRunner::deliver(FrameCount frames) noexcept {
  const AudioView inputs = fillInputs(frames);
  frames = static_cast<FrameCount>(std::min<FrameTime>(frames, end_ - frame_));
  if (frames == 0) return;
  const AudioView outputs = outputs_.view(frames);
  DeviceBlock block;
  block.inputs = inputs.frameRange(0, frames).channelRange(0, format_.inputs);
  block.outputs = outputs;
  block.frame = frame_;
  block.frames = frames;
  block.clockNs = clockAt(frame_ + frames);
  if (plan_.clock)
    block.budgetNs = static_cast<std::int64_t>(format_.blockFrames / format_.sampleRate * kNsPerSecond);
  else
    client_.waitForRoom(frames);
  {
    const RealtimeScope realtime;
    client_.process(block);
  }
  frame_ += frames;
  if (sink_ && !sink_->write(outputs, block.frame)) end_ = frame_;
}

AudioView StreamRunner::fillInputs(FrameCount frames) noexcept {
  const AudioView inputs = inputs_.view(frames);
  const FrameCount got = source_->fill(inputs);
  if (got < frames) {
    inputs.frameRange(got, frames - got).clear();
    if (plan_.tailFrames != StreamPlan::kEndless) end_ = std::min(end_, frame_ + got + plan_.tailFrames);
  }
  return inputs;
}

// The sources play on meanwhile: the input at a frame does not depend on what was lost before it.
void StreamRunner::skip(FrameTime frames) noexcept {
  while (frames > 0 && frame_ < end_) {
    const auto chunk = static_cast<FrameCount>(std::min<FrameTime>(frames, format_.blockFrames));
    fillInputs(chunk);
    frame_ += chunk;
    frames -= chunk;
  }
}

void StreamRunner::lose(FrameTime frames) noexcept {
  frames = std::min(frames, end_ - frame_);
  skip(frames);
  unreportedLost_ += frames;
  reportLost();
}

void StreamRunner::perform(const Fault& fault) noexcept {
  switch (fault.kind) {
    case FaultKind::lostFrames:
      return lose(fault.frames);
    case FaultKind::unplug:
      return stayAway(fault.frames);
    case FaultKind::plugBack:
      return;
    case FaultKind::format:
      break;
  }
  Notice notice{.event = DeviceEvent::formatChanged, .format = format_, .awaited = true};
  if (fault.sampleRate > 0.0) notice.format.sampleRate = fault.sampleRate;
  if (fault.blockFrames > 0) notice.format.blockFrames = fault.blockFrames;
  if (notice.format == format_) return;
  notice.frames = notice.format.blockFrames;
  anchorNs_ = clockAt(frame_);
  anchorFrame_ = frame_;
  notify(notice);
  anchorClock();
}

void StreamRunner::stayAway(FrameTime frames) noexcept {
  notify({.event = DeviceEvent::gone, .awaited = true});
  const bool forGood = frames < 0;
  const FrameTime backFrame = forGood ? end_ : frame_ + std::min(frames, end_ - frame_);
  FrameTime away = backFrame - frame_;
  // Without a clock there is no time to wait for, unless only somebody's word can end it.
  if (plan_.clock || backFrame == kNever) {
    PaceClock& clock = plan_.clock ? *plan_.clock : monotonicClock();
    const std::int64_t backNs = plan_.clock ? clockAt(backFrame) : kNeverNs;
    while (clock.nowNs() < backNs) {
      if (stopping()) return;
      if (takePlugBack()) {
        away = plan_.clock ? framesAtClock() - frame_ : 0;
        break;
      }
      clock.sleepUntil(std::min(backNs, clock.nowNs() + kLongestSleepNs));
    }
  }
  away = std::min(away, end_ - frame_);
  skip(away);
  if (frame_ >= end_) return;
  notify({.event = DeviceEvent::back, .frames = away, .awaited = true});
  anchorClock();
}

FrameTime StreamRunner::framesLate(FrameCount frames) noexcept {
  const FrameTime full = frame_ + frames + static_cast<FrameTime>(periodsHeld() - 1) * format_.blockFrames;
  if (plan_.clock->nowNs() <= clockAt(full)) return 0;
  // All that is held is dropped but the block that came in last.
  return std::max<FrameTime>((framesAtClock() - frame_) / frames - 1, 1) * frames;
}

int StreamRunner::periodsHeld() const noexcept {
  if (plan_.periods > 0) return plan_.periods;
  return std::max(2, static_cast<int>(kHeldSeconds * format_.sampleRate / format_.blockFrames));
}

bool StreamRunner::sleepUntil(std::int64_t deadlineNs) noexcept {
  for (;;) {
    const std::int64_t nowNs = plan_.clock->nowNs();
    if (stopping()) return false;
    if (nowNs >= deadlineNs) return true;
    plan_.clock->sleepUntil(std::min(deadlineNs, nowNs + kLongestSleepNs));
  }
}

void StreamRunner::anchorClock() noexcept {
  if (!plan_.clock) return;
  anchorFrame_ = frame_;
  anchorNs_ = plan_.clock->nowNs();
}

double StreamRunner::framesPerNs() const noexcept {
  return format_.sampleRate * (1.0 + plan_.driftPpm * 1e-6) / kNsPerSecond;
}

std::int64_t StreamRunner::clockAt(FrameTime frame) const noexcept {
  if (frame == kNever) return kNeverNs;
  return anchorNs_ + static_cast<std::int64_t>(static_cast<double>(frame - anchorFrame_) / framesPerNs());
}

FrameTime StreamRunner::framesAtClock() const noexcept {
  const auto passedNs = static_cast<double>(plan_.clock->nowNs() - anchorNs_);
  return anchorFrame_ + static_cast<FrameTime>(passedNs * framesPerNs());
}

FrameCount StreamRunner::nextBlockFrames() noexcept {
  FrameTime frames = format_.blockFrames;
  if (plan_.blockSeed != 0) frames = 1 + blockLengths_() % static_cast<unsigned>(format_.blockFrames);
  if (!faults_.empty()) frames = std::min(frames, faults_.back().atFrame - frame_);
  return static_cast<FrameCount>(std::min(frames, end_ - frame_));
}

void StreamRunner::collectInjected() noexcept {
  Fault fault;
  while (faults_.size() < faults_.capacity() && injected_.tryPop(fault))
    faults_.insert(std::ranges::lower_bound(faults_, fault.atFrame, std::greater{}, &Fault::atFrame), fault);
}

bool StreamRunner::takePlugBack() noexcept {
  collectInjected();
  const auto found = std::ranges::find(faults_, FaultKind::plugBack, &Fault::kind);
  if (found == faults_.end()) return false;
  faults_.erase(found);
  return true;
}

void StreamRunner::reportLost() noexcept {
  if (unreportedLost_ == 0) return;
  const Notice notice{.event = DeviceEvent::lostFrames, .frames = unreportedLost_};
  if (plan_.clock && !notices_.tryPush(notice)) return;  // told together with the next ones
  unreportedLost_ = 0;
  if (plan_.clock)
    noticed_.post();
  else
    notify({.event = notice.event, .frames = notice.frames, .awaited = true});
}

void StreamRunner::notify(const Notice& notice) noexcept {
  while (unreportedLost_ > 0 &&
         !notices_.tryPush({.event = DeviceEvent::lostFrames, .frames = unreportedLost_}))
    monotonicClock().sleepUntil(monotonicClock().nowNs() + kRetryNs);
  unreportedLost_ = 0;
  while (!notices_.tryPush(notice)) monotonicClock().sleepUntil(monotonicClock().nowNs() + kRetryNs);
  noticed_.post();
  if (notice.awaited) told_.wait();
}

}  // namespace gainstage::devices
