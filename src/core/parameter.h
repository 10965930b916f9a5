#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gainstage {

enum class ParameterType : std::uint8_t {
  continuous,  ///< any number from minimum to maximum
  integer,     ///< a whole number from minimum to maximum
  toggle,      ///< 0 or 1; true or false in a session
  choice,      ///< an index into choices; the choice's word in a session
  file,        ///< a path; carries no number, always structural
};

/// How a control travels between minimum and maximum.
enum class Scale : std::uint8_t { linear, logarithmic };

/// What a sudden change of it could do to a listener or to gear.
enum class Hazard : std::uint8_t {
  none,
  level,  ///< in dB, adds to the level of a path: raised no faster than the level guard allows
  power,  ///< puts volts on a connector: only a hand may switch it on, never a session, a preset or undo
};

/// One parameter, declared once beside whatever owns it. Session keys, remotes, plugins and the manual derive
/// from it.
struct Parameter {
  std::string_view id;    ///< session key and address, physical unit at its end: "cutoffHz", "gainDb"
  std::string_view name;  ///< what people see
  std::string_view unit;  ///< "dB", "Hz", "ms", "" ...
  ParameterType type = ParameterType::continuous;
  float minimum = 0.0f;
  float maximum = 1.0f;
  float defaultValue = 0.0f;
  Scale scale = Scale::linear;
  std::span<const std::string_view> choices = {};
  float rampMs = 20.0f;     ///< time that a change takes to be heard whole
  bool structural = false;  ///< a change builds its owner anew, aside, and crossfades
  Hazard hazard = Hazard::none;
  bool offAtMinimum = false;  ///< a level whose minimum means silence

  /// The nearest value this parameter can have. Not-a-number becomes the default.
  float clamp(float value) const noexcept {
    if (std::isnan(value)) return defaultValue;
    const float bounded = std::clamp(value, minimum, maximum);
    return type == ParameterType::continuous ? bounded : std::round(bounded);
  }
};

using ParameterIndex = std::uint16_t;

/// Where `id` stands in the list, if it does.
inline std::optional<ParameterIndex> indexOf(std::span<const Parameter> parameters,
                                             std::string_view id) noexcept {
  const auto found = std::ranges::find(parameters, id, &Parameter::id);
  if (found == parameters.end()) return std::nullopt;
  return static_cast<ParameterIndex>(found - parameters.begin());
}

}  // namespace gainstage
