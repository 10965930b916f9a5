#pragma once

#include "core/parameter.h"

/// The usual kinds of parameter that blocks declare. [any thread]
namespace gainstage::rig {

/// The same, heard only when the block is made anew.
constexpr Parameter structural(Parameter parameter) {
  parameter.structural = true;
  return parameter;
}

constexpr Parameter decibels(std::string_view id, std::string_view name, float minimum, float maximum,
                             float value) {
  return {
      .id = id, .name = name, .unit = "dB", .minimum = minimum, .maximum = maximum, .defaultValue = value};
}

/// In dB, adding to the level of its path.
constexpr Parameter levelDecibels(std::string_view id, std::string_view name, float minimum, float maximum,
                                  float value) {
  Parameter parameter = decibels(id, name, minimum, maximum, value);
  parameter.hazard = Hazard::level;
  return parameter;
}

/// A time constant: heard at once, since nothing jumps with it.
constexpr Parameter milliseconds(std::string_view id, std::string_view name, float minimum, float maximum,
                                 float value, float rampMs = 0.0f) {
  return {.id = id,
          .name = name,
          .unit = "ms",
          .minimum = minimum,
          .maximum = maximum,
          .defaultValue = value,
          .scale = Scale::logarithmic,
          .rampMs = rampMs};
}

constexpr Parameter hertz(std::string_view id, std::string_view name, float minimum, float maximum,
                          float value) {
  return {.id = id,
          .name = name,
          .unit = "Hz",
          .minimum = minimum,
          .maximum = maximum,
          .defaultValue = value,
          .scale = Scale::logarithmic};
}

/// A number without a unit.
constexpr Parameter ratio(std::string_view id, std::string_view name, float minimum, float maximum,
                          float value, Scale scale = Scale::linear) {
  return {.id = id,
          .name = name,
          .unit = "",
          .minimum = minimum,
          .maximum = maximum,
          .defaultValue = value,
          .scale = scale};
}

constexpr Parameter toggle(std::string_view id, std::string_view name, bool value) {
  return {
      .id = id, .name = name, .unit = "", .type = ParameterType::toggle, .defaultValue = value ? 1.0f : 0.0f};
}

constexpr Parameter choice(std::string_view id, std::string_view name,
                           std::span<const std::string_view> choices) {
  return {.id = id,
          .name = name,
          .unit = "",
          .type = ParameterType::choice,
          .maximum = static_cast<float>(choices.size() - 1),
          .choices = choices};
}

}  // namespace gainstage::rig
