#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/nearest_name.h"
#include "formats/text_file.h"

namespace gainstage::formats {

using Json = nlohmann::json;
/// Keeps the order in which keys were set: for documents that people read.
using OrderedJson = nlohmann::ordered_json;

/// What a document may cost. A larger one is refused, before it is read where its length tells.
struct JsonLimits {
  std::int64_t bytes = kMaxTextBytes;
  int depth = 64;                  ///< arrays and objects within each other
  std::int64_t elements = 500000;  ///< values of any kind, keys included; about 100 bytes of memory each
};

/// Parses text of a stranger, without recursion. Refused, with `name`, line and column: what is not JSON
/// (comments, NaN, Infinity, broken UTF-8), a number that no double holds (1e999), a key twice in one object,
/// anything beyond the limits. Columns count bytes from 1. ErrorKind::file. [control]
Result<Json> parseJson(std::string_view text, std::string_view name, const JsonLimits& limits = {});

/// The same for a file. [control]
Result<Json> readJsonFile(const std::filesystem::path& path, const JsonLimits& limits = {});

/// A document of which every list of 32 numbers or more stands aside, as floats: some 20 times as fast as a
/// Json of each number, and 4 bytes instead of some 16.
struct NumericJson {
  Json root;  ///< with a stand-in for each of those lists, see numbersOf()
  std::vector<std::vector<float>> lists;
};

/// The list that stands for `value`, or nullptr where it is another value, shorter lists included. What no
/// float holds (1e39) is infinite there. [any thread]
const std::vector<float>* numbersOf(const Json& value, const NumericJson& document);

/// parseJson, with long lists of numbers aside: they count as one element each. [control]
Result<NumericJson> parseNumericJson(std::string_view text, std::string_view name,
                                     const JsonLimits& limits = {});

/// The document as text, indented by two spaces and with a newline at its end; bytes that are not UTF-8
/// become U+FFFD. [control]
std::string toText(const OrderedJson& document);
std::string toText(const Json& document);

}  // namespace gainstage::formats
