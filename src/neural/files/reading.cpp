#include "neural/files/reading.h"

#include <cmath>
#include <fmt/format.h>

namespace gainstage::neural::files {
namespace {

std::string indexed(const std::string& path, std::size_t index) { return fmt::format("{}[{}]", path, index); }

std::string notASize(int most, std::string_view shown) {
  return fmt::format("should be a whole number from 1 to {}, but is {}", most, shown);
}

bool isSize(double number, int most) {
  return number >= 1.0 && number <= most && number == std::floor(number);
}

}  // namespace

Fields::Fields(const Json& object, std::string path, Reading& reading)
    : object_(object, std::move(path), reading.problems), reading_(reading) {}

const Json* Fields::find(std::string_view key) {
  const Json* value = object_.find(key);
  return value && !value->is_null() ? value : nullptr;
}

const Json* Fields::require(std::string_view key) {
  const Json* value = find(key);
  if (!value && !reading_.failed()) refuse(key, "is missing");
  return value;
}

int Fields::size(std::string_view key, int most) {
  const Json* value = require(key);
  return value ? readSize(*value, most, pathOf(key), reading_) : 1;
}

int Fields::size(std::string_view key, int most, int fallback) {
  const Json* value = find(key);
  return value ? readSize(*value, most, pathOf(key), reading_) : fallback;
}

std::vector<int> Fields::sizes(std::string_view key, int most) {
  const Json* value = require(key);
  return value ? readSizes(*value, most, pathOf(key), reading_) : std::vector<int>{};
}

bool Fields::flag(std::string_view key, bool fallback) {
  if (has(key)) object_.boolean(key, fallback);
  return fallback;
}

float Fields::number(std::string_view key, float fallback) {
  const Json* value = find(key);
  if (!value) return fallback;
  const float number = value->is_number() ? static_cast<float>(value->get<double>()) : NAN;
  if (std::isfinite(number)) return number;
  refuse(key, fmt::format("should be a finite number, but is {}", formats::describe(*value)));
  return fallback;
}

std::string Fields::text(std::string_view key) {
  const Json* value = find(key);
  if (!value) return {};
  if (value->is_string()) return value->get<std::string>();
  refuse(key, fmt::format("should be text, but is {}", formats::describe(*value)));
  return {};
}

void Fields::refuse(std::string_view key, std::string_view what) { reading_.problems.add(pathOf(key), what); }

void Fields::finish() {
  if (reading_.strict) object_.finish();
}

Numbers::Numbers(const Json& list, const std::string& path, Reading& reading)
    : aside_(formats::numbersOf(list, reading.document)) {
  if (!aside_ && !list.is_array()) {
    reading.problems.add(path,
                         fmt::format("should be a list of numbers, but is {}", formats::describe(list)));
    return;
  }
  if (!aside_) {
    own_.reserve(list.size());
    for (const Json& value : list) {
      if (!value.is_number()) {
        reading.problems.add(indexed(path, own_.size()),
                             fmt::format("should be a finite number, but is {}", formats::describe(value)));
        return;
      }
      own_.push_back(static_cast<float>(value.get<double>()));
    }
  }
  const auto all = values();
  const auto bad = std::ranges::find_if_not(all, [](float value) { return std::isfinite(value); });
  if (bad != all.end())
    reading.problems.add(indexed(path, static_cast<std::size_t>(bad - all.begin())),
                         "is beyond what a float holds (3.4e38)");
}

std::size_t entriesOf(const Json& list, const Reading& reading) {
  const auto* aside = formats::numbersOf(list, reading.document);
  return aside ? aside->size() : list.size();
}

bool isList(const Json& value) { return value.is_array() || value.is_binary(); }

int readSize(const Json& value, int most, const std::string& path, Reading& reading) {
  if (value.is_number() && isSize(value.get<double>(), most)) return value.get<int>();
  reading.problems.add(path, notASize(most, formats::describe(value)));
  return 1;
}

std::vector<int> readSizes(const Json& list, int most, const std::string& path, Reading& reading) {
  std::vector<int> sizes;
  if (!isList(list)) {
    reading.problems.add(
        path, fmt::format("should be a list of whole numbers, but is {}", formats::describe(list)));
    return sizes;
  }
  const std::size_t entries = entriesOf(list, reading);
  if (entries < 1 || entries > static_cast<std::size_t>(kMaxLayers)) {
    reading.problems.add(path, fmt::format("should hold 1 to {} numbers, but holds {}", kMaxLayers, entries));
    return sizes;
  }
  if (const auto* aside = formats::numbersOf(list, reading.document)) {
    for (const float number : *aside) {
      if (isSize(static_cast<double>(number), most)) {
        sizes.push_back(static_cast<int>(number));
        continue;
      }
      reading.problems.add(indexed(path, sizes.size()), notASize(most, formats::shortestText(number)));
      return sizes;
    }
    return sizes;
  }
  for (const Json& value : list) sizes.push_back(readSize(value, most, indexed(path, sizes.size()), reading));
  return sizes;
}

std::string unknownName(std::string_view name, std::span<const std::string_view> known) {
  const auto near = formats::nearestName(name, known);
  return fmt::format("is {}, which is unknown; {}", formats::inQuotes(name),
                     near.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                  : fmt::format("did you mean \"{}\"?", near));
}

}  // namespace gainstage::neural::files
