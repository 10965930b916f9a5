#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>
#include <vector>

#include "analog/amplifier/curve.h"
#include "analog/circuit/circuit.h"

namespace gainstage::analog {

/// One stage of an amplifier, cut out of its circuit: a tube (or the two of a phase inverter, or the grids of
/// a pair of power tubes) with every part that hangs on its electrodes. What lies beyond the next tube before
/// it and after it is replaced: the one before by the current that it gives, the one after by its grid's
/// capacitance.
///
/// A circuit of resistors and capacitors has real time constants only. In coordinates where each one is by
/// itself (its modes) a step of time is
///
///     x1 = a x0 + b u + b' u' + c + d i + d' i'
///     v  = M x1 + U u + U' u' + I i + I' i' + const
///     y  = P0 x0 + P1 x1 + Pu u + Pi i + const
///
/// u, i: means over the step of what comes in and of the curves' currents; u', i': how much they rise within
/// it; v: what the curves depend on, at the step's end; y: a mean over the step of what goes out;
/// with the exact exponentials of the time constants in `a`; a mode that is over within a step has no x of
/// its own. Means of the currents along a straight line of voltage are what keeps a step second-order exact
/// and aliases low (the average vector field method, Quispel and McLaren 2008, "A new class of
/// energy-preserving numerical integration methods", J. Phys. A 41).
class StageCircuit {
 public:
  static constexpr int kMostNodes = 28;
  static constexpr int kMostModes = 16;
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMostNodes, kMostNodes>;
  using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMostNodes, 1>;

  /// What a stage is made around: one or two triodes of the circuit, or its power grids.
  struct Plan {
    std::vector<int> triodes;
    bool powerGrids = false;
  };
  /// Where the circuit rests: for each triode its currents' slopes and how much it amplifies.
  struct TubeAtRest {
    double plateConductance, transconductance, gain;
  };
  /// Which curve belongs to what.
  struct CurveSet {
    int cathode, grid, powerGrid;
  };

  /// The coefficients of a step, as above: two inputs, two curves, two outputs.
  struct Step {
    int modes = 0;
    std::array<double, kMostModes> a{}, c{};
    std::array<std::array<double, kMostModes>, 2> b{}, bRise{}, d{}, dRise{}, m{}, pBegin{}, pEnd{};
    std::array<std::array<double, 2>, 2> mu{}, muRise{}, mi{}, miRise{}, pu{}, pi{};
    std::array<double, 2> mc{}, pc{};
  };

  /// `next`: the plan after this one, which decides what goes out. [control]
  StageCircuit(const Circuit& circuit, const Plan& plan, const Plan* next, const CurveSet& curves,
               const std::vector<TubeAtRest>& rest);

  /// Makes the equations anew with the circuit's resistors as they are now. [any thread] Allocates nothing.
  void update(const Circuit& circuit, double secondsPerStep) noexcept;

  /// Whether any of this stage's parts hangs on a knob. [any thread]
  bool holds(const Circuit& circuit, Circuit::Knob knob) const noexcept;

  const Step& step() const noexcept { return step_; }
  /// How many of the step's modes, its first ones, move little within it. [any thread]
  int slowModes() const noexcept { return slowModes_; }
  /// Whether the second input is the current that the next stage's grid takes. [any thread]
  bool hearsNext() const noexcept { return hearsNext_; }
  /// Whether that current comes and goes within a step: a follower's grid, straight on a plate whose cathode
  /// stands still. [any thread]
  bool isNextQuick() const noexcept { return nextIsQuick_; }
  /// Whether the next stage gets means over two steps: edges within a step are not where a mean over one puts
  /// them. Not where something is heard back, and would be later still: the next grid's current, and what
  /// goes through a phase inverter and the loop. [any thread]
  bool isMeanOfTwo() const noexcept { return !hearsNext_ && !isInverter_; }
  const std::array<int, 2>& curves() const noexcept { return curves_; }

  /// The modes of a state that the former equations left, in the present ones'. [any thread]
  /// `inputs` and `currents`: the last step's.
  void carryOver(std::array<double, kMostModes>& modes, const std::array<double, 2>& inputs,
                 const std::array<double, 2>& currents) const noexcept;

  /// Where nothing moves while `inputs` stay: modes, the curves' voltages, what goes out. [any thread]
  struct Rest {
    std::array<double, kMostModes> modes{};
    std::array<double, 2> inputs{}, volts{}, currents{}, outputs{};
  };
  Rest rest(const Curves& curves, const std::array<double, 2>& inputs) const noexcept;

 private:
  struct Conductance {
    int a, b;                             // places of unknown nodes, or -1
    double aVolts, bVolts;                // of known ones
    int aInput, bInput;                   // or which input it is, else -1
    std::optional<std::size_t> resistor;  // of the circuit, else fixed
    double siemens;
  };

  void reach(const Circuit& circuit, int node);
  void addParts(const Circuit& circuit, const Plan& plan, const Plan* next,
                const std::vector<TubeAtRest>& rest);
  void fillStep(double secondsPerStep) noexcept;
  void addOutputs(const Circuit& circuit, const Plan& plan, const Plan* next,
                  const std::vector<TubeAtRest>& rest);
  int placeOf(int node) const { return places_[static_cast<std::size_t>(node)]; }
  void setRow(Matrix& rows, int row, int node, double weight, std::array<double, 2>& constant);

  std::vector<int> places_;    // of nodes: place among the unknown, -1 elsewhere
  std::vector<double> known_;  // volts of nodes that a source holds; not-a-number elsewhere
  std::vector<int> inputOf_;   // which input of this stage a node is, -1 elsewhere
  int unknown_ = 0;
  std::vector<Conductance> conductances_;
  Matrix capacitances_;
  Matrix inputCurrents_, portCurrents_;  // unknown x 2
  Matrix controls_, outputs_;            // 2 x unknown
  std::array<double, 2> controlConstants_{}, outputConstants_{};
  std::array<std::array<double, 2>, 2> outputCurrents_{};
  std::array<int, 2> curves_{};
  int keptModes_ = -1, slowModes_ = 0;
  bool isInverter_, hearsNext_ = false, nextIsQuick_ = false;

  // Directions of voltage that store (a column each, scaled so that one joule is 1/2 in each), and that do
  // not.
  Matrix storing_, free_;

  // Of the present equations; the former's are what a state is carried over from.
  Matrix modes_, formerModes_;  // of the storing directions, a column each
  Vector rates_, formerRates_;  // 1/s, slowest first
  Matrix byInput_, byPort_, formerByInput_, formerByPort_;
  Vector byConstant_, formerByConstant_;
  Matrix controlsByMode_, outputsByMode_;  // 2 x modes
  struct Direct {
    Eigen::Matrix2d mu, mi, pu, pi;
    Eigen::Vector2d mc, pc;
  };
  Direct direct_;  // what passes without any mode
  Step step_;
};

}  // namespace gainstage::analog
