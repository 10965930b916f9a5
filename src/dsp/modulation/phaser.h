#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/modulation/lfo.h"

namespace gainstage::dsp {

/// First-order all-passes in a row whose frequencies swing together, by octaves, mixed with what came in
/// (Smith, "Physical audio signal processing", 2010, "Phasing with first-order allpass filters"). N stages at
/// frequency c have notches where 2 N atan(tan(pi f / rate) / tan(pi c / rate)) is an odd number of half
/// turns: N / 2 of them.
///
/// Each stage is a trapezoidal one-pole, so that its state stays valid while it moves, and the feedback has
/// no delay of its own, so that it moves no notch (Zavalishin, "The art of VA filter design", 2018). The wet
/// signal is sqrt(1 - g) (u + A u) - x, as in SweptDelay: an equal mix peaks at 1 / sqrt(1 - g), at most 10
/// dB. Latency 0.
class Phaser {
 public:
  static constexpr int kMostStages = 8;

  struct Layout {
    int stages = 4;       ///< 2..kMostStages, even
    double spread = 0.0;  ///< turns by which the second channel is ahead, 0..0.5
  };

  void prepare(const StreamFormat& format, const Layout& layout);  // [control]

  void setRate(Hertz rate) noexcept;       // [audio]
  void setCentre(Hertz centre) noexcept;   // [audio] 20..10,000
  void setSweep(float octaves) noexcept;   // [audio] from the lowest frequency to the highest
  void setFeedback(float share) noexcept;  // [audio] -0.9..0.9
  void setMix(float share) noexcept;       // [audio] 0: as it came in, 0.5: whole notches, 1: wet only
  void reset() noexcept;                   // [audio]
  void process(AudioView io) noexcept;     // [audio] in place, 1 or 2 channels

  /// Frames until it has fallen by 90 dB after its input has. [audio]
  FrameTime framesToFallBy90Db() const noexcept;

 private:
  using States = std::array<double, kMostStages>;

  double pass(States& states, double dry, double share, double feedback) const noexcept;

  double sampleRate_ = 48000.0;
  Layout layout_;
  Lfo::Phase spread_ = 0;
  Lfo lfo_;
  std::array<States, 2> states_{};
  LinearRamp centre_{9.0f}, sweep_{0.0f};  // log2 of Hz, octaves
  LinearRamp feedback_{0.0f}, mix_{0.0f};
};

}  // namespace gainstage::dsp
