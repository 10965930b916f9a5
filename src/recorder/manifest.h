#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/units.h"
#include "formats/json.h"
#include "formats/wav_header.h"

namespace gainstage::recorder {

/// Where on its path a stream was taken.
enum class StreamRole : std::uint8_t {
  dry,     ///< the device's samples as they came
  wet,     ///< behind the rig
  output,  ///< what a listener heard
};

/// Why frames of a stream hold zeros instead of audio.
enum class MissingReason : std::uint8_t {
  disk,    ///< it could not keep up, or was full
  source,  ///< nothing was delivered: frames lost by the device, or audio still inside a rig at the end
  crash,   ///< the program ended before they were written
};

struct MissingRange {
  std::int64_t start = 0;  ///< frame of the take
  std::int64_t frames = 0;
  MissingReason reason = MissingReason::disk;
  bool operator==(const MissingRange&) const = default;
};

struct StreamManifest {
  std::string file;  ///< a name in the take's folder, never a path
  StreamRole role = StreamRole::dry;
  std::string sourceId;  ///< of the strip or output
  std::string name;      ///< of it, for people
  int channels = 1;
  formats::SampleFormat sampleFormat = formats::SampleFormat::float32;
  FrameCount latencyFrames = 0;  ///< of its path when the take began; taken out already
  std::int64_t frames = 0;
  std::optional<double> peakDb = {};       ///< dBFS; none: silence
  std::vector<MissingRange> missing = {};  ///< in order; the first 1000
  std::int64_t missingFrames = 0;          ///< in all
  std::string sha256 = {};                 ///< of the audio bytes, once the take is complete

  void addMissing(const MissingRange& range);
};

enum class TakeState : std::uint8_t {
  recording,  ///< being written, or its program was killed
  complete,
};

/// take.json: everything about a take but its audio.
struct TakeManifest {
  TakeState state = TakeState::recording;
  std::string startedAt;  ///< local time with its offset, ISO 8601
  double sampleRate = 0.0;
  std::int64_t startFrame = 0;  ///< the device's count at the take's first frame
  std::int64_t frames = 0;      ///< of every stream
  std::string session;          ///< file name of the session as it was; empty: none
  std::string endedBy;          ///< why it ended, where nobody stopped it: one sentence
  bool repaired = false;
  std::vector<StreamManifest> streams;

  std::int64_t missingFrames(MissingReason reason) const;  ///< of the stream that misses most, as listed
  std::int64_t missingFrames() const;                      ///< of all streams together
};

inline constexpr std::string_view kManifestName = "take.json";

std::string_view nameOf(StreamRole role) noexcept;
std::string_view nameOf(MissingReason reason) noexcept;
std::string_view nameOf(TakeState state) noexcept;
std::string_view nameOf(formats::SampleFormat format) noexcept;  ///< "float32", "pcm24"

std::string toText(const TakeManifest& manifest);  // [control]

/// A stranger's, or one of ours after a crash: everything in it is checked. [control]
Result<TakeManifest> readManifest(const std::filesystem::path& takeFolder);
Result<void> writeManifest(const std::filesystem::path& takeFolder, const TakeManifest& manifest);

}  // namespace gainstage::recorder
