#pragma once

#include <array>
#include <span>
#include <string_view>

namespace gainstage::dsp {

/// Seven notes of an octave, in semitones above the key.
struct Scale {
  std::string_view id;
  std::array<int, 7> semitones;
};

inline constexpr std::array kScales{
    Scale{"major", {0, 2, 4, 5, 7, 9, 11}},         Scale{"minor", {0, 2, 3, 5, 7, 8, 10}},
    Scale{"harmonicMinor", {0, 2, 3, 5, 7, 8, 11}}, Scale{"dorian", {0, 2, 3, 5, 7, 9, 10}},
    Scale{"phrygian", {0, 1, 3, 5, 7, 8, 10}},      Scale{"lydian", {0, 2, 4, 6, 7, 9, 11}},
    Scale{"mixolydian", {0, 2, 4, 5, 7, 9, 10}},
};

/// Semitones from a note to the one `steps` of the scale above it (a third is 2, a sixth below -5). A note
/// that is not of the scale goes with the one below it that is, as far away. [any thread]
constexpr int diatonicSemitones(const Scale& scale, int key, int midi, int steps) noexcept {
  const int above = ((midi - key) % 12 + 12) % 12;
  int degree = 6;
  while (scale.semitones[static_cast<std::size_t>(degree)] > above) --degree;
  const int target = degree + steps;
  const int octave = target >= 0 ? target / 7 : -((6 - target) / 7);
  return 12 * octave + scale.semitones[static_cast<std::size_t>(target - 7 * octave)] -
         scale.semitones[static_cast<std::size_t>(degree)];
}

}  // namespace gainstage::dsp
