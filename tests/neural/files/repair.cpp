#include "neural/files/repair.h"

#include <cstdlib>
#include <regex>

#include "formats/json.h"

namespace gainstage::neural {
namespace {

constexpr int kMost = 4096;

/// "layers[0].weights[1]" as a JSON pointer.
formats::Json::json_pointer pointerOf(const std::string& path) {
  return formats::Json::json_pointer("/" + std::regex_replace(path, std::regex("\\[(\\d+)\\]|\\."), "/$1"));
}

}  // namespace

std::optional<std::string> repaired(std::string_view text, std::string_view sentence) {
  static const std::regex count(
      "fuzz: (\\S+) holds \\d+ numbers, but the configuration needs (\\d+)(numbers)?.*");
  static const std::regex tensor("fuzz: (\\S+) should be a list of (\\d+) (numbers|lists), but is .*");
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_match(sentence.begin(), sentence.end(), found, count) &&
      !std::regex_match(sentence.begin(), sentence.end(), found, tensor))
    return std::nullopt;
  const int entries = std::atoi(found[2].str().substr(0, 6).c_str());
  auto document = formats::parseJson(text, "fuzz");
  if (entries > kMost || !document) return std::nullopt;
  formats::Json list = formats::Json::array();
  for (int i = 0; i < entries; ++i) {
    if (found[3] == "lists")
      list.push_back(formats::Json::array());
    else
      list.push_back(0.03125 * (i % 7 - 3));
  }
  (*document)[pointerOf(found[1].str())] = std::move(list);
  return document->dump();
}

}  // namespace gainstage::neural
