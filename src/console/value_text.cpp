#include "console/value_text.h"

#include <array>
#include <cfloat>
#include <charconv>
#include <fmt/format.h>

#include "formats/json_reader.h"
#include "formats/nearest_name.h"

namespace gainstage::console {
namespace {

constexpr std::array<std::string_view, 4> kToggleWords{"false", "true", "off", "on"};

Error refusal(const Parameter& parameter, std::string_view text, std::span<const std::string_view> words) {
  const auto near = formats::nearestName(text, words);
  return {ErrorKind::usage,
          fmt::format("{} should be {}{}, but is {}{}", parameter.id, formats::expectation(parameter),
                      parameter.offAtMinimum ? " or off" : "", formats::inQuotes(text),
                      near.empty() ? "" : fmt::format("; did you mean {}?", near))};
}

}  // namespace

std::string valueText(const Parameter& parameter, float value) {
  if (parameter.type == ParameterType::toggle) return value != 0.0f ? "true" : "false";
  if (parameter.type == ParameterType::choice)
    return std::string(parameter.choices[static_cast<std::size_t>(value)]);
  if (parameter.offAtMinimum && value <= parameter.minimum) return "off";
  return formats::shortestText(value);
}

Result<float> parseValue(const Parameter& parameter, std::string_view text) {
  const bool isToggle = parameter.type == ParameterType::toggle;
  if (isToggle || parameter.type == ParameterType::choice) {
    const auto words = isToggle ? std::span<const std::string_view>(kToggleWords) : parameter.choices;
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) return refusal(parameter, text, words);
    const auto index = found - words.begin();
    return static_cast<float>(isToggle ? index % 2 : index);
  }
  if (parameter.offAtMinimum && text == "off") return parameter.minimum;
  // from_chars knows no '+', which people write in front of decibels.
  const std::string_view digits = text.starts_with("+") && !text.starts_with("+-") ? text.substr(1) : text;
  double number = 0.0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool isNumber =
      fault == std::errc() && end == digits.data() + digits.size() && std::abs(number) <= FLT_MAX;
  const auto value = isNumber ? static_cast<float>(number) : parameter.minimum - 1.0f;
  const bool isWhole = parameter.type != ParameterType::integer || value == std::round(value);
  if (!isNumber || !isWhole || value < parameter.minimum || value > parameter.maximum)
    return refusal(parameter, text, {});
  return value;
}

}  // namespace gainstage::console
