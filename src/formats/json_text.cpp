#include "formats/json_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "formats/json_reader.h"

namespace gainstage::formats {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLineLength = 110;
// Whole numbers beyond a float's 24 bits are left to the float's own digits.
constexpr float kLargestWhole = 16777216.0f;

std::string plain(const ordered_json& value) {
  // The library's own way with numbers now and then gives 17 digits where 8 would do.
  if (value.is_number_float() && std::isfinite(value.get<double>())) {
    std::array<char, 32> digits;
    return {digits.data(), std::to_chars(digits.begin(), digits.end(), value.get<double>()).ptr};
  }
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string oneLine(const ordered_json& value);

template <typename Entry>
std::string joinedLine(const ordered_json& value, char open, char close, Entry&& entry) {
  std::string line(1, open);
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (at != value.begin()) line += ", ";
    line += entry(at);
  }
  return line + close;
}

std::string keyText(const std::string& key) { return plain(ordered_json(key)) + ": "; }

std::string oneLine(const ordered_json& value) {
  if (value.is_array()) return joinedLine(value, '[', ']', [](auto at) { return oneLine(*at); });
  if (value.is_object())
    return joinedLine(value, '{', '}', [](auto at) { return keyText(at.key()) + oneLine(*at); });
  return plain(value);
}

// `used`: characters of this line already taken, the comma after it included.
void write(const ordered_json& value, std::size_t indent, std::size_t used, std::string& out) {
  if (!value.is_structured() || value.empty()) {
    out += oneLine(value);
    return;
  }
  // Whatever has more than 40 leaves cannot fit, and is not tried.
  if (value.size() <= 40)
    if (const std::string line = oneLine(value); used + line.size() <= kLineLength) {
      out += line;
      return;
    }
  out += value.is_array() ? "[\n" : "{\n";
  const std::string margin(indent + 2, ' ');
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (at != value.begin()) out += ",\n";
    const std::string key = value.is_object() ? keyText(at.key()) : std::string();
    out += margin + key;
    write(*at, indent + 2, margin.size() + key.size() + 1, out);
  }
  out += '\n' + std::string(indent, ' ') + (value.is_array() ? ']' : '}');
}

}  // namespace

std::string readableText(const ordered_json& document) {
  std::string out;
  write(document, 0, 0, out);
  return out + '\n';
}

ordered_json shortestNumber(float value) {
  if (value == std::round(value) && std::abs(value) < kLargestWhole) return static_cast<int>(value);
  const std::string digits = shortestText(value);
  double decimal = 0.0;
  std::from_chars(digits.data(), digits.data() + digits.size(), decimal);
  return decimal;
}

ordered_json valueToJson(const Parameter& parameter, float value) {
  switch (parameter.type) {
    case ParameterType::toggle:
      return value != 0.0f;
    case ParameterType::choice:
      return std::string(parameter.choices[static_cast<std::size_t>(value)]);
    default:
      return shortestNumber(value);
  }
}

}  // namespace gainstage::formats
