#include "control/loop_take.h"

#include <algorithm>

#include "core/audio_buffer.h"
#include "recorder/recorder.h"

namespace gainstage::control {

Result<std::filesystem::path> saveLoop(dsp::Looper& looper, const recorder::TakeDescription& description) {
  recorder::Recorder recorder;
  const auto folder = recorder.start(description, 0);
  if (!folder) return folder.error();
  constexpr FrameCount kFrames = 4096;
  AudioBuffer audio(2, kFrames);
  for (std::int64_t at = 0; at < looper.pinnedFrames(); at += kFrames) {
    const auto frames = static_cast<FrameCount>(std::min<std::int64_t>(kFrames, looper.pinnedFrames() - at));
    looper.readPinned(at, audio.view(frames));
    recorder.waitForRoom(frames);
    recorder.beginBlock(at);
    recorder.push(0, at, audio.view(frames));
    recorder.endBlock();
  }
  const auto take = recorder.finish(Milliseconds{0.0});
  if (!take) return take.error();
  if (!take->faults.empty()) return Error{ErrorKind::file, take->faults.front().message};
  return *folder;
}

}  // namespace gainstage::control
