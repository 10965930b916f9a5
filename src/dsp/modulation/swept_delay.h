#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/delay/fractional_delay.h"
#include "dsp/modulation/lfo.h"

namespace gainstage::dsp {

/// Voices whose delays swing along a sine, mixed with what came in: vibrato, chorus and flanger (Dattorro,
/// "Effect design, part 2", JAES 45(10), 1997). Latency 0.
///
/// With feedback g, delay z and input x, the line holds u = x + g z u, and the wet signal is
/// sqrt(1 - g) (u + z u) - x. So an equal mix is sqrt(1 - g) / 2 (1 + z) / (1 - g z) x: its notches stay
/// where they are without feedback, of whatever sign that is, and noise keeps its level. Without feedback the
/// wet signal is z x.
class SweptDelay {
 public:
  static constexpr int kMostVoices = 3;
  static constexpr double kLeastFrames = FractionalDelay::kLeast + 1.0;

  struct Layout {
    int channels = 1;     ///< 1 or 2, each with lines and voices of its own
    int voices = 1;       ///< 1..kMostVoices, their phases evenly round the turn; they add up in power
    double spread = 0.0;  ///< turns by which the second channel is ahead, 0..0.5
  };

  /// [control] `longest` bounds a delay with its sweep.
  void prepare(const StreamFormat& format, const Layout& layout, Milliseconds longest);

  void setRate(Hertz rate) noexcept;              // [audio]
  void setShortest(Milliseconds delay) noexcept;  // [audio] of the sweep; at least kLeastFrames
  void setSweep(Milliseconds sweep) noexcept;     // [audio] from shortest to longest; 0 stands still
  void setFeedback(float share) noexcept;         // [audio] -0.9..0.9, with one voice
  void setMix(float share) noexcept;              // [audio] 0: as it came in, 1: wet only
  void reset() noexcept;                          // [audio]
  void process(AudioView io) noexcept;            // [audio] in place

  /// Frames until it has fallen by this much after its input has. [audio]
  FrameTime framesToFallBy(Decibels fall) const noexcept;

 private:
  float framesOf(Milliseconds time) const noexcept;
  float voices(std::size_t channel, double shortest, double sweep) const noexcept;

  StreamFormat format_;
  Layout layout_;
  Lfo lfo_;
  std::array<std::array<Lfo::Phase, kMostVoices>, 2> ahead_{};
  std::array<FractionalDelay, 2> lines_;
  float voiceGain_ = 1.0f;
  double longestFrames_ = kLeastFrames;
  LinearRamp shortest_{0.0f}, sweep_{0.0f};  // frames
  LinearRamp feedback_{0.0f}, mix_{0.0f};
};

}  // namespace gainstage::dsp
