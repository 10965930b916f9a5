#include "analog/circuit/tone_stack.h"

#include <array>

namespace gainstage::analog {
namespace {

// Parts as published: Fender AB763 (Twin Reverb) and 5F6-A (Bassman), Marshall 2204, Vox AC30 top boost,
// Soldano SLO-100. Sources: a 12AX7's plate (100k in parallel with its own 62k) or a cathode follower.
constexpr std::array<ToneStack, 5> kStacks{{
    {.name = "american-clean",
     .trebleCap = 250e-12,
     .bassCap = 100e-9,
     .middleCap = 47e-9,
     .slope = 100e3,
     .treblePot = 250e3,
     .bassPot = 250e3,
     .middlePot = 10e3,
     .middleIsKnob = true,
     .middleCapAtWiper = false,
     .source = 38e3,
     .load = 1e6},
    {.name = "tweed",
     .trebleCap = 250e-12,
     .bassCap = 20e-9,
     .middleCap = 20e-9,
     .slope = 56e3,
     .treblePot = 250e3,
     .bassPot = 1e6,
     .middlePot = 25e3,
     .middleIsKnob = true,
     .middleCapAtWiper = true,
     .source = 1.3e3,
     .load = 1e6},
    {.name = "british-crunch",
     .trebleCap = 470e-12,
     .bassCap = 22e-9,
     .middleCap = 22e-9,
     .slope = 33e3,
     .treblePot = 220e3,
     .bassPot = 1e6,
     .middlePot = 25e3,
     .middleIsKnob = true,
     .middleCapAtWiper = true,
     .source = 1.3e3,
     .load = 1e6},
    {.name = "top-boost",
     .trebleCap = 50e-12,
     .bassCap = 22e-9,
     .middleCap = 22e-9,
     .slope = 100e3,
     .treblePot = 1e6,
     .bassPot = 1e6,
     .middlePot = 10e3,
     .middleIsKnob = false,
     .middleCapAtWiper = false,
     .source = 1.3e3,
     .load = 1e6},
    {.name = "modern-high-gain",
     .trebleCap = 470e-12,
     .bassCap = 22e-9,
     .middleCap = 22e-9,
     .slope = 47e3,
     .treblePot = 250e3,
     .bassPot = 1e6,
     .middlePot = 25e3,
     .middleIsKnob = true,
     .middleCapAtWiper = true,
     .source = 1.3e3,
     .load = 1e6},
}};

}  // namespace

std::span<const ToneStack> toneStacks() noexcept { return kStacks; }

Circuit makeToneStack(const ToneStack& stack, const ToneKnobs& knobs) {
  constexpr double kWiperRest = 1.0;  // ohms: a pot used as a resistor never reaches 0
  Circuit circuit;
  const auto driven = circuit.node(), in = circuit.node(), trebleTop = circuit.node(), out = circuit.node(),
             trebleBottom = circuit.node(), slope = circuit.node(), middleTop = circuit.node();
  circuit.input(driven);
  circuit.resistor(driven, in, stack.source);
  circuit.capacitor(in, trebleTop, stack.trebleCap);
  circuit.potentiometer(trebleTop, out, trebleBottom, stack.treblePot, knobs.treble);
  circuit.resistor(in, slope, stack.slope);
  circuit.capacitor(slope, trebleBottom, stack.bassCap);
  circuit.resistor(trebleBottom, middleTop, kWiperRest + stack.bassPot * knobs.bass);
  if (!stack.middleIsKnob) {
    circuit.capacitor(slope, middleTop, stack.middleCap);
    circuit.resistor(middleTop, Circuit::kGround, stack.middlePot);
  } else if (stack.middleCapAtWiper) {
    const auto wiper = circuit.node();
    circuit.capacitor(slope, wiper, stack.middleCap);
    circuit.potentiometer(middleTop, wiper, Circuit::kGround, stack.middlePot, knobs.middle);
  } else {
    circuit.capacitor(slope, middleTop, stack.middleCap);
    circuit.resistor(middleTop, Circuit::kGround, kWiperRest + stack.middlePot * knobs.middle);
  }
  circuit.resistor(out, Circuit::kGround, stack.load);
  circuit.output(out);
  return circuit;
}

}  // namespace gainstage::analog
