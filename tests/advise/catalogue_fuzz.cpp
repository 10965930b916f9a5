// What libFuzzer calls (see tests/fuzz).
// The tests call it with some thousand mutations of their own.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "advise/catalogue.h"

/// Whatever the bytes: no crash, one sentence where they are refused, and of what was accepted every figure
/// has a source and numbers that are numbers. The first byte says of which kind the table is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gainstage::advise;
  if (size == 0) return 0;
  const auto kind = static_cast<Kind>(bytes[0] % kKinds);
  const auto products =
      parseCatalogue(kind, {reinterpret_cast<const char*>(bytes) + 1, size - 1}, "fuzz.csv");
  if (!products) {
    const std::string& message = products.error().message;
    if (message.empty() || message.find('\n') != std::string::npos) std::abort();
    return 0;
  }
  for (const Product& product : *products)
    for (const Figure& figure : product.figures)
      if (figure.source.empty() || std::isnan(figure.low) || std::isnan(figure.high) ||
          figure.low > figure.high)
        std::abort();
  return 0;
}
