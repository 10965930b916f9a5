#pragma once

#include <span>

#include "analog/pedals/clip_table.h"
#include "analog/pedals/store.h"

namespace gainstage::analog {

/// The octave-up fuzz: a fuzz of an op-amp and two silicon diodes to ground, whose wave is then turned over
/// by a phase splitter and two germanium diodes, as in the Octavia and the Green Ringer. 22 nF into 1M; an
/// op-amp between rails of 4 V, 10k + 150k of drive over 4.7k + 47 nF; 2.2k to the diodes with 47 nF across,
/// which keep the wave round enough to be turned over (the Boss DS-1 has 10 nF there); five times that, and
/// its opposite, each by a 1N34A's kind of diode to 10k; a pot between the fuzz and that; 100 nF into 100k.
/// Volts at a rate of 300 kHz or more.
class Octave {
 public:
  struct Knobs {
    double drive = 0.5, octave = 1.0;  ///< 0..1 of the tracks; octave 0 is the fuzz alone
  };

  explicit Octave(double sampleRate);           // [control]
  void setKnobs(const Knobs& knobs) noexcept;   // [audio]
  void reset() noexcept;                        // [audio] to rest
  void process(std::span<double> io) noexcept;  // [audio] in place

 private:
  double betweenRails(double volts) noexcept;
  double rectified(double volts) noexcept;

  SeriesCapacitor input_, leg_, output_;
  Capacitor smoothing_;
  ClipTable clip_, rectifier_;
  double feedbackOhms_ = 1.0, octave_ = 1.0, nodeOhms_ = 1.0;
  double amplified_ = 0.0, amplifiedIntegral_ = 0.0;
  double split_ = 0.0, splitIntegral_ = 0.0;
};

}  // namespace gainstage::analog
