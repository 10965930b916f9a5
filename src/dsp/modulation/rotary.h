#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/delay/fractional_delay.h"
#include "dsp/modulation/rotor.h"

namespace gainstage::dsp {

/// A loudspeaker whose horn turns, above 800 Hz, and below it a drum the other way round (Smith, Serafin,
/// Abel & Berners, "Doppler simulation and the Leslie", DAFx 2002). A mouth that goes round at radius r comes
/// nearer and farther by r, so that its delay swings by r / c and its pitch by 2 pi f r / c; turned away it
/// is softer, and duller. What comes in is taken as one channel; each channel that goes out is a microphone.
/// Latency 0.
class Rotary {
 public:
  static constexpr double kHornRadiusMs = 0.19 / 343.0 * 1000.0;  ///< 19 cm, as the time sound takes for it
  static constexpr double kDrumRadiusMs = 0.10 / 343.0 * 1000.0;  ///< of its scoop's centre
  static constexpr double kDrumSpeed = 0.85;   ///< of the horn's: 342 to 400 turns a minute
  static constexpr double kDrumInertia = 4.5;  ///< of the horn's, as a ratio of times
  static constexpr double kCrossoverHz = 800.0;

  void prepare(const StreamFormat& format, double spread);  // [control] turns between microphones, 0..0.5

  void setSpeed(Hertz horn) noexcept;     // [audio] 0..10; 0 brakes
  void setRise(double seconds) noexcept;  // [audio] in which the horn does 90 % of a change of speed
  void setMix(float share) noexcept;      // [audio] 0: as it came in, 1: the loudspeaker only
  void reset() noexcept;                  // [audio]
  void process(AudioView io) noexcept;    // [audio] in place, 1 or 2 channels

  FrameTime tailFrames() const noexcept;  // [any thread]

 private:
  float hear(std::size_t microphone) noexcept;
  void send(double sample) noexcept;

  double sampleRate_ = 48000.0;
  Lfo::Phase spread_ = 0;
  Rotor horn_, drum_;
  FractionalDelay hornLine_, drumLine_;
  double split_ = 0.0, low_ = 0.0, lower_ = 0.0;  // crossover: g, and its two states
  double beamShare_ = 0.0;                        // what of the horn spreads wide: a trapezoidal one-pole
  std::array<double, 2> wide_{};                  // and its states
  LinearRamp mix_{1.0f};
};

}  // namespace gainstage::dsp
