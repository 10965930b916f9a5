#pragma once

#include <atomic>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "core/audio_buffer.h"
#include "core/spsc_queue.h"
#include "devices/device.h"
#include "devices/output_sink.h"
#include "devices/virtual/fault.h"
#include "devices/virtual/input_source.h"
#include "devices/virtual/pace_clock.h"
#include "devices/virtual/semaphore.h"

namespace gainstage::devices {

/// How a stream is to run.
struct StreamPlan {
  static constexpr FrameTime kEndless = std::numeric_limits<FrameTime>::max();

  DeviceFormat format;         ///< inputs: the source's channels, or fewer
  PaceClock* clock = nullptr;  ///< nullptr: as fast as it will run
  /// Blocks that the device can hold: a callback that comes later than all but one of them loses frames (2:
  /// as strict as hardware). 0: so many that 200 ms are held, which costs nothing where nobody listens.
  int periods = 0;
  FrameTime frameLimit = 0;  ///< as DeviceRequest
  FrameTime tailFrames = 0;  ///< silent frames delivered after the source's end; or kEndless
  double driftPpm = 0.0;     ///< how much faster its clock runs than it should
  unsigned blockSeed = 0;    ///< not 0: blocks of any length up to format.blockFrames
  std::vector<Fault> faults;
};

/// 8000..384000 Hz and 1..8192 frames, or a sentence. ErrorKind::usage. [control]
Result<void> checkFormat(const DeviceFormat& format);

/// Runs a client's callbacks on a source of inputs: the machinery that every device without hardware shares.
/// Two threads: one that calls process(), paced by a clock or back to back, and one that tells events. The
/// first waits until an event is told, unless it is paced and the event only speaks of lost frames.
class StreamRunner {
 public:
  /// Prepares the source and tells the client the format. [control]
  static Result<std::unique_ptr<StreamRunner>> make(StreamPlan plan, std::unique_ptr<InputSource> source,
                                                    std::shared_ptr<OutputSink> sink, DeviceClient& client);
  ~StreamRunner();
  StreamRunner(const StreamRunner&) = delete;
  StreamRunner& operator=(const StreamRunner&) = delete;

  Result<void> start();                       // [control] goes on at the frame where it stopped
  void stop();                                // [control]
  bool waitUntilEnded(Milliseconds timeout);  // [control]
  Result<void> problem() const;               // [control, not running]
  /// Lets something go wrong while it runs. False: too much waits already. [one control thread]
  bool inject(const Fault& fault) noexcept { return injected_.tryPush(fault); }

 private:
  struct Notice {
    DeviceEvent event = DeviceEvent::ended;
    std::int64_t frames = 0;
    DeviceFormat format{};  ///< of formatChanged
    bool stopped = false;   ///< the last one of a stream that was told to stop: no event
    bool awaited = false;   ///< the audio thread waits until it is told
  };

  StreamRunner(StreamPlan plan, std::unique_ptr<InputSource> source, std::shared_ptr<OutputSink> sink,
               DeviceClient& client);
  Result<void> takeFormat(const DeviceFormat& format);

  // Device thread.
  void tellEvents();
  void tell(const Notice& notice);

  // Audio thread.
  void run() noexcept;
  void deliver(FrameCount frames) noexcept;
  AudioView fillInputs(FrameCount frames) noexcept;
  void skip(FrameTime frames) noexcept;
  void lose(FrameTime frames) noexcept;
  void perform(const Fault& fault) noexcept;
  void stayAway(FrameTime frames) noexcept;
  FrameTime framesLate(FrameCount frames) noexcept;
  int periodsHeld() const noexcept;
  bool sleepUntil(std::int64_t deadlineNs) noexcept;
  void anchorClock() noexcept;
  double framesPerNs() const noexcept;
  std::int64_t clockAt(FrameTime frame) const noexcept;
  FrameTime framesAtClock() const noexcept;
  FrameCount nextBlockFrames() noexcept;
  void collectInjected() noexcept;
  bool takePlugBack() noexcept;
  void reportLost() noexcept;
  void notify(const Notice& notice) noexcept;
  bool stopping() const noexcept { return stopping_.load(std::memory_order_acquire); }

  StreamPlan plan_;
  std::unique_ptr<InputSource> source_;
  std::shared_ptr<OutputSink> sink_;
  DeviceClient& client_;

  DeviceFormat format_{.sampleRate = 0.0};
  AudioBuffer inputs_;  ///< of the source: may be more channels than the client sees
  AudioBuffer outputs_;
  std::vector<Fault> faults_;  ///< still to come, the next one last
  std::mt19937 blockLengths_;
  FrameTime frame_ = 0;
  FrameTime end_;  ///< first frame that is not delivered
  FrameTime anchorFrame_ = 0;
  std::int64_t anchorNs_ = 0;
  FrameTime unreportedLost_ = 0;
  Result<void> problem_;

  SpscQueue<Fault> injected_{64};
  SpscQueue<Notice> notices_{64};
  Semaphore noticed_;
  Semaphore told_;
  std::atomic<bool> stopping_{false};
  std::thread audioThread_;
  std::thread deviceThread_;
  std::mutex endedMutex_;
  std::condition_variable endedChanged_;
  bool ended_ = false;
};

}  // namespace gainstage::devices
