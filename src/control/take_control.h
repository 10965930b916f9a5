#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "console/console.h"
#include "devices/device.h"
#include "recorder/recorder.h"

namespace gainstage::control {

/// Takes of a console: which tap goes into which stream. Every strip dry and wet, every output, as they stand
/// when the take starts; a strip that leaves later leaves silence.
class TakeControl {
 public:
  explicit TakeControl(recorder::RecorderConfig config = {});  // [control]

  /// `at`: as Recorder::start. The take's folder. [control]
  Result<std::filesystem::path> start(const std::filesystem::path& folder, const console::Console& console,
                                      formats::SampleFormat format, double sampleRate, FrameTime at);
  void stop(FrameTime at) { recorder_.stop(at); }  // [control]
  /// Waits until the take is on the disk; nothing to do where there is none. [control]
  Result<void> finish(Milliseconds timeout);

  /// The console was built anew for the same rate: the streams go on with its new strips and outputs.
  /// [control, stopped]
  void follow(const console::Console& console);

  /// Finishes a take that has come to its end; what there is to tell. [control]
  std::vector<std::string> service();

  bool isRecording() const;                                                 // [control]
  const std::filesystem::path& folder() const noexcept { return folder_; }  // [control] of the last take
  bool hasFault() const noexcept { return hasFault_; }                      // [control]

  /// Everything of one callback that was processed, its first frame being `frame`. [audio]
  void push(FrameTime frame, ConstAudioView inputs, const console::Runtime& runtime,
            FrameCount frames) noexcept;

  /// See Recorder::waitForRoom.
  void waitForRoom(FrameCount frames) { recorder_.waitForRoom(frames); }

 private:
  struct Stream {
    recorder::StreamRole role = recorder::StreamRole::dry;
    std::string id;
    std::vector<int> inputs;  // of a dry stream, counted from 0
    int channels = 1;
    int slot = -1;
    const void* source = nullptr;  // the strip or output meant; another in its slot is none of ours
  };
  struct Plan {
    std::vector<Stream> streams;
  };
  static void place(Plan& plan, const console::Console& console);
  void tell(const std::vector<recorder::Fault>& faults, std::vector<std::string>& news);

  recorder::Recorder recorder_;
  std::unique_ptr<Plan> plan_;
  std::atomic<const Plan*> shown_{nullptr};  // what the audio thread reads, while a take runs
  std::filesystem::path folder_;
  std::vector<std::string> told_;
  bool hasFault_ = false;
};

}  // namespace gainstage::control
