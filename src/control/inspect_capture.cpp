#include "control/inspect_capture.h"

#include <cmath>

#include "neural/capture_file.h"
#include "neural/outline.h"
#include "neural/player.h"

namespace gainstage::control {
namespace {

using Json = nlohmann::ordered_json;

// Beyond so many sizes, the smallest and the largest tell enough; each is packed as for playing.
constexpr std::size_t kMostSizes = 16;

Json orNull(const std::optional<double>& figure) { return figure ? Json(*figure) : Json(nullptr); }
Json orNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// What playing costs from each size on.
Json sizesOf(const neural::CaptureFile& capture) {
  std::vector<double> from = {0.0};
  from.insert(from.end(), capture.sizeSteps.begin(), capture.sizeSteps.end());
  if (from.size() > kMostSizes) from = {from.front(), from.back()};
  Json sizes = Json::array();
  for (const double size : from) {
    const neural::Cost cost = neural::makeProgram(capture.network, size)->cost();
    const auto frames = static_cast<double>(cost.receptiveFieldFrames);
    const bool bounded = cost.receptiveFieldFrames > 0;
    const double ms = std::round(frames / capture.sampleRate() * 1.0e5) / 100.0;
    sizes.push_back({{"from", size},
                     {"multiplyAddsPerFrame", cost.multiplyAdds},
                     {"receptiveFieldFrames", bounded ? Json(cost.receptiveFieldFrames) : Json(nullptr)},
                     {"receptiveFieldMs", bounded ? Json(ms) : Json(nullptr)},
                     {"weightBytes", cost.weightBytes},
                     {"stateBytes", cost.stateBytes}});
  }
  return sizes;
}

}  // namespace

Result<Json> inspectCapture(const std::filesystem::path& file) {
  const auto read = neural::readCaptureFile(file);
  if (!read) return read.error();
  const neural::CaptureFile& capture = **read;
  const neural::CaptureMetadata& says = capture.metadata;
  return Json{{"file", file.string()},
              {"kind", "capture"},
              {"format", says.format},
              {"architecture", says.architecture},
              {"network", neural::outlineOf(capture.network)},
              {"parameters", neural::parametersOf(capture.network)},
              {"sampleRate", orNull(says.sampleRate)},
              {"inputLevelDbu", orNull(says.inputLevelDbu)},
              {"outputLevelDbu", orNull(says.outputLevelDbu)},
              {"loudnessDb", orNull(says.loudnessDb)},
              {"gain", orNull(says.gain)},
              {"name", orNull(says.name)},
              {"modeledBy", orNull(says.modeledBy)},
              {"gearType", orNull(says.gearType)},
              {"gearMake", orNull(says.gearMake)},
              {"gearModel", orNull(says.gearModel)},
              {"toneType", orNull(says.toneType)},
              {"date", orNull(says.date)},
              {"errorToSignal", orNull(says.error)},
              {"sha256", capture.hash},
              {"sizes", sizesOf(capture)},
              {"remarks", says.remarks},
              {"usable", true},
              {"problems", Json::array()}};
}

bool looksLikeCapture(const nlohmann::json& document) {
  return document.is_object() && (document.contains("architecture") ||
                                  (document.contains("layers") && document.contains("in_shape")));
}

}  // namespace gainstage::control
