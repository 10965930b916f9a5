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

/// Whether two readings agree, one of them with its long lists aside.
bool sameValues(const gainstage::formats::Json& plain, const gainstage::formats::Json& numeric,
                const gainstage::formats::NumericJson& document) {
  if (const auto* list = numbersOf(numeric, document))
    return plain.is_array() && std::ranges::equal(plain, *list, {}, [](const auto& number) {
             return static_cast<float>(number.template get<double>());
           });
  if (!plain.is_structured()) return plain == numeric;
  if (plain.type() != numeric.type() || plain.size() != numeric.size()) return false;
  if (plain.is_object())
    return std::ranges::all_of(plain.items(), [&](const auto& member) {
      return numeric.contains(member.key()) && sameValues(member.value(), numeric[member.key()], document);
    });
  return std::ranges::equal(plain, numeric,
                            [&](const auto& a, const auto& b) { return sameValues(a, b, document); });
}

}  // namespace

/// Whatever the bytes: no crash, no more than the limits, what was accepted reads the same again, and the
/// same where long lists of numbers are set aside.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gainstage::formats;
  const JsonLimits limits{.bytes = 1 << 16, .depth = 16, .elements = 1000};
  const auto parsed = parseJson({reinterpret_cast<const char*>(bytes), size}, "fuzz", limits);
  if (!parsed) {
    if (parsed.error().message.empty() || parsed.error().message.find('\n') != std::string::npos)
      std::abort();
    return 0;
  }
  const auto numeric = parseNumericJson({reinterpret_cast<const char*>(bytes), size}, "fuzz", limits);
  if (!numeric || !sameValues(*parsed, numeric->root, *numeric)) std::abort();
  if (parsed->is_structured() && depthOf(*parsed) > limits.depth) std::abort();
  const auto again = parseJson(toText(*parsed), "fuzz");
  if (!again || *again != *parsed) std::abort();
  return 0;
}
