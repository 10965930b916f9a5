#pragma once

#include <string_view>
#include <vector>

namespace gainstage::formats {

/// A list of numbers in a JSON text.
struct NumberList {
  const char* open = nullptr;   ///< its '['
  const char* close = nullptr;  ///< its ']'
  std::vector<float> numbers;   ///< infinite where no float, but a double holds one
};

/// Every list of 32 or more numbers and nothing else in a text that may or may not be JSON, in its order, and
/// one more that begins nowhere. A list with a number that JSON does not allow is no such list: whoever
/// parses the rest will name it. [control]
std::vector<NumberList> findNumberLists(std::string_view text);

}  // namespace gainstage::formats
