#pragma once

#include <span>

#include "analog/pedals/clip_table.h"
#include "analog/pedals/store.h"

namespace gainstage::analog {

/// A clean boost of one junction transistor in common source, at 18 V: the stage of an Echoplex's
/// preamplifier and its many descendants. 22 nF into 1M and a follower; the gain's 100k; 47k to the gate of a
/// 2N5457 (1.3 mA/V^2, pinched off at -1.5 V; the square law of Shichman and Hodges 1968, with its ohmic
/// region and the gate's diode); 1k and 22 uF at its source, 10k at its drain, a follower; 1 uF and 10k; the
/// low cut's 10 nF under 1M; 100k, and over it the tone's 100k + 1k + 4.7 nF. Volts at a rate of 150 kHz or
/// more.
class Boost {
 public:
  struct Knobs {
    double gain = 0.5, lowCut = 0.0, tone = 1.0;  ///< 0..1 of the tracks; tone 1 is the brightest
  };

  explicit Boost(double sampleRate);            // [control]
  void setKnobs(const Knobs& knobs) noexcept;   // [audio]
  void reset() noexcept;                        // [audio] to rest
  void process(std::span<double> io) noexcept;  // [audio] in place

 private:
  struct Drain {
    double volts, amperes;
  };
  static Drain drainAt(double gate, double source) noexcept;

  double sampleRate_;
  SeriesCapacitor input_;
  double gain_ = 0.5, gateOhms_ = 1.0;
  ClipTable gate_;
  double sourceVolts_ = 0.0;
  // From the drain on:
  SeriesCapacitor output_, tone_;
  Capacitor lowCut_;
  double lowCutOhms_ = 1.0, nodeOhms_ = 1.0, chainSiemens_ = 1.0;
};

}  // namespace gainstage::analog
