#include "analog/circuit/netlist.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <stdexcept>

namespace gainstage::analog {
namespace {

double numberOf(const std::string& text) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(end, static_cast<const char*>(text.data() + text.size()));
  static const std::map<std::string, double> kUnits{{"", 1.0},   {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6},
                                                    {"m", 1e-3}, {"k", 1e3},   {"meg", 1e6}};
  const auto found = kUnits.find(unit);
  if (error != std::errc{} || found == kUnits.end()) throw std::logic_error("not a value: " + text);
  return number * found->second;
}

/// Of a 12AX7 in its socket: grid to cathode, grid to plate, plate to cathode, plate to ground.
constexpr Circuit::TubeCapacitances kTube{2.3e-12, 2.4e-12, 0.9e-12};
constexpr double kPlateToGround = 5e-12;

class Reader {
 public:
  explicit Reader(Netlist& netlist) : netlist_(netlist) {}

  void read(const std::string& line) {
    std::istringstream words(line.substr(0, line.find('*')));
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    if (all.empty()) return;
    words_ = std::move(all);
    Circuit& circuit = netlist_.circuit;
    const std::string& kind = words_[0];
    if (kind == "R" && has(3))
      circuit.resistor(node(1), node(2), numberOf(words_[3]));
    else if (kind == "C" && has(3))
      circuit.capacitor(node(1), node(2), numberOf(words_[3]));
    else if (kind == "L" && has(3))
      circuit.inductor(node(1), node(2), numberOf(words_[3]));
    else if (kind == "P" && has(5))
      circuit.potentiometer(node(2), node(3), node(4), numberOf(words_[5]), knob(1));
    else if (kind == "B" && has(4))
      circuit.rheostat(node(2), node(3), numberOf(words_[4]), knob(1));
    else if (kind == "T" && has(3)) {
      circuit.triode(node(1), node(2), node(3), Triode{}, kTube);
      circuit.capacitor(node(1), Circuit::kGround, kPlateToGround);
    } else if (kind == "V" && has(2))
      circuit.supply(node(1), numberOf(words_[2]));
    else if (kind == "I" && has(1))
      circuit.input(node(1));
    else if (kind == "O" && has(1))
      circuit.output(node(1));
    else if (kind == "G" && has(1))
      circuit.powerGrid(node(1));
    else
      throw std::logic_error("not a part: " + line);
  }

 private:
  bool has(std::size_t operands) const { return words_.size() == operands + 1; }

  Circuit::Node node(std::size_t word) {
    const std::string& name = words_[word];
    if (name == "0") return Circuit::kGround;
    const auto [found, isNew] = nodes_.try_emplace(name, 0);
    if (isNew) found->second = netlist_.circuit.node();
    return found->second;
  }

  Circuit::Knob knob(std::size_t word) {
    const auto found = std::ranges::find(netlist_.knobs, words_[word]);
    if (found != netlist_.knobs.end()) return Circuit::Knob{static_cast<int>(found - netlist_.knobs.begin())};
    netlist_.knobs.push_back(words_[word]);
    return netlist_.circuit.knob();
  }

  Netlist& netlist_;
  std::vector<std::string> words_;
  std::map<std::string, Circuit::Node> nodes_;
};

}  // namespace

Netlist::Netlist(std::string_view text) {
  Reader reader(*this);
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) reader.read(line);
}

Circuit::Knob Netlist::knob(std::string_view name) const {
  const auto found = std::ranges::find(knobs, name);
  if (found == knobs.end()) throw std::logic_error("no such knob: " + std::string(name));
  return Circuit::Knob{static_cast<int>(found - knobs.begin())};
}

}  // namespace gainstage::analog
