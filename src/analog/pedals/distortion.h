#pragma once

#include <span>

#include "analog/pedals/clip_table.h"
#include "analog/pedals/store.h"

namespace gainstage::analog {

/// The hard-clipping distortion: an op-amp of very high gain, then two silicon diodes to ground. Parts of the
/// published schematic of the ProCo Rat: 22 nF into 1M; the distortion's 100k with 100 pF over two legs, 47
/// ohms + 2.2 uF and 560 ohms + 4.7 uF; 4.7 uF + 1k to the diodes; the filter's 100k + 1.5k into 3.3 nF; a
/// follower; 22 nF into 1M. The op-amp is a slow one, an LM308 with 30 pF, and its sound depends on that: its
/// output moves by 2 pi x 1 MHz x its inputs' difference, never faster than 0.3 V/us, never beyond 4 V (9 V
/// of supply). Left out: the input's 1k + 1 nF, which begins at 160 kHz. Volts at a rate of 300 kHz or more.
class Distortion {
 public:
  struct Knobs {
    double distortion = 0.5, filter = 0.5;  ///< 0..1 of the tracks; filter 1 is the darkest
  };

  explicit Distortion(double sampleRate);       // [control]
  void setKnobs(const Knobs& knobs) noexcept;   // [audio]
  void reset() noexcept;                        // [audio] to rest
  void process(std::span<double> io) noexcept;  // [audio] in place

 private:
  static double slewAt(double difference) noexcept;
  static double meanSlew(double from, double to, bool held) noexcept;
  double amplify(double plus) noexcept;

  double sampleRate_;
  SeriesCapacitor input_;
  // Around the op-amp:
  SeriesCapacitor lowLeg_, highLeg_;
  Capacitor feedback_;
  double feedbackSiemens_ = 1.0, minusOhms_ = 1.0, share_ = 0.5;
  double amplified_ = 0.0, difference_ = 0.0;
  // From the op-amp on:
  SeriesCapacitor coupling_, filter_, output_;
  ClipTable diodes_;
  MeanOfClip mean_;
  double nodeOhms_ = 1.0;
};

}  // namespace gainstage::analog
