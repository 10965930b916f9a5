#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "core/audio_buffer.h"
#include "core/spsc_queue.h"
#include "devices/file/file_stream.h"
#include "devices/virtual/input_source.h"
#include "devices/virtual/semaphore.h"

namespace gainstage::devices {

struct FileSourceOptions {
  bool loop = false;
  int channel = 0;  ///< counted from 1; 0: all
  double gainDb = 0.0;
};

/// An audio file as the inputs of a device. Where nobody may wait for a disk, a thread of its own reads a
/// second ahead; should that not suffice, silence takes the place of what is late, and what follows stands
/// where it should.
class FileSource final : public InputSource {
 public:
  /// Error: what formats says of the file, or that it has no such channel. [control]
  static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path,
                                                  const FileSourceOptions& options = {});
  ~FileSource() override;

  int channels() const noexcept override { return options_.channel > 0 ? 1 : stream_.channels(); }
  double fileRate() const noexcept { return stream_.fileRate(); }  // [any thread]
  Result<void> prepare(double sampleRate, bool waitsForNobody) override;
  FrameCount fill(AudioView inputs) noexcept override;
  Result<void> problem() const override;

 private:
  FileSource(FileStream stream, const FileSourceOptions& options);
  FrameCount readChunk();
  FrameCount takeRead(AudioView inputs) noexcept;
  FrameCount takeAhead(AudioView inputs) noexcept;
  bool pushNext();
  void keepAhead();
  void stopReadingAhead();
  std::span<const float> chunkChannel(int index) const noexcept;

  FileStream stream_;
  FileSourceOptions options_;
  float gain_;
  double sampleRate_ = 0.0;
  double startSeconds_ = 0.0;
  FrameTime framesGiven_ = 0;  ///< since startSeconds_

  // Of whoever reads: the audio thread, or the one that reads ahead.
  AudioBuffer chunk_;  ///< of all the file's channels
  FrameCount chunkFrames_ = 0;
  FrameCount chunkUsed_ = 0;
  Result<void> problem_;
  std::atomic<bool> ended_{false};  ///< nothing will be read any more, and problem_ is written

  std::unique_ptr<SpscQueue<float>> ahead_;  ///< frame by frame; nullptr where waiting is allowed
  std::vector<float> interleaved_;
  FrameTime owedFrames_ = 0;  ///< given as silence, still to come
  std::atomic<bool> stopping_{false};
  Semaphore wanted_;
  std::thread reader_;
};

}  // namespace gainstage::devices
