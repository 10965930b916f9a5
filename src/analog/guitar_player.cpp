#include "analog/guitar_player.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace gainstage::analog {
namespace {

using Chord = std::array<int, kGuitarStrings>;  // frets, the lowest string first; -1: not played

constexpr Chord kG{3, 2, 0, 0, 3, 3};
constexpr Chord kEm7{0, 2, 2, 0, 3, 0};
constexpr Chord kCadd9{-1, 3, 2, 0, 3, 0};
constexpr Chord kC{-1, 3, 2, 0, 1, 0};
constexpr Chord kD{-1, -1, 0, 2, 3, 2};
constexpr Chord kDsus4{-1, -1, 0, 2, 3, 3};
constexpr Chord kAm7{-1, 0, 2, 0, 1, 0};

constexpr int kStepsPerBar = 8;
constexpr int kBars = 4;
constexpr std::array<std::array<Chord, kBars>, 4> kProgressions{
    {{kG, kEm7, kCadd9, kD}, {kEm7, kCadd9, kG, kDsus4}, {kAm7, kC, kG, kD}, {kC, kG, kAm7, kDsus4}}};
// Per eighth: 0 the chord's lowest note, else the string counted from the highest.
constexpr std::array<std::array<int, kStepsPerBar>, 4> kPatterns{
    {{0, 3, 2, 1, 2, 3, 2, 3}, {0, 3, 2, 3, 1, 3, 2, 3}, {0, 2, 3, 1, 0, 3, 2, 3}, {0, 3, 1, 2, 3, 1, 2, 3}}};

constexpr double kStepS = 60.0 / 88.0 / 2.0;  // eighths at 88 beats a minute
constexpr double kStartS = 0.1;
constexpr double kUntimelyS = 0.005;   // a hand is that early or late
constexpr double kStrumS = 0.016;      // from one string to the next
constexpr double kDampAheadS = 0.024;  // 8 ms of damping and more than a period of the lowest string

}  // namespace

void GuitarPlayer::prepare(double sampleRate, std::uint32_t seed) noexcept {
  sampleRate_ = sampleRate;
  random_ = SmallRandom(seed);
  step_ = 0;
  progression_ = pattern_ = 0;
  chord_.fill(-1);
  sounding_.fill(-1);
  waiting_ = 0;
}

const GuitarEvent& GuitarPlayer::next() noexcept {
  while (waiting_ == 0) planStep();
  return events_[static_cast<std::size_t>(waiting_ - 1)];
}

// A step's events lie within 30 ms before and 110 ms after it, a step takes 341 ms: they never overtake those
// of the next.
void GuitarPlayer::planStep() noexcept {
  const auto step = static_cast<std::size_t>(step_ % kStepsPerBar);
  const auto bar = static_cast<std::size_t>(step_ / kStepsPerBar % kBars);
  const std::int64_t phrase = step_ / (kStepsPerBar * kBars);
  const double seconds = kStartS + static_cast<double>(step_++) * kStepS;
  if (step == 0) {
    if (bar == 0 && phrase > 0) progression_ = static_cast<int>(random_.below(kProgressions.size()));
    pattern_ = static_cast<int>(random_.below(kPatterns.size()));
    chord_ = kProgressions[static_cast<std::size_t>(progression_)][bar];
    changeChord(seconds);
  }
  // Every second phrase ends on a chord that is left to ring.
  const bool rings = phrase % 2 == 1 && bar == kBars - 1;
  if (step == 0 && (bar == 0 || rings)) return strum(seconds);
  if (rings) return;

  const int note = kPatterns[static_cast<std::size_t>(pattern_)][step];
  const int lowest =
      static_cast<int>(std::ranges::find_if(chord_, [](int fret) { return fret >= 0; }) - chord_.begin());
  const double accent = (step % 2 == 0 ? 0.06 : 0.0) + (note == 0 ? 0.08 : 0.0);
  pluck(note == 0 ? lowest : kGuitarStrings - note, seconds, 0.58 + accent);
  if (step == 0) pluck(kGuitarStrings - 1, seconds + 0.004, 0.6);
}

void GuitarPlayer::changeChord(double seconds) noexcept {
  for (int string = 0; string < kGuitarStrings; ++string) {
    const int before = sounding_[static_cast<std::size_t>(string)];
    const int now = chord_[static_cast<std::size_t>(string)];
    // An open string may ring on beneath the new chord, one that a finger leaves cannot.
    if (before != now && (before > 0 || now < 0)) damp(string, seconds - kUntimelyS - kDampAheadS);
  }
}

void GuitarPlayer::strum(double seconds) noexcept {
  double at = seconds;
  for (int string = 0; string < kGuitarStrings; ++string) {
    if (chord_[static_cast<std::size_t>(string)] < 0) continue;
    pluck(string, at, 0.62 + 0.02 * string);
    at += kStrumS;
  }
}

void GuitarPlayer::pluck(int string, double seconds, double velocity) noexcept {
  const double at = seconds + random_.between(-kUntimelyS, kUntimelyS);
  const int fret = chord_[static_cast<std::size_t>(string)];
  damp(string, at - kDampAheadS);
  add({.string = string,
       .isPluck = true,
       .fret = fret,
       .velocity = static_cast<float>(velocity + random_.between(-0.08, 0.08))},
      at);
  sounding_[static_cast<std::size_t>(string)] = fret;
}

void GuitarPlayer::damp(int string, double seconds) noexcept {
  if (sounding_[static_cast<std::size_t>(string)] < 0) return;
  add({.string = string}, seconds);
  sounding_[static_cast<std::size_t>(string)] = -1;
}

void GuitarPlayer::add(GuitarEvent event, double seconds) noexcept {
  event.frame = static_cast<FrameTime>(seconds * sampleRate_);
  const auto begin = events_.begin();
  const auto end = begin + waiting_++;
  const auto at = std::ranges::lower_bound(begin, end, event.frame, std::greater{}, &GuitarEvent::frame);
  std::move_backward(at, end, end + 1);
  *at = event;
}

}  // namespace gainstage::analog
