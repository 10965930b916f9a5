#include "neural/capture.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <mutex>

#include "formats/file_error.h"

namespace gainstage::neural {
namespace {

/// The captures that are held by somebody, by their files' hashes.
struct Shelf {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<const Capture>, std::less<>> captures;
};

Shelf& shelf() {
  static Shelf shelf;
  return shelf;
}

/// `most` of the values, evenly apart, the first and the last among them.
std::vector<double> thinned(const std::vector<double>& values, std::size_t most) {
  if (values.size() <= most) return values;
  std::vector<double> kept;
  for (std::size_t i = 0; i < most; ++i) kept.push_back(values[i * (values.size() - 1) / (most - 1)]);
  return kept;
}

}  // namespace

Result<std::shared_ptr<const Capture>> Capture::make(const CaptureFile& file, std::string_view name) {
  const int inputs = inputsOf(file.network), outputs = outputsOf(file.network);
  if (inputs != 1 || outputs != 1)
    return Error{ErrorKind::file,
                 fmt::format("{} has {} inputs and {} outputs, and a capture can only be played that has one "
                             "of each.",
                             name, inputs, outputs)};
  std::vector<double> starts{0.0};
  for (const double step : file.sizeSteps)
    if (step > starts.back() && step <= 1.0) starts.push_back(step);
  std::shared_ptr<Capture> capture(new Capture);
  capture->metadata_ = file.metadata;
  capture->sampleRate_ = file.sampleRate();
  for (const double from : thinned(starts, kMostSizes)) {
    const auto next = std::ranges::upper_bound(starts, from);
    // Its middle is the size whose choice no rounding can change.
    const double middle = 0.5 * (from + (next == starts.end() ? 1.0 : *next));
    capture->sizes_.push_back({from, makeProgram(file.network, middle)});
  }
  return std::shared_ptr<const Capture>(std::move(capture));
}

std::size_t Capture::indexOfSize(double size) const noexcept {
  const auto above = std::ranges::upper_bound(sizes_, size, {}, &Size::from);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - sizes_.begin(), 1) - 1);
}

Result<std::shared_ptr<const Capture>> loadCapture(const std::filesystem::path& path) {
  const auto file = readCaptureFile(path);
  if (!file) return file.error();
  // Who asks for the same file meanwhile waits, and shares it.
  const std::lock_guard lock(shelf().mutex);
  auto& captures = shelf().captures;
  std::erase_if(captures, [](const auto& entry) { return entry.second.expired(); });
  auto& place = captures[(*file)->hash];
  if (auto held = place.lock()) return held;
  auto made = Capture::make(**file, formats::quoted(path));
  if (!made) return made.error();
  place = *made;
  return *made;
}

}  // namespace gainstage::neural
