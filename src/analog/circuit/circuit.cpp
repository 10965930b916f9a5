#include "analog/circuit/circuit.h"

#include <algorithm>

namespace gainstage::analog {

void Circuit::potentiometer(Node high, Node wiper, Node low, double ohms, double position) {
  constexpr double kRest = 1e-4;
  const double reached = std::clamp(position, kRest, 1.0 - kRest);
  resistor(high, wiper, ohms * (1.0 - reached));
  resistor(wiper, low, ohms * reached);
}

}  // namespace gainstage::analog
