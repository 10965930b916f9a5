#pragma once

#include <array>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::headphones {

/// What a crossfeed does at low frequencies, where it does most.
struct CrossfeedSetting {
  double cutHz = 700.0;  ///< 300..2000: the far ear hears what lies below
  double feedDb = 4.5;   ///< 1..15: how much softer the far ear hears it than the near one

  bool operator==(const CrossfeedSetting&) const = default;
};

/// Settings that others published: the usual one, C. Moy's amplifier, J. Meier's.
inline constexpr CrossfeedSetting kUsualCrossfeed{700.0, 4.5};
inline constexpr CrossfeedSetting kMoyCrossfeed{700.0, 6.0};
inline constexpr CrossfeedSetting kMeierCrossfeed{650.0, 9.5};

/// Lets each ear hear some of the other channel's lows, later and softer, as it would from loudspeakers
/// (B. B. Bauer, "Stereophonic earphones and binaural loudspeakers", JAES 9(2), 1961). Latency 0.
///
/// The figures are those of the Bauer stereophonic-to-binaural filter ("bs2b", B. Mikhaylov): with a feed of
/// F dB the near ear's lows stand at F/6 - 3 dB and the far ear's at -5/6 F - 3 dB, through first-order
/// filters whose cuts are as far apart, in semitones, as their gains in dB; the whole is scaled so that the
/// lows of what both channels share keep their level, and the highs stand 0.9 dB (F = 15) to 2.7 dB (F = 1)
/// lower. Nothing is louder at either ear than it was at the louder one; lows arrive at the far ear some
/// 270 us later. Settings move over 20 ms; on and off blends over 50 ms; off is bit-exact. The same bits
/// however the stream is split.
class Crossfeed {
 public:
  static constexpr Milliseconds kRamp = 20_ms;
  static constexpr Milliseconds kBlend = 50_ms;

  void prepare(const StreamFormat& format) noexcept;   // [control]
  void set(const CrossfeedSetting& setting) noexcept;  // [audio]
  void setOn(bool on) noexcept;                        // [audio] default off
  /// Forgets all audio and jumps to the values last set. [audio; or control before processing]
  void reset() noexcept;
  /// In place, 2 channels. [audio]
  void process(AudioView io) noexcept;

 private:
  bool isOff() const noexcept { return amount_.isSettled() && amount_.target() == 0.0f; }

  double sampleRate_ = 48000.0;
  LinearRamp amount_{0.0f};
  LinearRamp near_{1.0f};                      // gain of the channel's own signal
  LinearRamp nearLow_{0.0f};                   // what its lows lack of that
  LinearRamp far_{0.0f};                       // gain of the other channel's lows
  LinearRamp nearPole_{0.5f}, farPole_{0.5f};  // share of the way that the low-passes go in a frame
  struct Lows {
    float own = 0.0f, other = 0.0f;
  };
  std::array<Lows, 2> lows_{};
};

}  // namespace gainstage::headphones
