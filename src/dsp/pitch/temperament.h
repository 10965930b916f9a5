#pragma once

#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace gainstage::dsp {

/// What a frequency is called, and how far off it is.
struct NoteReading {
  int midi = 69;       ///< 69: A4
  double cents = 0.0;  ///< above the note as the temperament has it, -60..60
};

/// Where the twelve notes of an octave stand. A is always at the reference: an orchestra's A is the A,
/// whatever the root is.
struct Temperament {
  std::string_view id, name;
  std::array<double, 12> cents;  ///< above the root, for the semitones above it
  bool byString = false;         ///< cents are those of a guitar's six open strings instead, low to high
};

/// equal, just, pythagorean, meantone, werckmeister3, guitar. [any thread]
std::span<const Temperament> temperaments() noexcept;

/// Names of the twelve notes from C on. [any thread]
inline constexpr std::array<std::string_view, 12> kNoteNames{"C",  "C#", "D",  "D#", "E",  "F",
                                                             "F#", "G",  "G#", "A",  "A#", "B"};

/// Cents by which a temperament on a root (0 C .. 11 B) has a note above equal temperament. [any thread]
double deviationCents(const Temperament& temperament, int root, int midi) noexcept;

/// The nearest note; hz and referenceHz (of A4) above 0. [any thread]
NoteReading noteOf(double hz, double referenceHz, const Temperament& temperament, int root) noexcept;

}  // namespace gainstage::dsp
