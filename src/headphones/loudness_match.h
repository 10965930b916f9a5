#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/filters/k_weighting.h"

namespace gainstage::headphones {

/// Brings a plain signal to the loudness of the corrected one, so that the ear compares their sound and not
/// their level: whatever is louder by a fraction of a dB seems better.
///
/// Loudness is that of the programme itself, K-weighted and gated as in ITU-R BS.1770-4: of both signals over
/// the last 30 s, in the blocks of 400 ms in which the plain one passes the gates. Pink noise alone would
/// leave 1 LU and more between them for music with much or little bass; it gives the gain until something
/// plays (begin()). While it is heard the gain ramps over each 100 ms and moves by 0.5 dB in them at most.
/// Latency 0; the same bits however the stream is split.
class LoudnessMatch {
 public:
  void prepare(const StreamFormat& format) noexcept;  // [control]
  /// A new pair of signals begins, of which pink noise would need `gainDb`. [audio]
  void begin(double gainDb) noexcept;
  /// Off lets the gain go back to 1. [audio] default on
  void setOn(bool on) noexcept { on_ = on; }
  /// Forgets all audio and jumps to what was asked for last. [audio; or control before processing]
  void reset() noexcept;

  /// Frames until the next hop begins: process() takes no more at once. [audio]
  FrameCount framesToHop() const noexcept { return hopLeft_; }
  /// Measures both, of 1 or 2 channels, and applies the gain to `plain`. [audio]
  void process(AudioView plain, ConstAudioView corrected) noexcept;
  /// To be called after each process(): where a hop is over, the gain is worked out anew. One that is not
  /// heard gets there at once. [audio]
  void endHop(bool isHeard) noexcept;

  bool isUnity() const noexcept { return gain_.isSettled() && gain_.target() == 1.0f; }  // [audio]
  float gain() const noexcept { return gain_.current(); }                                // [audio]

 private:
  struct Channel {
    dsp::BiquadState shelf, highpass;
    double sum = 0.0;  // of squares, this hop's
  };
  struct Signal {
    std::array<Channel, 2> channels{};
    std::array<double, 4> hops{};

    double endHop() noexcept;  // energy of the block that ends here
  };
  void weigh(ConstAudioView audio, Signal& signal) const noexcept;
  float wanted() const noexcept;

  dsp::BiquadCoefficients shelf_, highpass_;
  Signal plain_, corrected_;
  FrameCount hopFrames_ = 4800, hopLeft_ = 4800;
  // Of the blocks of the last 30 s in which the plain signal passed the gates, and their number.
  double plainEnergy_ = 0.0, correctedEnergy_ = 0.0, blocks_ = 0.0;
  double startRatio_ = 1.0;  // of energies, until something plays
  bool on_ = true;
  LinearRamp gain_{1.0f};
};

}  // namespace gainstage::headphones
