#include "recorder/disk_thread.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace gainstage::recorder {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kDrainEvery = 100ms;
// With a drain's 100 ms, a crash leaves files whose headers miss less than a second.
constexpr auto kHeadersEvery = 500ms;
constexpr auto kManifestEvery = 5s;
constexpr auto kSyncEvery = 1s;

/// A queue that was full takes nothing until an eighth of it is free.
FrameCount roomFor(FrameCount frames, FrameCount capacity) {
  return std::min(std::max(frames, capacity / 8), capacity);
}

}  // namespace

DiskThread::DiskThread(TakeWriter& writer, LiveTake& live, const RecorderConfig& config)
    : writer_(writer),
      live_(live),
      config_(config),
      manifest_(writer.manifest()),
      headersDue_(steady_clock::now()),
      manifestDue_(steady_clock::now() + kManifestEvery),
      sync_([this](const std::stop_token& stop) { runSync(stop); }),
      disk_([this](const std::stop_token& stop) { run(stop); }) {}

DiskThread::~DiskThread() = default;

bool DiskThread::waitUntilClosed(Milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::duration<double, std::milli>(timeout.value),
                           [&] { return closed_; });
}

void DiskThread::waitForRoom(FrameCount frames) {
  const auto hasRoom = [&] {
    for (int i = 0; i < live_.streams(); ++i)
      if (live_.queue(i).room() < roomFor(frames, live_.queue(i).capacity())) return false;
    return true;
  };
  if (hasRoom()) return;
  std::unique_lock lock(mutex_);
  hurried_ = true;
  wake_.notify_all();
  changed_.wait(lock, [&] { return closed_ || hasRoom(); });
}

void DiskThread::hurry() {
  const std::lock_guard lock(mutex_);
  hurried_ = true;
  wake_.notify_all();
}

bool DiskThread::isClosed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

TakeManifest DiskThread::manifest() const {
  const std::lock_guard lock(mutex_);
  return manifest_;
}

std::vector<Fault> DiskThread::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

void DiskThread::run(const std::stop_token& stop) {
  Result<void> soFar;
  bool delivered = false;
  while (soFar && !delivered && !stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, kDrainEvery, [&] { return hurried_; });
      hurried_ = false;
    }
    delivered = live_.isDelivered();  // before the queues are emptied: they hold all of it then
    soFar = writer_.drain(live_);
    if (soFar && !delivered) keepUp(soFar);
    publish();
  }
  close(soFar, delivered);
}

void DiskThread::keepUp(Result<void>& soFar) {
  const auto now = steady_clock::now();
  if (now >= headersDue_) {
    headersDue_ = now + kHeadersEvery;
    soFar = writer_.updateHeaders();
    checkSpace();
    // A crash must not forget where zeros stand for audio that was lost.
    const std::int64_t missing = writer_.manifest().missingFrames();
    if (std::exchange(missingFrames_, missing) != missing) manifestDue_ = now;
  }
  if (soFar && now >= manifestDue_) {
    manifestDue_ = now + kManifestEvery;
    if (auto written = writer_.updateManifest(); !written) note("diskError", written.error().message, 1);
  }
}

void DiskThread::checkSpace() {
  std::error_code problem;
  const std::int64_t free =
      config_.freeBytes
          ? config_.freeBytes(writer_.folder())
          : static_cast<std::int64_t>(std::filesystem::space(writer_.folder(), problem).available);
  if (problem) return;
  const double seconds = static_cast<double>(free) / writer_.bytesPerSecond();
  if (seconds >= config_.lowSpaceWarning.seconds()) return;
  note(
      "diskNearlyFull",
      fmt::format("Less than {:.0f} s of this take fit on the disk any more: free some space or stop in time",
                  config_.lowSpaceWarning.seconds()),
      1);
}

void DiskThread::close(const Result<void>& soFar, bool delivered) {
  live_.ignoreAudio();
  sync_.request_stop();
  wake_.notify_all();
  sync_.join();
  if (!soFar) note("diskError", soFar.error().message, 1);
  const bool whole = soFar && delivered;
  const auto finished = writer_.finish(whole ? std::optional(live_.length()) : std::nullopt,
                                       soFar && !delivered ? MissingReason::source : MissingReason::disk,
                                       soFar ? std::string() : soFar.error().message);
  if (soFar && !finished) note("diskError", finished.error().message, 1);
  publish();
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void DiskThread::note(std::string kind, std::string message, std::int64_t count) {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find(faults_, kind, &Fault::kind);
  if (known == faults_.end()) {
    faults_.push_back({std::move(kind), std::move(message), count});
    return;
  }
  known->count = kind == "diskError" ? known->count + count : count;
  known->message = std::move(message);
}

void DiskThread::publish() {
  std::int64_t lost = 0;
  for (int i = 0; i < live_.streams(); ++i) lost = std::max(lost, live_.lostFrames(i));
  if (lost > 0)
    note("diskTooSlow",
         "The disk is too slow: frames are missing from the take, as its take.json lists; record fewer "
         "streams "
         "or to another disk",
         lost);
  const std::lock_guard lock(mutex_);
  manifest_ = writer_.manifest();
  changed_.notify_all();
}

void DiskThread::runSync(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, kSyncEvery, [&] { return stop.stop_requested(); })) {
    lock.unlock();
    if (auto synced = writer_.sync(); !synced) note("diskError", synced.error().message, 1);
    lock.lock();
  }
}

}  // namespace gainstage::recorder
