#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "recorder/live_take.h"
#include "recorder/take_writer.h"

namespace gainstage::recorder {

/// Carries one take from its queues to its files, on a thread of its own, until every stream has come to the
/// end or a write fails; and has the disk sync them on another, since a sync may take longer than a queue
/// lasts.
class DiskThread {
 public:
  /// Both stay the caller's until it has been destroyed. [control]
  DiskThread(TakeWriter& writer, LiveTake& live, const RecorderConfig& config);
  ~DiskThread();  // [control] ends it as it is: call waitUntilClosed before

  /// True once the files are closed. [any thread that may wait]
  bool waitUntilClosed(Milliseconds timeout);
  /// Returns once each queue has room for as many frames (at most its capacity), or nothing is written any
  /// more. [any thread that may wait]
  void waitForRoom(FrameCount frames);
  /// The audio thread has gone: what it gave is all. [control]
  void hurry();

  bool isClosed() const;              // [any thread but audio]
  TakeManifest manifest() const;      // [any thread but audio] as of the last write
  std::vector<Fault> faults() const;  // [any thread but audio]

 private:
  void run(const std::stop_token& stop);
  void runSync(const std::stop_token& stop);
  void keepUp(Result<void>& soFar);
  void close(const Result<void>& soFar, bool delivered);
  void checkSpace();
  void note(std::string kind, std::string message, std::int64_t count);
  void publish();

  TakeWriter& writer_;
  LiveTake& live_;
  const RecorderConfig& config_;

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;     ///< the threads here
  std::condition_variable_any changed_;  ///< those who wait for them
  bool hurried_ = false;
  bool closed_ = false;
  TakeManifest manifest_;
  std::vector<Fault> faults_;

  std::chrono::steady_clock::time_point headersDue_, manifestDue_;  // the disk thread's, as the next is
  std::int64_t missingFrames_ = 0;
  std::jthread sync_, disk_;
};

}  // namespace gainstage::recorder
