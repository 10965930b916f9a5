#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/result.h"
#include "recorder/manifest.h"

namespace gainstage::recorder {

/// A stream's WAV as it is found, which may be any state that a crash or a stranger left it in.
struct StreamFile {
  std::int64_t headerBytes = 0;  ///< before the audio, as the recorder writes it
  std::int64_t frames = 0;       ///< whole ones, by the file's length
  bool isOurs = true;            ///< false: a readable file of another layout, which is not to be touched
  bool headerIsRight = false;    ///< format, rate and length agree with the manifest and the file's length
};

/// Looks at header and length. Error: it cannot be opened. [control]
Result<StreamFile> inspectStreamFile(const std::filesystem::path& path, const StreamManifest& stream,
                                     double sampleRate);

/// What reading the first `frames` frames gives.
struct StreamContent {
  std::string sha256;
  float peak = 0.0f;  ///< of the finite samples
};

/// Reads the audio. [control]
Result<StreamContent> readStreamContent(const std::filesystem::path& path, const StreamManifest& stream,
                                        double sampleRate, std::int64_t frames);

formats::WavFormat wavFormatOf(const StreamManifest& stream, double sampleRate);

}  // namespace gainstage::recorder
