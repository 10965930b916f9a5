#pragma once

#include <span>
#include <string_view>

#include "analog/circuit/circuit.h"

namespace gainstage::analog {

/// The passive network of treble, middle and bass that most guitar amplifiers share, by its parts.
///
///     in ──┬─ treble cap ── treble pot ──┐ (wiper: out)
///          │                    └────────┤
///          └─ slope ──┬─ bass cap ───────┤ bass pot (as a resistor)
///                     └─ middle cap ─────┴─ middle pot ── ground
///
/// Facts of published schematics. Source and load are those of the stages around it.
struct ToneStack {
  std::string_view name;
  double trebleCap, bassCap, middleCap;  ///< farads
  double slope;                          ///< ohms
  double treblePot, bassPot, middlePot;  ///< ohms; a middle "pot" that is not a knob is a resistor
  bool middleIsKnob;
  bool middleCapAtWiper;  ///< else at the top of the middle pot
  double source, load;    ///< ohms
};

/// Positions of knobs on their tracks, 0..1: where the wiper is, before any taper.
struct ToneKnobs {
  double treble = 0.5, middle = 0.5, bass = 0.5;
};

/// Every stack there is. [any thread]
std::span<const ToneStack> toneStacks() noexcept;

/// The stack as a circuit of one input and one output. [control]
Circuit makeToneStack(const ToneStack& stack, const ToneKnobs& knobs);

}  // namespace gainstage::analog
