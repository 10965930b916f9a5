#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "analog/guitar_player.h"
#include "analog/pickup.h"
#include "analog/plucked_string.h"
#include "core/stream_format.h"

namespace gainstage::analog {

/// What the guitar is like. The defaults: a solid body with light strings, its middle pickup, a plectrum.
struct GuitarSetup {
  double scaleMm = 648.0;   ///< 25.5 inches
  double pickupMm = 135.0;  ///< from the bridge
  double pluckMm = 100.0;   ///< from the bridge
  PickupCircuit pickup;
  bool hasCircuit = true;  ///< false: as the strings induce it, before coil, pots and cable
};

/// An electric guitar at the end of its cable: six strings, a pickup, and a player where nobody else plucks.
/// Peaks near -12 dBFS, as an instrument input with headroom gives. The same however it is split.
class Guitar {
 public:
  void prepare(const StreamFormat& format, const GuitarSetup& setup = {});  // [control]
  void reset() noexcept;                                                    // [audio]

  void pluck(int string, int fret, float velocity) noexcept;  // [audio] string 0..5 from the lowest
  void damp(int string) noexcept;                             // [audio]

  /// Any number of frames. [audio]
  void process(std::span<float> out) noexcept;

 private:
  std::array<PluckedString, kGuitarStrings> strings_;
  Pickup pickup_;
  float leak_ = 1.0f;
  float velocity_ = 0.0f;
  bool hasCircuit_ = true;
};

/// The guitar and its player. Starts over from the first bar when prepared.
class PlayedGuitar {
 public:
  void prepare(const StreamFormat& format, std::uint32_t seed, const GuitarSetup& setup = {});  // [control]
  void process(std::span<float> out) noexcept;                                                  // [audio]

 private:
  Guitar guitar_;
  GuitarPlayer player_;
  FrameTime frame_ = 0;
};

}  // namespace gainstage::analog
