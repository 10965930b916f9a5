#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "formats/output_file.h"
#include "recorder/manifest.h"

namespace gainstage::recorder {

struct StreamDescription {
  StreamRole role = StreamRole::dry;
  std::string sourceId;          ///< of the strip or output
  std::string name;              ///< of it, for people; its file is named after it
  int channels = 1;              ///< 1..64
  FrameCount latencyFrames = 0;  ///< of its path now, for the manifest; push() says what counts
};

/// What to record, and where.
struct TakeDescription {
  std::filesystem::path parent = {};  ///< the take becomes a folder in it; made where it is missing
  double sampleRate = 48000.0;        ///< Hz, 8000..384000
  formats::SampleFormat sampleFormat = formats::SampleFormat::float32;
  std::vector<StreamDescription> streams = {};  ///< push() counts in their order; at least one
  std::string session = {};                     ///< its text as it is now, kept beside the audio; empty: none
};

struct RecorderConfig {
  Milliseconds queue{4000.0};                  ///< audio that can wait for the disk, for each stream
  Milliseconds lowSpaceWarning{5 * 60'000.0};  ///< of recording that still fits
  // What tests put something else in place of:
  formats::OutputFileFactory openFile = formats::createFile;
  std::function<std::int64_t(const std::filesystem::path&)> freeBytes = {};  ///< empty: ask the file system
  std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
};

/// Something that went wrong with a take while the sound went on.
struct Fault {
  std::string kind;        ///< "diskTooSlow", "diskError" (a full one too), "diskNearlyFull"
  std::string message;     ///< one sentence, the same as long as the take lasts
  std::int64_t count = 1;  ///< frames for diskTooSlow, occurrences for the others
};

}  // namespace gainstage::recorder
