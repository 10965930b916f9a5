#pragma once

#include <span>

#include "analog/pedals/clip_table.h"
#include "analog/pedals/store.h"

namespace gainstage::analog {

/// The mid-hump overdrive: a non-inverting op-amp with two silicon diodes in its feedback, then a tone
/// control. Parts as in the analysis of the Tube Screamer by Yeh, Abel and Smith 2007 ("Simplified,
/// physically-informed models of distortion and overdrive guitar effects pedals", DAFx): 51k + 500k drive, 51
/// pF and the diodes over 4.7k + 47 nF to ground; 1k, 220 nF, the tone's 20k between the inputs of the second
/// op-amp with 220 ohms + 220 nF at its wiper. The input couples by 20 nF into 510k, then 1 uF into 10k.
/// Op-amps are ideal: 4558s are far from their limits here. Volts at a rate of 300 kHz or more.
class Overdrive {
 public:
  struct Knobs {
    double drive = 0.5, tone = 0.5;  ///< 0..1 of the tracks
  };

  explicit Overdrive(double sampleRate);        // [control]
  void setKnobs(const Knobs& knobs) noexcept;   // [audio]
  void reset() noexcept;                        // [audio] to rest
  void process(std::span<double> io) noexcept;  // [audio] in place

 private:
  double sampleRate_;
  SeriesCapacitor input_, coupling_, leg_;
  // Over the feedback's resistance:
  Capacitor feedback_;
  ClipTable diodes_;
  double feedbackOhms_ = 1.0;
  // Of the tone control:
  Capacitor rollOff_;
  SeriesCapacitor wiper_;
  double nodeOhms_ = 1.0, wiperSiemens_ = 0.0, toInput_ = 0.5, toFeedback_ = 0.5;
};

}  // namespace gainstage::analog
