#include "recorder/manifest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "formats/audio_file.h"
#include "formats/file_error.h"

namespace gainstage::recorder {
namespace {

using formats::Json;
using formats::OrderedJson;
using formats::SampleFormat;

constexpr std::size_t kMostRanges = 1000;
constexpr std::size_t kMostStreams = 1024;
// 1000 ranges of 7 values for each of 256 streams.
constexpr formats::JsonLimits kLimits{.bytes = 64 << 20, .elements = 2'000'000};

constexpr std::array<std::string_view, 3> kRoles{"dry", "wet", "output"};
constexpr std::array<std::string_view, 3> kReasons{"disk", "source", "crash"};
constexpr std::array<std::string_view, 2> kStates{"recording", "complete"};
constexpr std::array<std::string_view, 2> kSampleFormats{"float32", "pcm24"};

/// Reads an object's members and remembers the first that is not as it should be.
class Members {
 public:
  Members(const Json& object, std::string path, std::string& problem)
      : object_(object), path_(std::move(path)), problem_(problem) {
    if (!object_.is_object()) complain("", "an object");
  }

  std::string text(std::string_view key) const {
    const Json* const value = find(key, "a text");
    if (value && !value->is_string()) complain(key, "a text");
    return value && value->is_string() ? value->get<std::string>() : std::string();
  }

  std::int64_t whole(std::string_view key, std::int64_t least = 0,
                     std::int64_t most = std::int64_t{1} << 52) const {
    const double number = real(key, static_cast<double>(least), static_cast<double>(most));
    if (number != std::floor(number)) complain(key, "a whole number");
    return static_cast<std::int64_t>(number);
  }

  double real(std::string_view key, double least, double most) const {
    const Json* const value = find(key, "a number");
    const double number = value && value->is_number() ? value->get<double>() : std::nan("");
    if (number >= least && number <= most) return number;
    complain(key, fmt::format("a number from {} to {}", least, most));
    return least;
  }

  bool toggle(std::string_view key) const {
    const Json* const value = find(key, "true or false");
    if (value && !value->is_boolean()) complain(key, "true or false");
    return value && value->is_boolean() && value->get<bool>();
  }

  template <typename Choice, std::size_t n>
  Choice choice(std::string_view key, const std::array<std::string_view, n>& names) const {
    const auto found = std::ranges::find(names, text(key));
    if (found == names.end()) complain(key, fmt::format("one of {}", fmt::join(names, ", ")));
    return found == names.end() ? Choice{} : static_cast<Choice>(found - names.begin());
  }

  const Json& array(std::string_view key, std::size_t most) const {
    static const Json none = Json::array();
    const Json* const value = find(key, "a list");
    if (value && value->is_array() && value->size() <= most) return *value;
    complain(key, fmt::format("a list of at most {}", most));
    return none;
  }

  bool isNull(std::string_view key) const {
    const Json* const value = find(key, "a number or null");
    return value && value->is_null();
  }

  std::string at(std::string_view key) const { return fmt::format("{}/{}", path_, key); }
  std::string& problem() const { return problem_; }
  void complain(std::string_view key, std::string_view expected) const {
    if (problem_.empty()) problem_ = fmt::format("{} should be {}", key.empty() ? path_ : at(key), expected);
  }

 private:
  const Json* find(std::string_view key, std::string_view expected) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    if (found != object_.end()) return &*found;
    complain(key, fmt::format("{} and is missing", expected));
    return nullptr;
  }

  const Json& object_;
  std::string path_;
  std::string& problem_;
};

OrderedJson toJson(const StreamManifest& stream) {
  OrderedJson missing = OrderedJson::array();
  for (const MissingRange& range : stream.missing)
    missing.push_back({{"start", range.start}, {"frames", range.frames}, {"reason", nameOf(range.reason)}});
  return {{"file", stream.file},
          {"role", nameOf(stream.role)},
          {"sourceId", stream.sourceId},
          {"name", stream.name},
          {"channels", stream.channels},
          {"format", nameOf(stream.sampleFormat)},
          {"latencyFrames", stream.latencyFrames},
          {"frames", stream.frames},
          {"peakDb", stream.peakDb ? OrderedJson(*stream.peakDb) : OrderedJson(nullptr)},
          {"missing", missing},
          {"missingFrames", stream.missingFrames},
          {"sha256", stream.sha256}};
}

StreamManifest readStream(const Members& from) {
  StreamManifest stream;
  stream.file = from.text("file");
  // It is opened, and repaired: it must not lead out of the folder.
  if (stream.file.empty() || stream.file.starts_with('.') || stream.file.find('/') != std::string::npos ||
      stream.file.find('\0') != std::string::npos)
    from.complain("file", "the name of a file in the take's folder");
  stream.role = from.choice<StreamRole>("role", kRoles);
  stream.sourceId = from.text("sourceId");
  stream.name = from.text("name");
  stream.channels = static_cast<int>(from.whole("channels", 1, 64));
  stream.sampleFormat = from.choice<SampleFormat>("format", kSampleFormats);
  stream.latencyFrames = static_cast<FrameCount>(from.whole("latencyFrames", 0, 1 << 30));
  stream.frames = from.whole("frames");
  if (!from.isNull("peakDb")) stream.peakDb = from.real("peakDb", -1000.0, 1000.0);
  stream.missingFrames = from.whole("missingFrames");
  stream.sha256 = from.text("sha256");
  int index = 0;
  for (const Json& entry : from.array("missing", kMostRanges)) {
    const Members range(entry, fmt::format("{}/{}", from.at("missing"), index++), from.problem());
    stream.missing.push_back(
        {range.whole("start"), range.whole("frames"), range.choice<MissingReason>("reason", kReasons)});
  }
  return stream;
}

}  // namespace

std::string_view nameOf(StreamRole role) noexcept { return kRoles[static_cast<std::size_t>(role)]; }
std::string_view nameOf(MissingReason reason) noexcept { return kReasons[static_cast<std::size_t>(reason)]; }
std::string_view nameOf(TakeState state) noexcept { return kStates[static_cast<std::size_t>(state)]; }
std::string_view nameOf(SampleFormat format) noexcept {
  return kSampleFormats[static_cast<std::size_t>(format)];
}

void StreamManifest::addMissing(const MissingRange& range) {
  missingFrames += range.frames;
  if (!missing.empty() && missing.back().reason == range.reason &&
      missing.back().start + missing.back().frames == range.start)
    missing.back().frames += range.frames;
  else if (missing.size() < kMostRanges)
    missing.push_back(range);
}

std::int64_t TakeManifest::missingFrames(MissingReason reason) const {
  std::int64_t most = 0;
  for (const StreamManifest& stream : streams) {
    std::int64_t sum = 0;
    for (const MissingRange& range : stream.missing) sum += range.reason == reason ? range.frames : 0;
    most = std::max(most, sum);
  }
  return most;
}

std::int64_t TakeManifest::missingFrames() const {
  std::int64_t sum = 0;
  for (const StreamManifest& stream : streams) sum += stream.missingFrames;
  return sum;
}

std::string toText(const TakeManifest& manifest) {
  OrderedJson streams = OrderedJson::array();
  for (const StreamManifest& stream : manifest.streams) streams.push_back(toJson(stream));
  return formats::toText(OrderedJson{{"format", "gainstage-take"},
                                     {"version", 1},
                                     {"state", nameOf(manifest.state)},
                                     {"startedAt", manifest.startedAt},
                                     {"sampleRate", manifest.sampleRate},
                                     {"startFrame", manifest.startFrame},
                                     {"frames", manifest.frames},
                                     {"session", manifest.session},
                                     {"endedBy", manifest.endedBy},
                                     {"repaired", manifest.repaired},
                                     {"streams", streams}});
}

Result<TakeManifest> readManifest(const std::filesystem::path& takeFolder) {
  const std::filesystem::path path = takeFolder / kManifestName;
  const auto document = formats::readJsonFile(path, kLimits);
  if (!document) return document.error();
  std::string problem;
  const Members from(*document, "", problem);
  if (from.text("format") != "gainstage-take") return formats::fileError(path, "describes no take");
  if (const std::int64_t version = from.whole("version"); version != 1)
    return formats::fileError(
        path, fmt::format("is of version {}, which this program does not know: use a newer one", version));
  TakeManifest manifest;
  manifest.state = from.choice<TakeState>("state", kStates);
  manifest.startedAt = from.text("startedAt");
  manifest.sampleRate = from.real("sampleRate", formats::kLowestSampleRate, formats::kHighestSampleRate);
  manifest.startFrame = from.whole("startFrame", -(std::int64_t{1} << 52));
  manifest.frames = from.whole("frames");
  manifest.session = from.text("session");
  manifest.endedBy = from.text("endedBy");
  manifest.repaired = from.toggle("repaired");
  int index = 0;
  for (const Json& entry : from.array("streams", kMostStreams))
    manifest.streams.push_back(
        readStream(Members(entry, fmt::format("{}/{}", from.at("streams"), index++), problem)));
  if (!problem.empty()) return formats::fileError(path, fmt::format("cannot be used: {}", problem));
  return manifest;
}

Result<void> writeManifest(const std::filesystem::path& takeFolder, const TakeManifest& manifest) {
  return formats::writeFileAtomically(takeFolder / kManifestName, toText(manifest));
}

}  // namespace gainstage::recorder
