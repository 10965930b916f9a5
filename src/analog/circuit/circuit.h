#pragma once

#include <vector>

#include "analog/circuit/triode.h"

namespace gainstage::analog {

/// A circuit as a schematic has it: parts between numbered nodes. Node 0 is ground. Values in ohms, farads,
/// henries and volts, all above 0. Equations are made of it by StateSpace. All of it [control].
class Circuit {
 public:
  using Node = int;
  static constexpr Node kGround = 0;

  struct Branch {
    Node from;
    Node to;
    double value;
  };
  /// Between a tube's electrodes, its socket's included.
  struct TubeCapacitances {
    double gridCathode, gridPlate, plateCathode;
  };
  struct TriodePart {
    Node plate, grid, cathode;
    Triode model;
    TubeCapacitances capacitances;
  };
  /// A power tube's grid, as far as the stage before it meets it: a diode to a cathode that stays at
  /// `cathodeVolts`.
  struct PowerGrid {
    Node grid;
    double cathodeVolts;
  };
  /// What a hand turns: a position 0..1 for every potentiometer that hangs on it.
  enum class Knob : int {};

  Node node() { return ++lastNode_; }
  Knob knob() { return Knob{knobs_++}; }

  void resistor(Node a, Node b, double ohms) { resistors_.push_back({a, b, ohms}); }
  void capacitor(Node a, Node b, double farads) { capacitors_.push_back({a, b, farads}); }
  void inductor(Node a, Node b, double henries) { inductors_.push_back({a, b, henries}); }

  /// A potentiometer of so many ohms whose wiper is at `position` of the way from `low` to `high`, 0..1. The
  /// wiper never quite reaches an end: 0.01 % of the track remain, as they do in life.
  void potentiometer(Node high, Node wiper, Node low, double ohms, double position);

  /// The same on a knob, halfway until it is turned.
  void potentiometer(Node high, Node wiper, Node low, double ohms, Knob knob);
  /// A potentiometer used as a resistor: `ohms` at position 1, 1 ohm at 0.
  void rheostat(Node a, Node b, double ohms, Knob knob);
  /// Turns a knob: changes resistors in their places, so that it may be called while sound runs. [any thread]
  void turn(Knob knob, double position) noexcept;
  bool hangsOn(std::size_t resistor, Knob knob) const noexcept;

  void triode(Node plate, Node grid, Node cathode, const Triode& model,
              const TubeCapacitances& capacitances = {0.0, 0.0, 0.0}) {
    triodes_.push_back({plate, grid, cathode, model, capacitances});
  }
  void powerGrid(Node grid) { powerGrids_.push_back({grid, 0.0}); }
  void setPowerCathode(double volts) {
    for (PowerGrid& power : powerGrids_) power.cathodeVolts = volts;
  }

  /// An ideal voltage source: a signal from outside, in the order in which they are added.
  void input(Node positive, Node negative = kGround) { inputs_.push_back({positive, negative, 0.0}); }
  /// A constant one.
  void supply(Node positive, double volts, Node negative = kGround) {
    supplies_.push_back({positive, negative, volts});
  }
  /// A voltage to be told, in the order in which they are added.
  void output(Node positive, Node negative = kGround) { outputs_.push_back({positive, negative, 0.0}); }

  int nodes() const noexcept { return lastNode_; }  ///< without ground
  const std::vector<Branch>& resistors() const noexcept { return resistors_; }
  const std::vector<Branch>& capacitors() const noexcept { return capacitors_; }
  const std::vector<Branch>& inductors() const noexcept { return inductors_; }
  const std::vector<Branch>& inputs() const noexcept { return inputs_; }
  const std::vector<Branch>& supplies() const noexcept { return supplies_; }
  const std::vector<Branch>& outputs() const noexcept { return outputs_; }
  const std::vector<TriodePart>& triodes() const noexcept { return triodes_; }
  const std::vector<PowerGrid>& powerGrids() const noexcept { return powerGrids_; }
  int knobs() const noexcept { return knobs_; }

  /// Capacitors and those inside tubes.
  std::vector<Branch> allCapacitors() const;

 private:
  struct Pot {
    Knob knob;
    std::size_t lower;  ///< of the resistors: from the wiper down; from there up follows, unless a rheostat
    bool isRheostat;
    double ohms;
  };

  Node lastNode_ = 0;
  int knobs_ = 0;
  std::vector<Branch> resistors_, capacitors_, inductors_, inputs_, supplies_, outputs_;
  std::vector<TriodePart> triodes_;
  std::vector<PowerGrid> powerGrids_;
  std::vector<Pot> pots_;
};

}  // namespace gainstage::analog
