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
  struct TriodePart {
    Node plate, grid, cathode;
    Triode model;
  };

  Node node() { return ++lastNode_; }

  void resistor(Node a, Node b, double ohms) { resistors_.push_back({a, b, ohms}); }
  void capacitor(Node a, Node b, double farads) { capacitors_.push_back({a, b, farads}); }
  void inductor(Node a, Node b, double henries) { inductors_.push_back({a, b, henries}); }

  /// A potentiometer of so many ohms whose wiper is at `position` of the way from `low` to `high`, 0..1. The
  /// wiper never quite reaches an end: 0.01 % of the track remain, as they do in life.
  void potentiometer(Node high, Node wiper, Node low, double ohms, double position);

  void triode(Node plate, Node grid, Node cathode, const Triode& model) {
    triodes_.push_back({plate, grid, cathode, model});
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

 private:
  Node lastNode_ = 0;
  std::vector<Branch> resistors_, capacitors_, inductors_, inputs_, supplies_, outputs_;
  std::vector<TriodePart> triodes_;
};

}  // namespace gainstage::analog
