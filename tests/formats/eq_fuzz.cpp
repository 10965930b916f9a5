// What libFuzzer calls (see tests/fuzz).
// The tests call it with some thousand mutations of their own.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/eq_file.h"
#include "formats/response_text.h"

namespace {

using gainstage::formats::EqFile;

bool inRange(double value, double lowest, double highest) { return value >= lowest && value <= highest; }

bool isUsable(const EqFile& file) {
  if (file.filters.size() > static_cast<std::size_t>(gainstage::formats::kMostEqFilters)) return false;
  if (file.graphic.size() > static_cast<std::size_t>(gainstage::formats::kMostEqPoints)) return false;
  for (const auto& filter : file.filters)
    if (!(filter.frequencyHz > 0.0 && filter.frequencyHz < 0.5 * file.sampleRateHz &&
          inRange(filter.gainDb, -60.0, 60.0) && inRange(filter.q, 0.01, 1000.0)))
      return false;
  for (std::size_t i = 1; i < file.graphic.size(); ++i)
    if (!(file.graphic[i].frequencyHz > file.graphic[i - 1].frequencyHz)) return false;
  return !file.preampDb || inRange(*file.preampDb, -100.0, 40.0);
}

}  // namespace

/// Whatever the bytes: no crash, one sentence where they are refused, and what was accepted is within its
/// limits.
extern "C" int fuzzEqFile(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto eq = gainstage::formats::parseEqFile(text, "fuzz")) {
    if (!isUsable(*eq)) std::abort();
  } else if (eq.error().message.empty() || eq.error().message.find('\n') != std::string::npos) {
    std::abort();
  }
  if (const auto response = gainstage::formats::parseResponseText(text, "fuzz")) {
    for (std::size_t i = 1; i < response->size(); ++i)
      if (!((*response)[i].frequencyHz > (*response)[i - 1].frequencyHz)) std::abort();
  } else if (response.error().message.empty() || response.error().message.find('\n') != std::string::npos) {
    std::abort();
  }
  return 0;
}

#ifdef GAINSTAGE_FUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  return fuzzEqFile(bytes, size);
}
#endif
