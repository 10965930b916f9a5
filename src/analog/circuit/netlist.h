#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analog/circuit/circuit.h"

namespace gainstage::analog {

/// A circuit written down as a schematic's list of parts, one to a line, nodes by name, 0 for ground:
///
///     R a b 100k            resistor          C a b 22n       capacitor       L a b 500m    inductor
///     P knob top wiper end 1meg               potentiometer, wiper at `top` when its knob is at 1
///     B knob a b 250k       the same used as a resistor, 1 ohm at 0
///     T plate grid cathode  12AX7, with the capacitances of its socket
///     V node 300            supply            I node          input           O node        output
///     G grid                power tube's grid
///
/// Numbers take p, n, u, m, k and meg. An asterisk begins a comment.
struct Netlist {
  Circuit circuit;
  std::vector<std::string> knobs;  ///< by the number of their knob

  /// Of a text that the program brings itself: what is wrong with it ends the program. [control]
  explicit Netlist(std::string_view text);

  /// [control]
  Circuit::Knob knob(std::string_view name) const;
};

}  // namespace gainstage::analog
