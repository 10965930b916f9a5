#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "analog/pedals/store.h"

namespace gainstage::analog {

/// The fuzz of two transistors, and the guitar that it hangs on: its input takes so much current that the
/// guitar's volume decides between clean and square. Parts of the published schematic of the Fuzz Face: 2.2
/// uF; 33k at the first collector, which drives the second base; 100k from the second emitter back; the
/// fuzz's 1k with 20 uF at its wiper; the bias's resistor (8.2k in the original) and 470 ohms at the second
/// collector, the output between the two by 10 nF into 500k. Transistors by Ebers and Moll 1954
/// ("Large-signal behavior of junction transistors", Proc. IRE 42). The guitar: a pickup of 2.5 H and 8k at a
/// volume control of 500k. What comes in is that pickup's voltage, unloaded. All four nodes by one Newton
/// step for each sample, more where junctions move far; where the output bends within a sample it is followed
/// in steps of its own, and its mean is what comes out. Volts at a rate of 300 kHz or more.
class Fuzz {
 public:
  enum class Transistors : std::uint8_t { germanium, silicon };

  struct Knobs {
    double fuzz = 1.0, guitarVolume = 1.0, bias = 0.4;  ///< 0..1 of the tracks; bias 2k..17.5k
  };

  Fuzz(Transistors kind, double sampleRate);    // [control]
  void setKnobs(const Knobs& knobs) noexcept;   // [audio]
  void reset() noexcept;                        // [audio] to rest; 50 us
  void process(std::span<double> io) noexcept;  // [audio] in place

 private:
  struct Transistor {
    double saturation, forward, reverse;  ///< A, and the current gains
  };
  enum Node : std::uint8_t { base, collector, emitter, output };
  using Nodes = std::array<double, 4>;

  /// What surrounds the transistors at one moment: conductances to sources.
  struct Around {
    double baseSiemens, baseVolts, emitterSiemens, emitterVolts;
  };

  /// Of the output over one step: its mean, and its mean times the time since the step began, in steps.
  struct Moments {
    double mean, late;
  };

  static Transistor transistor(Transistors kind, bool second) noexcept;
  double newton(const Around& around, Nodes& nodes) const noexcept;
  bool converge(const Around& around, Nodes& nodes) const noexcept;
  void solve(const Around& from, const Around& to, Nodes& nodes) const noexcept;
  void addMoments(const Around& now, const Nodes& from, const Nodes& to, double begin, double length,
                  int depth, Moments& sum) const noexcept;

  Transistor first_, second_;
  double junctionVolts_;  // above which a junction's current runs away

  // The guitar, up to the wiper:
  double wiperOhms_ = 0.0, wiperShare_ = 0.0;
  SeriesCapacitor input_;
  // Under the second emitter:
  Capacitor bypass_;
  double bypassOhms_ = 1.0, aboveOhms_ = 0.0;
  double collectorSiemens_ = 1.0;
  SeriesCapacitor out_;

  Around around_{};
  Nodes nodes_{}, before_{};  // at the last step, and at the one before it
  double late_ = 0.0;
};

}  // namespace gainstage::analog
