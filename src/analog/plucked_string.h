#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analog/string_loop.h"
#include "core/ramp.h"

namespace gainstage::analog {

/// One string of a guitar and where it is plucked and heard.
struct StringSetup {
  double openHz = 110.0;
  double scaleMm = 648.0;       ///< length of the open string
  double pickupMm = 162.0;      ///< from the bridge
  double pluckMm = 120.0;       ///< from the bridge
  double inharmonicity = 6e-5;  ///< of the open string; grows with the square of the pitch
  double decayS = 6.0;          ///< of the open string
  double trebleDecayS = 1.0;    ///< near 4 kHz
};

/// How hard, and how.
struct Pluck {
  double semitones = 0.0;  ///< above the open string
  float velocity = 0.8f;   ///< 0..1: louder, and brighter
};

/// A steel string plucked with a plectrum, as a magnetic pickup above it hears it: two polarizations of
/// slightly different pitch and decay (which is what makes a decay fast first, slow then, and alive), driven
/// at one point, sensed at another. Gives the change of velocity from frame to frame: to be summed up by the
/// pickup's owner, once for all strings.
class PluckedString {
 public:
  void prepare(double sampleRate, const StringSetup& setup);  // [control]
  void reset() noexcept;                                      // [audio]

  /// A finger comes to rest on it: silent within 8 ms and a period. [audio]
  void damp() noexcept { damping_.setTarget(0.0f); }

  /// Lets go of the plectrum at the next frame. Damp it before, by 8 ms and a period. [audio]
  void pluck(const Pluck& pluck) noexcept;

  /// Adds the string to what is there. [audio]
  void process(std::span<float> sum) noexcept;

 private:
  float excitation() noexcept;
  float pulse(double seconds) const noexcept;

  double sampleRate_ = 48000.0;
  StringSetup setup_;
  std::array<StringLoop, 2> loops_;  ///< across the pickup, and along it
  LinearRamp damping_{1.0f};         ///< share of a wave that comes round
  bool isIdle_ = true;

  std::int64_t sincePluck_ = 0;  ///< frames
  double pulseS_ = 0.0;
  double pluckDelayS_ = 0.0;
  std::int64_t excitationFrames_ = 0;
  float strength_ = 0.0f;
  std::uint32_t noise_ = 1;

  std::vector<float> heard_;  ///< waves on their way from the pickup to the bridge and back
  std::size_t heardAt_ = 0;
  float heardPart_ = 0.0f;
};

}  // namespace gainstage::analog
