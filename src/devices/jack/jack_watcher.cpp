#include "devices/jack/jack_watcher.h"

namespace gainstage::devices::jack {
namespace {

using namespace std::chrono_literals;

/// Losses are noted on the audio thread, which wakes nobody: they are looked for this often.
constexpr auto kLookEvery = 100ms;
constexpr auto kRetryEvery = 500ms;

}  // namespace

JackWatcher::JackWatcher(std::string serverName, PortPlan plan, JackStream& stream,
                         std::unique_ptr<JackLink> link)
    : serverName_(std::move(serverName)),
      plan_(std::move(plan)),
      stream_(stream),
      link_(std::move(link)),
      blockFrames_(link_->blockFrames()) {}

JackWatcher::~JackWatcher() { stop(); }

Result<void> JackWatcher::start() {
  if (thread_.joinable()) return {};
  if (auto joined = join(); !joined) return joined;
  openGate();
  quit_ = false;
  thread_ = std::thread([this] { watch(); });
  return {};
}

void JackWatcher::stop() {
  if (!thread_.joinable()) return;
  quit_ = true;
  stream_.news.wake();
  thread_.join();
  stream_.gate.shutAndWait();
  if (!link_) return;
  if (isServerGone()) {
    patchbay_.oweAll(Clock::now());
    link_.reset();
  } else {
    // The ports stay where they are, silent: a deactivated client loses its cords, on PipeWire those too that
    // its libjack has not heard of yet.
    patchbay_.observe(link_->client(), link_->ports(), Clock::now());
  }
}

bool JackWatcher::waitUntilEnded(Milliseconds timeout) {
  std::unique_lock lock(endedMutex_);
  return endedChanged_.wait_for(lock, std::chrono::duration<double>(timeout.seconds()),
                                [this] { return ended_; });
}

Result<void> JackWatcher::join() {
  if (!link_ || isServerGone()) {
    if (link_) patchbay_.oweAll(Clock::now());  // it died after stop()
    link_.reset();  // libjack holds on to a dead server's memory until its last client is closed
    auto link = JackLink::open(serverName_, plan_, stream_);
    if (!link) return link.error();
    link_ = std::move(*link);
    stream_.freewheel = false;
  }
  if (link_->sampleRate() != stream_.sampleRate) stream_.news.sampleRate = link_->sampleRate();
  stream_.news.blockFrames = link_->blockFrames();
  stream_.news.latencyChanged = true;
  stream_.news.xruns = 0;
  stream_.clock.resync();
  if (auto active = link_->activate(); !active) {
    link_.reset();
    return active;
  }
  patchbay_.connectOwed(link_->client());
  return {};
}

void JackWatcher::openGate() {
  tellFormat();
  if (!stream_.news.ended) stream_.gate.open();
}

void JackWatcher::watch() {
  while (!quit_) {
    if (link_ && isServerGone()) leaveDeadServer();
    if (!link_) {
      tryToReturn();
    } else {
      tellLosses();
      if (stream_.news.sampleRate != 0 || stream_.news.blockFrames != 0) openGate();
      tendPatchbay();
      link_->tellNames();
      if (stream_.news.latencyChanged.exchange(false)) link_->updateLatencies();
    }
    tellEnd();
    stream_.news.wait(link_ ? kLookEvery : kRetryEvery);
  }
}

bool JackWatcher::isServerGone() {
  if (!stream_.news.gone.exchange(false)) return false;
  goneSince_ = Clock::now();
  if (link_->isRunningAfterAll()) return false;  // what came meanwhile is news again
  stream_.news.gone = true;
  return true;
}

void JackWatcher::leaveDeadServer() {
  stream_.gate.shutAndWait();
  tellLosses();
  stream_.client.deviceEvent(DeviceEvent::gone, 0);
  patchbay_.oweAll(goneSince_);
  link_.reset();
}

FrameTime JackWatcher::framesAway() const {
  const std::chrono::duration<double> away = Clock::now() - goneSince_;
  return static_cast<FrameTime>(away.count() * stream_.sampleRate);
}

void JackWatcher::tryToReturn() {
  if (!join()) {
    // What was to last so many frames ends on time, whether or not the server comes back.
    if (stream_.frameLimit > 0 && stream_.clock.next() + framesAway() >= stream_.frameLimit)
      stream_.news.ended = true;
    return;
  }
  const FrameTime away = framesAway();
  stream_.clock.skip(away);
  stream_.client.deviceEvent(DeviceEvent::back, away);
  openGate();
}

void JackWatcher::tellLosses() {
  // Together, however many there were since the last look: a machine that stumbles does so in bursts.
  const bool stumbled = stream_.news.xruns.exchange(0) > 0;
  const FrameTime lost = stream_.news.lostFrames.exchange(0);
  if (stumbled || lost > 0) stream_.client.deviceEvent(DeviceEvent::lostFrames, lost);
}

void JackWatcher::tellFormat() {
  bool isNews = false;
  while (const std::uint32_t rate = stream_.news.sampleRate.exchange(0)) {
    if (rate == stream_.sampleRate) continue;
    stream_.gate.shutAndWait();
    stream_.sampleRate = rate;
    stream_.client.formatChanged({stream_.sampleRate, stream_.mostFrames, plan_.inputs, plan_.outputs});
    stream_.clock.resync();
    isNews = true;
  }
  if (const auto block = static_cast<FrameCount>(stream_.news.blockFrames.exchange(0)); block != 0) {
    isNews = isNews || block != blockFrames_;
    blockFrames_ = block;
  }
  if (isNews) stream_.client.deviceEvent(DeviceEvent::formatChanged, blockFrames_);
}

void JackWatcher::tellEnd() {
  if (!stream_.news.ended) return;
  {
    const std::lock_guard lock(endedMutex_);
    if (ended_) return;
    ended_ = true;
  }
  tellLosses();
  stream_.client.deviceEvent(DeviceEvent::ended, 0);
  endedChanged_.notify_all();
}

void JackWatcher::tendPatchbay() {
  if (!stream_.news.graphChanged.exchange(false) && !patchbay_.owes()) return;
  patchbay_.connectOwed(link_->client());
  patchbay_.observe(link_->client(), link_->ports(), Clock::now());
  stream_.latency.measure(link_->ports());
}

}  // namespace gainstage::devices::jack
