#include "analog/circuit/circuit.h"

#include <algorithm>

namespace gainstage::analog {
namespace {

/// A wiper never quite reaches an end.
double reached(double position) noexcept {
  constexpr double kRest = 1e-4;
  return std::clamp(position, kRest, 1.0 - kRest);
}

}  // namespace

void Circuit::potentiometer(Node high, Node wiper, Node low, double ohms, double position) {
  resistor(wiper, low, ohms * reached(position));
  resistor(high, wiper, ohms * (1.0 - reached(position)));
}

void Circuit::potentiometer(Node high, Node wiper, Node low, double ohms, Knob knob) {
  pots_.push_back({knob, resistors_.size(), false, ohms});
  potentiometer(high, wiper, low, ohms, 0.5);
}

void Circuit::rheostat(Node a, Node b, double ohms, Knob knob) {
  pots_.push_back({knob, resistors_.size(), true, ohms});
  resistor(a, b, ohms);
  turn(knob, 0.5);
}

void Circuit::turn(Knob knob, double position) noexcept {
  for (const Pot& pot : pots_) {
    if (pot.knob != knob) continue;
    if (pot.isRheostat) {
      resistors_[pot.lower].value = 1.0 + pot.ohms * std::clamp(position, 0.0, 1.0);
    } else {
      resistors_[pot.lower].value = pot.ohms * reached(position);
      resistors_[pot.lower + 1].value = pot.ohms * (1.0 - reached(position));
    }
  }
}

bool Circuit::hangsOn(std::size_t resistor, Knob knob) const noexcept {
  return std::ranges::any_of(pots_, [&](const Pot& pot) {
    return pot.knob == knob && (resistor == pot.lower || (!pot.isRheostat && resistor == pot.lower + 1));
  });
}

std::vector<Circuit::Branch> Circuit::allCapacitors() const {
  std::vector<Branch> all = capacitors_;
  const auto add = [&](Node a, Node b, double farads) {
    if (farads > 0.0 && a != b) all.push_back({a, b, farads});
  };
  for (const TriodePart& tube : triodes_) {
    add(tube.grid, tube.cathode, tube.capacitances.gridCathode);
    add(tube.grid, tube.plate, tube.capacitances.gridPlate);
    add(tube.plate, tube.cathode, tube.capacitances.plateCathode);
  }
  return all;
}

}  // namespace gainstage::analog
