#include "support/recordings.h"

#include <algorithm>
#include <cstdlib>
#include <sndfile.h>
#include <stdexcept>

namespace gainstage::testing {

std::vector<std::filesystem::path> recordings() {
  namespace fs = std::filesystem;
  const char* named = std::getenv("GAINSTAGE_DATA");
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  const fs::path data = named ? fs::path(named) : fs::path(source ? source : ".") / "../shared/data";
  std::vector<fs::path> found;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(data / "audio", absent))
    if (entry.path().extension() == ".flac") found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

Recording readRecording(const std::filesystem::path& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  const auto channels = static_cast<std::size_t>(info.channels);
  Mono interleaved(static_cast<std::size_t>(info.frames) * channels);
  const sf_count_t frames = sf_readf_float(file, interleaved.data(), info.frames);
  sf_close(file);
  Recording recording{Signal(channels), static_cast<double>(info.samplerate)};
  for (std::size_t n = 0; n < static_cast<std::size_t>(frames); ++n)
    for (std::size_t c = 0; c < channels; ++c) recording.audio[c].push_back(interleaved[n * channels + c]);
  return recording;
}

}  // namespace gainstage::testing
