#include "control/inspect_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "formats/audio_file.h"
#include "formats/file_error.h"

namespace gainstage::control {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kMostChannels = 1024;  // libsndfile's own limit

constexpr std::array<std::string_view, 13> kAudioEndings{".wav",  ".wave", ".w64",  ".rf64", ".aif",
                                                         ".aiff", ".aifc", ".flac", ".ogg",  ".opus",
                                                         ".mp3",  ".caf",  ".au"};

std::string endingOf(const fs::path& file) {
  std::string ending = file.extension().string();
  for (char& letter : ending) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return ending;
}

Json describe(const std::string& name, const formats::AudioFileReader& reader) {
  const bool known = reader.frames() >= 0;
  return {
      {"name", name},
      {"seconds", known ? Json(static_cast<double>(reader.frames()) / reader.sampleRate()) : Json(nullptr)},
      {"sampleRate", reader.sampleRate()},
      {"channels", reader.channels()}};
}

}  // namespace

Result<Json> inspectFolder(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  if (error) return formats::systemError(folder, error.value());
  std::vector<fs::path> paths;
  bool truncated = false;
  for (; entry != fs::directory_iterator() && !truncated; entry.increment(error)) {
    truncated = static_cast<int>(paths.size()) == kMostEntries;
    if (!truncated) paths.push_back(entry->path());
    if (error) break;
  }
  std::ranges::sort(paths);

  Json responses = Json::array(), captures = Json::array(), folders = Json::array(), unusable = Json::array();
  for (const fs::path& path : paths) {
    const std::string name = path.filename().string(), ending = endingOf(path);
    std::error_code ignored;
    if (name.starts_with('.')) continue;
    if (fs::is_directory(path, ignored)) {
      folders.push_back(name);
    } else if (ending == ".nam") {
      const auto bytes = fs::file_size(path, error);
      captures.push_back({{"name", name}, {"bytes", error ? Json(nullptr) : Json(bytes)}});
    } else if (std::ranges::find(kAudioEndings, ending) != kAudioEndings.end()) {
      if (const auto reader = formats::AudioFileReader::open(path, {.channels = kMostChannels}))
        responses.push_back(describe(name, *reader));
      else
        unusable.push_back({{"name", name}, {"why", reader.error().message}});
    }
  }
  return Json{{"file", folder.string()}, {"kind", "folder"},         {"responses", responses},
              {"captures", captures},    {"folders", folders},       {"unusable", unusable},
              {"truncated", truncated},  {"problems", Json::array()}};
}

}  // namespace gainstage::control
