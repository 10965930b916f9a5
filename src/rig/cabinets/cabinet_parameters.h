#pragma once

#include <array>

#include "rig/parameters.h"

/// What the cabinet block can be told: seven parameters for each of two microphones, then those of their mix.
namespace gainstage::rig::cabinets {

enum MicrophoneIndex : ParameterIndex {
  cabinet,
  file,
  microphone,
  distanceCm,
  angleDegrees,
  minimumPhase,
  inverted
};
inline constexpr ParameterIndex kPerMicrophone = 7;
enum Index : ParameterIndex {
  blend = 2 * kPerMicrophone,
  lowCutOn,
  lowCutHz,
  highCutOn,
  highCutHz,
  levelled,
  levelDb
};

inline constexpr std::array<std::string_view, 6> kCabinets{"off", "file", "1x12", "2x12", "4x12", "8x10"};
inline constexpr float kOff = 0.0f, kFile = 1.0f, kFirstBuiltIn = 2.0f, kClosed4x12 = 4.0f;
inline constexpr std::array<std::string_view, 3> kMicrophones{"dynamic", "ribbon", "condenser"};

constexpr Parameter cabinetChoice(std::string_view id, float value) {
  Parameter parameter = structural(choice(id, "Cabinet", kCabinets));
  parameter.defaultValue = value;
  return parameter;
}
constexpr Parameter response(std::string_view id) {
  return {.id = id, .name = "Its file", .unit = "", .type = ParameterType::file, .structural = true};
}
constexpr Parameter distance(std::string_view id) {
  return structural({.id = id,
                     .name = "Distance from the cone",
                     .unit = "cm",
                     .minimum = 2.0f,
                     .maximum = 200.0f,
                     .defaultValue = 3.0f,
                     .scale = Scale::logarithmic});
}
constexpr Parameter angle(std::string_view id) {
  return structural({.id = id, .name = "Off its axis", .unit = "degrees", .minimum = 0.0f, .maximum = 75.0f});
}

inline constexpr std::array kCabinetParameters{
    cabinetChoice("cabinetA", kClosed4x12),
    response("fileA"),
    structural(choice("microphoneA", "Microphone", kMicrophones)),
    distance("distanceACm"),
    angle("angleADegrees"),
    structural(toggle("minimumPhaseA", "Minimum phase", false)),
    toggle("invertedA", "Polarity inverted", false),
    cabinetChoice("cabinetB", kOff),
    response("fileB"),
    structural(choice("microphoneB", "Microphone", kMicrophones)),
    distance("distanceBCm"),
    angle("angleBDegrees"),
    structural(toggle("minimumPhaseB", "Minimum phase", false)),
    toggle("invertedB", "Polarity inverted", false),
    ratio("blend", "From A to B", 0.0f, 1.0f, 0.5f),
    toggle("lowCutOn", "Low cut", false),
    hertz("lowCutHz", "Low cut below", 20.0f, 500.0f, 80.0f),
    toggle("highCutOn", "High cut", false),
    hertz("highCutHz", "High cut above", 1000.0f, 20000.0f, 8000.0f),
    structural(toggle("levelled", "Level the responses", true)),
    levelDecibels("levelDb", "Level", -60.0f, 24.0f, 0.0f),
};

}  // namespace gainstage::rig::cabinets
