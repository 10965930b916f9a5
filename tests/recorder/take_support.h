#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "recorder/recorder.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::recorder::testing {

using namespace gainstage::testing;

/// What enters the device at a frame: another value for each stream, channel and frame, never 0.
float sampleOf(int stream, int channel, FrameTime frame);

/// Three streams: a dry mono one, a wet pair and an output pair.
TakeDescription threeStreams(const std::filesystem::path& parent);

/// The audio thread of a test: callbacks of random sizes, in each of which every stream gets what sampleOf
/// says, late by its latency. The trap is armed in all of them.
class AudioThread {
 public:
  AudioThread(Recorder& recorder, const TakeDescription& take, FrameTime firstFrame = 0);

  void setLatency(int stream, FrameCount frames) { latencies_[static_cast<std::size_t>(stream)] = frames; }
  /// Nothing is pushed for it any more.
  void remove(int stream) { channels_[static_cast<std::size_t>(stream)] = 0; }
  void setBlock(FrameCount largest) { largestBlock_ = largest; }
  /// Callbacks until `frames` have passed.
  void run(FrameTime frames);
  /// The same, each callback after there is room for it.
  void runWithRoom(FrameTime frames);
  /// As if the device had lost them.
  void lose(FrameTime frames) { frame_ += frames; }
  FrameTime frame() const { return frame_; }

 private:
  void callback(FrameCount frames);

  Recorder& recorder_;
  std::vector<int> channels_;
  std::vector<FrameCount> latencies_;
  std::mt19937 random_{11};
  FrameCount largestBlock_ = 512;
  FrameTime frame_;
  AudioBuffer buffer_{8, 8192};
};

/// Checks every sample of every stream of a take against sampleOf, zeros where the manifest says that frames
/// are missing, and that all files hold the take's frames. Float only.
void expectTakeIsRight(const FinishedTake& take);
void expectTakeIsRight(const std::filesystem::path& folder, const TakeManifest& manifest);

/// Samples of a stream's file, channels x frames.
Signal samplesOf(const std::filesystem::path& folder, const StreamManifest& stream);

/// "start+frames reason, ..." of a stream.
std::string missingOf(const StreamManifest& stream);

}  // namespace gainstage::recorder::testing
