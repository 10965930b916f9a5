#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <numbers>

#include "analog/circuit/circuit_simulation.h"
#include "analog/circuit/tone_stack.h"
#include "analog/stored_results.h"
#include "core/realtime.h"

/// Circuits against what ngspice makes of the netlists beside this file (scripts/netlists.py).
namespace gainstage::analog {
namespace {

std::vector<std::vector<double>> stored(const std::string& name) { return StoredResults(name).rows; }

/// In the order of the columns of the stored results.
constexpr ToneKnobs kKnobs[] = {{0.5, 0.5, 0.5}, {0, 0, 0},       {1, 1, 1},       {1, 0, 0},  {0, 1, 0},
                                {0, 0, 1},       {0.8, 0.3, 0.6}, {0.2, 0.7, 0.4}, {0.5, 0, 1}};

TEST(ToneStack, IsWithinATenthOfADecibelOfNgspiceAtNineSettings) {
  // The trapezoidal rule squeezes frequencies: where a stack falls by 6 dB an octave, 0.3 dB at 20 kHz at
  // four times a session's rate, 0.08 dB at eight times.
  constexpr double kRate = 384000.0;
  for (const ToneStack& stack : toneStacks()) {
    const auto rows = stored("tone-" + std::string(stack.name));
    ASSERT_EQ(rows.size(), 31u);
    for (std::size_t s = 0; s < std::size(kKnobs); ++s) {
      const StateSpace space(makeToneStack(stack, kKnobs[s]), kRate);
      for (const auto& row : rows) {
        const double decibels = 20.0 * std::log10(std::abs(space.response(row[0], kRate)));
        EXPECT_NEAR(decibels, row[s + 1], 0.1) << stack.name << ", setting " << s << ", " << row[0] << " Hz";
      }
    }
  }
}

Circuit triodeStage() {
  Circuit c;
  const auto source = c.node(), driven = c.node(), leak = c.node(), grid = c.node(), cathode = c.node(),
             plate = c.node(), supply = c.node(), out = c.node();
  c.input(source);
  c.resistor(source, driven, 38e3);
  c.capacitor(driven, leak, 22e-9);
  c.resistor(leak, Circuit::kGround, 1e6);
  c.resistor(leak, grid, 68e3);
  c.triode(plate, grid, cathode, Triode());
  c.capacitor(grid, plate, 1.7e-12);
  c.capacitor(grid, cathode, 1.6e-12);
  c.resistor(cathode, Circuit::kGround, 1.5e3);
  c.capacitor(cathode, Circuit::kGround, 0.68e-6);
  c.supply(supply, 300.0);
  c.resistor(supply, plate, 100e3);
  c.capacitor(plate, out, 22e-9);
  c.resistor(out, Circuit::kGround, 470e3);
  c.output(out);
  return c;
}

/// The error's energy below the signal's, in dB, in blocks that need not divide it.
double errorOf(const std::string& name, const std::function<double(double)>& signal) {
  constexpr double kRate = 192000.0;
  const auto rows = stored(name);
  std::vector<double> io(rows.size());
  for (std::size_t n = 0; n < io.size(); ++n) io[n] = signal(static_cast<double>(n) / kRate);
  CircuitSimulation simulation(triodeStage(), kRate);
  for (std::size_t at = 0; at < io.size(); at += 100) {
    RealtimeScope realtime;
    simulation.process(std::span(io).subspan(at, std::min<std::size_t>(100, io.size() - at)));
  }
  double error = 0.0, energy = 0.0;
  for (std::size_t n = 0; n < io.size(); ++n) {
    error += (io[n] - rows[n][0]) * (io[n] - rows[n][0]);
    energy += rows[n][0] * rows[n][0];
  }
  return 10.0 * std::log10(error / energy);
}

TEST(CircuitSimulation, DrivesATriodeWithTwoTonesAsNgspiceDoes) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  EXPECT_LT(errorOf("triode-stage-two-tone",
                    [](double t) {
                      return 4.0 * (0.5 * std::sin(kTurn * 220.0 * t) + 0.5 * std::sin(kTurn * 1661.0 * t));
                    }),
            -50.0);
}

TEST(CircuitSimulation, DrivesATriodeWithAPluckedStringAsNgspiceDoes) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  EXPECT_LT(errorOf("triode-stage-plucked",
                    [](double t) {
                      const auto partial = [t](double level, double hz, double decay) {
                        return level * std::sin(kTurn * hz * t) * std::exp(-decay * t);
                      };
                      return 6.0 *
                             (partial(1.0, 196.0, 9.0) + partial(0.5, 392.3, 14.0) +
                              partial(0.4, 589.0, 20.0) + partial(0.25, 786.5, 28.0)) *
                             (1.0 - std::exp(-900.0 * t));
                    }),
            -50.0);
}

TEST(StateSpace, RestsWhereItsCurrentsBalance) {
  // By hand: at rest the plate's current is the cathode resistor's, and brings the plate down from 300 V.
  const StateSpace space(triodeStage(), 96000.0);
  const double gridToCathode = space.rest.ports(0), plateToCathode = space.rest.ports(1);
  const Triode::Currents at = Triode().at(gridToCathode, plateToCathode);
  EXPECT_NEAR((at.plate + at.grid) * 1.5e3, -gridToCathode - at.grid * 1.068e6, 1e-6);
  EXPECT_NEAR(300.0 - at.plate * 100e3 - (at.plate + at.grid) * 1.5e3, plateToCathode, 1e-6);
  EXPECT_GT(at.plate, 0.5e-3);
  EXPECT_LT(at.plate, 1.5e-3);
}

TEST(CircuitSimulation, StaysAtRestInSilence) {
  CircuitSimulation simulation(triodeStage(), 96000.0);
  std::vector<double> io(9600, 0.0);
  simulation.process(io);
  for (const double volts : io) EXPECT_NEAR(volts, 0.0, 1e-4);
}

}  // namespace
}  // namespace gainstage::analog
