#include "analog/guitar.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

/// A set of 10-46 strings: wound ones are stiffer for their pitch and lose their treble sooner.
struct StringKind {
  double openHz;
  double inharmonicity;
  double decayS;
  double trebleDecayS;
};
constexpr std::array<StringKind, kGuitarStrings> kStrings{{{82.4069, 9e-5, 9.0, 1.1},
                                                           {110.0, 7e-5, 8.5, 1.3},
                                                           {146.832, 5e-5, 7.5, 1.5},
                                                           {195.998, 9e-5, 7.0, 1.9},
                                                           {246.942, 4e-5, 6.5, 2.2},
                                                           {329.628, 2.5e-5, 6.0, 2.4}}};

// From a string's velocity to the converter's full scale.
constexpr float kSensitivity = 0.069f;
// Where the summing of velocity's changes forgets: far below the lowest string.
constexpr double kLeakHz = 12.0;

}  // namespace

void Guitar::prepare(const StreamFormat& format, const GuitarSetup& setup) {
  for (std::size_t i = 0; i < strings_.size(); ++i)
    strings_[i].prepare(format.sampleRate, {.openHz = kStrings[i].openHz,
                                            .scaleMm = setup.scaleMm,
                                            .pickupMm = setup.pickupMm,
                                            .pluckMm = setup.pluckMm,
                                            .inharmonicity = kStrings[i].inharmonicity,
                                            .decayS = kStrings[i].decayS,
                                            .trebleDecayS = kStrings[i].trebleDecayS});
  pickup_.prepare(format.sampleRate, setup.pickup);
  leak_ = static_cast<float>(std::exp(-2.0 * std::numbers::pi * kLeakHz / format.sampleRate));
  velocity_ = 0.0f;
  hasCircuit_ = setup.hasCircuit;
}

void Guitar::reset() noexcept {
  for (PluckedString& string : strings_) string.reset();
  pickup_.reset();
  velocity_ = 0.0f;
}

void Guitar::pluck(int string, int fret, float velocity) noexcept {
  strings_[static_cast<std::size_t>(string)].pluck(
      {.semitones = static_cast<double>(fret), .velocity = velocity});
}

void Guitar::damp(int string) noexcept { strings_[static_cast<std::size_t>(string)].damp(); }

void Guitar::process(std::span<float> out) noexcept {
  std::ranges::fill(out, 0.0f);
  for (PluckedString& string : strings_) string.process(out);
  for (float& sample : out) {
    velocity_ = leak_ * velocity_ + sample;
    sample = kSensitivity * (hasCircuit_ ? pickup_.next(velocity_) : velocity_);
  }
}

void PlayedGuitar::prepare(const StreamFormat& format, std::uint32_t seed, const GuitarSetup& setup) {
  guitar_.prepare(format, setup);
  player_.prepare(format.sampleRate, seed);
  frame_ = 0;
}

void PlayedGuitar::process(std::span<float> out) noexcept {
  while (!out.empty()) {
    const GuitarEvent& event = player_.next();
    if (event.frame <= frame_) {
      if (event.isPluck)
        guitar_.pluck(event.string, event.fret, event.velocity);
      else
        guitar_.damp(event.string);
      player_.pop();
      continue;
    }
    const auto frames = std::min(out.size(), static_cast<std::size_t>(event.frame - frame_));
    guitar_.process(out.first(frames));
    out = out.subspan(frames);
    frame_ += static_cast<FrameTime>(frames);
  }
}

}  // namespace gainstage::analog
