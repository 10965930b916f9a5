#include "analog/pickup.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::analog {

double PickupCircuit::resonanceHz() const noexcept {
  return 1.0 / (2.0 * std::numbers::pi * std::sqrt(inductanceH * capacitanceF));
}

double PickupCircuit::quality() const noexcept { return loadOhm * std::sqrt(capacitanceF / inductanceH); }

// The bilinear transform with the resonance at its place: s -> (1 - 1/z) / (1 + 1/z) / tan(w0 / 2).
void Pickup::prepare(double sampleRate, const PickupCircuit& circuit) noexcept {
  const double warped = std::tan(std::numbers::pi * std::min(circuit.resonanceHz() / sampleRate, 0.45));
  const double damping = warped / circuit.quality();
  const double squared = warped * warped;
  const double scale = 1.0 / (1.0 + damping + squared);
  b0_ = static_cast<float>(squared * scale);
  a1_ = static_cast<float>(2.0 * (squared - 1.0) * scale);
  a2_ = static_cast<float>((1.0 - damping + squared) * scale);
  reset();
}

}  // namespace gainstage::analog
