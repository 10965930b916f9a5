#include "neural/capture_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <mutex>

#include "formats/file_error.h"
#include "formats/hash.h"
#include "neural/files/keras.h"
#include "neural/files/metadata.h"
#include "neural/files/nam.h"
#include "neural/files/reading.h"
#include "neural/files/size_steps.h"

namespace gainstage::neural {
namespace {

using namespace files;

/// A .nam file's version. The reference player reads 0.5.0 to 0.7.0; 0.7.x may add what does no harm.
struct Version {
  std::array<int, 3> parts{};

  bool isOlderThan(const Version& other) const { return parts < other.parts; }
};
constexpr Version kOldest{{0, 5, 0}};
constexpr Version kNewer{{0, 8, 0}};    ///< from here on, what is unknown is refused
constexpr Version kForeign{{1, 0, 0}};  ///< and from here on, everything

std::optional<Version> parseVersion(std::string_view text) {
  if (text.size() > 20) return std::nullopt;  // three ints have fewer digits, without zeros in front
  Version version;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [behind, problem] = std::from_chars(at, end, version.parts[i]);
    if (problem != std::errc{} || *at == '-') return std::nullopt;
    at = behind;
  }
  return at == end ? std::optional(version) : std::nullopt;
}

std::string readVersion(const Json& root, Reading& reading) {
  Fields file(root, "", reading);
  file.require("version");
  std::string text = file.text("version");
  if (reading.failed()) return text;
  const auto version = parseVersion(text);
  if (!version)
    file.refuse("version",
                fmt::format("should be three numbers such as 0.7.0, but is {}", formats::inQuotes(text)));
  else if (version->isOlderThan(kOldest))
    file.refuse("version",
                fmt::format("is {}, and .nam files are read from 0.5.0 on: export it again", text));
  else if (!version->isOlderThan(kForeign))
    file.refuse("version",
                fmt::format("is {}, and .nam files are read up to 0.7: use a newer Gainstage", text));
  else
    reading.strict = !version->isOlderThan(kNewer);
  return text;
}

void checkChannels(const Network& network, Reading& reading) {
  if (const auto* sizes = std::get_if<Sizes>(&network.kind)) {
    for (const auto& entry : sizes->entries) checkChannels(*entry.network, reading);
    return;
  }
  if (const int inputs = inputsOf(network), outputs = outputsOf(network); inputs != 1 || outputs != 1)
    reading.problems.add(
        "", fmt::format("it has {} inputs and {} outputs, and a capture has one of each", inputs, outputs));
}

void readNam(const Json& root, Reading& reading, CaptureFile& into) {
  const std::string version = readVersion(root, reading);
  if (reading.failed()) return;
  const NamModel model = readNamModel(root, {}, reading);
  if (reading.failed()) return;
  checkChannels(*model.network, reading);
  into.network = std::move(*model.network);
  into.metadata = namMetadata(model, version, reading);
}

std::string hashOf(std::string_view text) {
  formats::Sha256 hash;
  hash.add(std::as_bytes(std::span(text)));
  return hash.finish();
}

/// Captures in use, so that two uses of one file share its weights.
class Shelf {
 public:
  std::shared_ptr<const CaptureFile> find(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    const auto found = captures_.find(hash);
    return found == captures_.end() ? nullptr : found->second.lock();
  }
  void keep(const std::shared_ptr<const CaptureFile>& capture) {
    const std::lock_guard lock(mutex_);
    std::erase_if(captures_, [](const auto& entry) { return entry.second.expired(); });
    captures_[capture->hash] = capture;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const CaptureFile>> captures_;
};

Shelf& shelf() {
  static Shelf shelf;
  return shelf;
}

bool has(const Json& root, const char* key) { return root.is_object() && root.contains(key); }

/// Which format it is, its keys say.
void readAny(const Json& root, Reading& reading, CaptureFile& into) {
  if (has(root, "architecture") || (has(root, "config") && has(root, "weights"))) {
    readNam(root, reading, into);
  } else if (has(root, "layers") || has(root, "in_shape")) {
    KerasModel model = readKeras(root, reading);
    if (reading.failed()) return;
    into.network.kind = std::move(model.sequence);
    into.metadata = kerasMetadata(root, std::move(model.architecture), reading);
  } else if (has(root, "state_dict")) {
    reading.problems.add(
        "",
        "this is a PyTorch capture as GuitarML's programs write it, which is not read: look for "
        "it as .nam or for AIDA-X");
  } else {
    reading.problems.add("",
                         "this is no capture: it has neither the \"architecture\" of a .nam file nor the "
                         "\"layers\" of an AIDA-X one");
  }
}

}  // namespace

Result<std::shared_ptr<const CaptureFile>> readCapture(std::string_view text, std::string_view name) {
  std::string hash = hashOf(text);
  if (auto known = shelf().find(hash)) return known;
  const auto document = formats::parseNumericJson(text, name, {.bytes = kMaxFileBytes});
  if (!document) return document.error();
  Reading reading{.document = *document};
  auto capture = std::make_shared<CaptureFile>();
  readAny(document->root, reading, *capture);
  if (reading.failed()) return reading.problems.error(name);
  capture->hash = std::move(hash);
  capture->sizeSteps = sizeStepsOf(capture->network);
  shelf().keep(capture);
  return std::shared_ptr<const CaptureFile>(std::move(capture));
}

Result<std::shared_ptr<const CaptureFile>> readCaptureFile(const std::filesystem::path& path) {
  const auto text = formats::readTextFile(path, kMaxFileBytes);
  if (!text) return text.error();
  return readCapture(*text, formats::quoted(path));
}

}  // namespace gainstage::neural
