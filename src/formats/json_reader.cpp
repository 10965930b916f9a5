#include "formats/json_reader.h"

#include <array>
#include <cfloat>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "formats/json.h"

namespace gainstage::formats {
namespace {

using nlohmann::json;

// Long enough to recognise, short enough that a sentence stays one.
constexpr std::size_t kShownBytes = 40;
constexpr std::size_t kListedBytes = 240;

bool hasControlCharacters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

constexpr std::size_t kMostShownChoices = 20;

std::string joined(std::span<const std::string_view> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

/// The key without its unit: "threshold" of "thresholdDb". Keys without a unit are their own stem.
std::string_view stem(std::string_view key, std::string_view unit) {
  if (unit.empty()) return key;
  const auto last = key.find_last_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return last == std::string_view::npos ? key : key.substr(0, last);
}

}  // namespace

std::string inQuotes(std::string_view text) {
  const bool whole = text.size() <= kShownBytes;
  const json shown(std::string(text.substr(0, kShownBytes)) + (whole ? "" : "..."));
  return shown.dump(-1, ' ', false, json::error_handler_t::replace);
}

void Problems::add(std::string_view path, std::string_view what) {
  if (count_++ == 0) first_ = path.empty() ? std::string(what) : fmt::format("{} {}", path, what);
}

Error Problems::error(std::string_view document) const {
  std::string more;
  if (count_ > 1) more = fmt::format(" (and {} more {})", count_ - 1, count_ == 2 ? "fault" : "faults");
  return {ErrorKind::file, fmt::format("{}: {}{}", document, first_, more)};
}

std::string describe(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
    case json::value_t::binary:  // of numbers, see NumericJson
      return "a list";
    case json::value_t::string:
      return inQuotes(value.get_ref<const std::string&>());
    case json::value_t::number_float: {
      std::array<char, 32> digits;
      const auto end = std::to_chars(digits.begin(), digits.end(), value.get<double>()).ptr;
      return {digits.begin(), end};
    }
    default:
      return value.dump();
  }
}

std::string shortestText(float value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), value == 0.0f ? 0.0f : value).ptr;
  return {digits.begin(), end};
}

std::string expectation(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::toggle:
      return "true or false";
    case ParameterType::choice:
      // A sentence, not a page: what is meant is said besides, where it is near.
      return parameter.choices.size() > kMostShownChoices
                 ? fmt::format("one of {}, ... ({} in docs/session.md)",
                               joined(parameter.choices.first(kMostShownChoices)), parameter.choices.size())
                 : fmt::format("one of {}", joined(parameter.choices));
    case ParameterType::file:
      return "a file's path";
    case ParameterType::integer:
    case ParameterType::continuous:
      break;
  }
  const bool whole = parameter.type == ParameterType::integer;
  return fmt::format("a {}number from {} to {}{}", whole ? "whole " : "", shortestText(parameter.minimum),
                     shortestText(parameter.maximum),
                     parameter.unit.empty() ? "" : fmt::format(" ({})", parameter.unit));
}

std::optional<float> readValue(const json& value, const Parameter& parameter, std::string_view path,
                               Problems& problems) {
  const auto refuse = [&](std::string_view hint) {
    problems.add(path,
                 fmt::format("should be {}, but is {}{}", expectation(parameter), describe(value), hint));
    return std::nullopt;
  };
  if (parameter.type == ParameterType::toggle) {
    if (!value.is_boolean()) return refuse("");
    return value.get<bool>() ? 1.0f : 0.0f;
  }
  if (parameter.type == ParameterType::choice) {
    if (!value.is_string()) return refuse("");
    const std::string_view word = value.get_ref<const std::string&>();
    const auto found = std::ranges::find(parameter.choices, word);
    if (found != parameter.choices.end()) return static_cast<float>(found - parameter.choices.begin());
    const auto near = nearestName(word, parameter.choices);
    return refuse(near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
  }
  if (!value.is_number()) return refuse("");
  const double exact = value.get<double>();
  if (!(std::abs(exact) <= FLT_MAX)) return refuse("");
  const auto number = static_cast<float>(exact);
  if (number < parameter.minimum || number > parameter.maximum) return refuse("");
  if (parameter.type == ParameterType::integer && number != std::round(number)) return refuse("");
  return number;
}

std::optional<int> readWhole(const json& value, int minimum, int maximum, std::string_view path,
                             Problems& problems) {
  // Compared as the kind of number that it is: 2^64 - 1 must not come out as -1.
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::max(maximum, 0))
                        : value.is_number_integer() && value.get<std::int64_t>() <= maximum;
  if (fits && value.get<std::int64_t>() >= minimum) return value.get<int>();
  problems.add(path, fmt::format("should be a whole number from {} to {}, but is {}", minimum, maximum,
                                 describe(value)));
  return std::nullopt;
}

ObjectReader::ObjectReader(const json& value, std::string path, Problems& problems)
    : path_(std::move(path)), problems_(problems) {
  if (value.is_object())
    object_ = &value;
  else
    problems_.add(path_, fmt::format("should be an object, but is {}", describe(value)));
}

std::string ObjectReader::pathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const json* ObjectReader::find(std::string_view key, std::string_view unit) {
  if (std::ranges::find(known_, key, &Known::key) == known_.end())
    known_.push_back({std::string(key), std::string(unit)});
  if (!object_) return nullptr;
  const auto found = object_->find(std::string(key));
  return found == object_->end() ? nullptr : &*found;
}

const json* ObjectReader::require(std::string_view key) {
  const json* value = find(key);
  if (!value && object_) problems_.add(pathOf(key), "is missing");
  return value;
}

void ObjectReader::text(std::string_view key, std::string& into, std::size_t longest, bool mayBeEmpty) {
  const json* value = find(key);
  if (!value) return;
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    if (text.size() <= longest && (mayBeEmpty || !text.empty()) && !hasControlCharacters(text)) {
      into = text;
      return;
    }
  }
  problems_.add(pathOf(key),
                fmt::format("should be text of {} to {} bytes without control characters, but is {}",
                            mayBeEmpty ? 0 : 1, longest, describe(*value)));
}

void ObjectReader::boolean(std::string_view key, bool& into) {
  const json* value = find(key);
  if (!value) return;
  if (value->is_boolean())
    into = value->get<bool>();
  else
    problems_.add(pathOf(key), fmt::format("should be true or false, but is {}", describe(*value)));
}

std::optional<std::size_t> ObjectReader::word(std::string_view key, std::span<const std::string_view> words) {
  const Parameter choice{.id = key, .name = key, .unit = "", .type = ParameterType::choice, .choices = words};
  const json* value = find(key);
  if (!value) return std::nullopt;
  const auto index = readValue(*value, choice, pathOf(key), problems_);
  if (!index) return std::nullopt;
  return static_cast<std::size_t>(*index);
}

std::optional<double> ObjectReader::number(std::string_view key, double minimum, double maximum) {
  const json* value = find(key);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_number()) {
    const double number = value->get<double>();
    if (number >= minimum && number <= maximum) return number;
  }
  problems_.add(pathOf(key), fmt::format("should be null or a number from {} to {}, but is {}", minimum,
                                         maximum, describe(*value)));
  return std::nullopt;
}

std::vector<const json*> ObjectReader::list(std::string_view key, std::size_t most, std::size_t least) {
  const json* value = least > 0 ? require(key) : find(key);
  if (!value) return {};
  if (!value->is_array()) {
    problems_.add(pathOf(key), fmt::format("should be a list, but is {}", describe(*value)));
    return {};
  }
  if (value->size() < least || value->size() > most)
    problems_.add(pathOf(key),
                  fmt::format("should hold {} to {} entries, but holds {}", least, most, value->size()));
  std::vector<const json*> elements;
  for (const json& element : *value) {
    if (elements.size() == most) break;
    elements.push_back(&element);
  }
  return elements;
}

void ObjectReader::values(std::span<const Parameter> parameters, std::span<float> into) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (parameter.type == ParameterType::file) continue;
    const json* value = find(parameter.id, parameter.unit);
    if (!value) continue;
    if (const auto number = readValue(*value, parameter, pathOf(parameter.id), problems_)) into[i] = *number;
  }
}

std::string ObjectReader::suggestion(std::string_view key) const {
  const auto named = [](const Known& known) {
    return known.unit.empty() ? known.key : fmt::format("{} ({})", known.key, known.unit);
  };
  std::vector<std::string_view> keys, stems;
  for (const Known& known : known_) {
    keys.push_back(known.key);
    stems.push_back(stem(known.key, known.unit));
  }
  const auto knownAt = [&](std::span<const std::string_view> words, std::string_view word) {
    return known_[static_cast<std::size_t>(std::ranges::find(words, word) - words.begin())];
  };
  if (const auto near = nearestName(key, keys); !near.empty())
    return fmt::format("; did you mean {}?", named(knownAt(keys, near)));
  // The right quantity in quite another unit: "releaseSeconds".
  for (const Known& known : known_)
    if (!known.unit.empty() && key.starts_with(stem(known.key, known.unit)))
      return fmt::format("; did you mean {}?", named(known));
  if (const auto near = nearestName(key, stems); !near.empty())
    return fmt::format("; did you mean {}?", named(knownAt(stems, near)));
  const std::string all = joined(keys);
  return all.size() <= kListedBytes ? fmt::format("; known here are {}", all) : "";
}

void ObjectReader::finish() {
  if (!object_) return;
  for (const auto& [key, value] : object_->items()) {
    if (std::ranges::find(known_, key, &Known::key) != known_.end()) continue;
    const std::string shown = key.size() <= kShownBytes && !hasControlCharacters(key) ? key : inQuotes(key);
    problems_.add(pathOf(shown), "is an unknown key" + suggestion(key));
  }
}

void UniqueTexts::add(std::string_view text, std::string path, Problems& problems) {
  if (text.empty()) return;
  const auto before = std::ranges::find(seen_, text, [](const auto& entry) { return entry.first; });
  if (before != seen_.end())
    problems.add(path, fmt::format("is {}, as {} is already", inQuotes(text), before->second));
  else
    seen_.emplace_back(text, std::move(path));
}

bool readHeader(ObjectReader& reader, std::string_view kind, int newest) {
  Problems& problems = reader.problems();
  const int before = problems.count();
  if (const json* found = reader.require("gainstage"); found && *found != kind)
    problems.add("gainstage", fmt::format("should be \"{}\", but is {}: this is another kind of file", kind,
                                          describe(*found)));
  const json* found = reader.require("version");
  if (!found) return problems.count() == before;
  const auto version = readWhole(*found, 1, 1000000, "version", problems);
  if (version && *version > newest)
    problems.add("version", fmt::format("is {}, and this Gainstage knows versions up to {}: use a newer one",
                                        *version, newest));
  return problems.count() == before;
}

}  // namespace gainstage::formats
