#pragma once

#include "formats/json.h"
#include "formats/json_reader.h"

/// Numbers of a device's description: what is missing stays as it is. All of it [control].
namespace gainstage::devices {

inline void readInto(formats::ObjectReader& reader, std::string_view key, std::string_view unit,
                     double minimum, double maximum, double& into, double scale = 1.0) {
  reader.find(key, unit);
  if (const auto number = reader.number(key, minimum, maximum)) into = *number * scale;
}

/// null: not known.
inline void readInto(formats::ObjectReader& reader, std::string_view key, std::string_view unit,
                     double minimum, double maximum, std::optional<double>& into) {
  if (reader.find(key, unit)) into = reader.number(key, minimum, maximum);
}

template <typename Whole>
void readInto(formats::ObjectReader& reader, std::string_view key, int minimum, int maximum, Whole& into) {
  if (const formats::Json* value = reader.find(key))
    if (const auto whole =
            formats::readWhole(*value, minimum, maximum, reader.pathOf(key), reader.problems()))
      into = static_cast<Whole>(*whole);
}

template <typename Whole>
void requireInto(formats::ObjectReader& reader, std::string_view key, int minimum, int maximum, Whole& into) {
  if (reader.require(key)) readInto(reader, key, minimum, maximum, into);
}

/// An object within an object, where it is there: read by `read`, and finished.
template <typename Read>
bool readPart(formats::ObjectReader& outer, std::string_view key, Read&& read) {
  const formats::Json* value = outer.find(key);
  if (!value) return false;
  formats::ObjectReader reader(*value, outer.pathOf(key), outer.problems());
  read(reader);
  reader.finish();
  return true;
}

/// The objects of a list, one reader each; `readOne` finishes them.
template <typename Read>
void forEach(formats::ObjectReader& reader, std::string_view key, std::size_t most, Read&& readOne) {
  const auto elements = reader.list(key, most);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    formats::ObjectReader element(*elements[i], reader.pathOf(key) + "[" + std::to_string(i) + "]",
                                  reader.problems());
    readOne(element);
  }
}

}  // namespace gainstage::devices
