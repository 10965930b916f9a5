// What libFuzzer calls (see tests/fuzz).
// The tests call it with some thousand mutations of their own.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/json.h"

namespace {

int depthOf(const gainstage::formats::Json& value) {
  int deepest = 0;
  for (const auto& member : value) deepest = std::max(deepest, member.is_structured() ? depthOf(member) : 0);
  return deepest + 1;
}

}  // namespace

/// Whatever the bytes: no crash, no more than the limits, and what was accepted reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gainstage::formats;
  const JsonLimits limits{.bytes = 1 << 16, .depth = 16, .elements = 1000};
  const auto parsed = parseJson({reinterpret_cast<const char*>(bytes), size}, "fuzz", limits);
  if (!parsed) {
    if (parsed.error().message.empty() || parsed.error().message.find('\n') != std::string::npos)
      std::abort();
    return 0;
  }
  if (parsed->is_structured() && depthOf(*parsed) > limits.depth) std::abort();
  const auto again = parseJson(toText(*parsed), "fuzz");
  if (!again || *again != *parsed) std::abort();
  return 0;
}
