#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "recorder/disk_thread.h"

namespace gainstage::recorder {

enum class RecorderState {
  idle,
  recording,  ///< or waiting for the frame to start at
  closed,     ///< the take's end has come, or a write failed: finish() tells
};

struct RecorderStatus {
  RecorderState state = RecorderState::idle;
  std::filesystem::path folder;  ///< of the take
  std::int64_t frames = 0;       ///< on the disk, of every stream
  std::vector<Fault> faults;
};

/// A take that has ended.
struct FinishedTake {
  std::filesystem::path folder;
  TakeManifest manifest;  ///< complete
  std::vector<Fault> faults;
};

/// Records takes: one folder each, with a WAV for each stream, all of the same frames, and take.json. The
/// audio thread hands frames over and never waits: where the disk is too slow whole frames are dropped, zeros
/// stand in their place, and take.json and faults tell how many and where. One take at a time.
class Recorder {
 public:
  explicit Recorder(RecorderConfig config = {});  // [control]
  ~Recorder();                                    // [control] finishes a take as it is; no callback any more

  /// Makes the files and arms the take: its first frame is `at`, or the first of a later callback where that
  /// has passed. About a megabyte is allocated for each channel. Gives the take's folder. Errors (file):
  /// where it cannot be written, and nothing is left; (usage): a take runs already. [control]
  Result<std::filesystem::path> start(const TakeDescription& description, FrameTime at = kNow);

  /// The first frame that is not in the take any more: `at`, or the first of a later callback where that has
  /// passed. The first call counts. [control]
  void stop(FrameTime at = kNow);

  /// stop(), then waits until the last of it is on the disk; with a timeout of 0, or where no callback comes
  /// in that time, with what the audio thread gave so far (for a device that has ended or gone). Errors: no
  /// take was started. A take that a full disk ended is a FinishedTake with that fault. [control]
  Result<FinishedTake> finish(Milliseconds timeout = Milliseconds{2000.0});

  RecorderStatus status() const;  // [control]

  /// Begins a callback whose first frame is `frame`: starts and stops take effect here, for all streams.
  /// Frames count on, they never go back. [audio]
  void beginBlock(FrameTime frame) noexcept;
  /// Whether push() is of any use in this block. [audio, between beginBlock and endBlock]
  bool isRecording() const noexcept { return current_ != nullptr; }
  /// Frames of a stream, `frame` being the callback's own count at the first of them; any number of calls, in
  /// order. `latencyFrames` is the delay of the path they came by: it is taken out, so that what entered the
  /// device at frame f stands at the same place in every stream. Frames never pushed become zeros in the list
  /// of missing ones; where the latency grows, repeated ones are left out. `audio` has the stream's channels.
  /// [audio, between beginBlock and endBlock]
  void push(int stream, FrameTime frame, ConstAudioView audio, FrameCount latencyFrames = 0) noexcept;
  void endBlock() noexcept;  // [audio]

  /// Waits until `frames` of every stream can be pushed: for a device without a clock, which would outrun any
  /// disk. [the thread of callbacks, outside of RealtimeScope and of beginBlock ... endBlock]
  void waitForRoom(FrameCount frames);

 private:
  struct Take;
  void takeFromAudio();

  const RecorderConfig config_;
  std::unique_ptr<Take> take_;           // control's
  std::atomic<Take*> offered_{nullptr};  // control -> audio
  std::atomic<unsigned> visits_{0};      // odd while the audio thread may hold what it was offered
  LiveTake* current_ = nullptr;          // audio's
};

}  // namespace gainstage::recorder
