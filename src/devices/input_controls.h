#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "core/units.h"

namespace gainstage::devices {

/// A preamp's gain, in dB, as far as it can be set.
struct GainRange {
  double minimumDb = 0.0;
  double maximumDb = 60.0;
  double stepDb = 1.0;  ///< 0: any value

  /// The highest that can be set and is not above `db`; the lowest there is where all are. [any thread]
  double atMost(double db) const noexcept {
    const double bounded = std::clamp(db, minimumDb, maximumDb);
    if (stepDb <= 0.0) return bounded;
    // A step of 0.1 dB has no exact binary value: what is a millionth of a step short counts as reached.
    return std::min(minimumDb + stepDb * std::floor((bounded - minimumDb) / stepDb + 1e-6), maximumDb);
  }
  /// The one that is nearest to `db`. [any thread]
  double nearest(double db) const noexcept { return atMost(db + 0.5 * stepDb); }
};

/// What an input has that can be told from here.
struct InputControls {
  std::optional<GainRange> gain;  ///< of its preamp
  bool hasKnob = false;           ///< its gain is turned by hand, and cannot be told from here
  std::optional<double> padDb;    ///< what its pad takes away, above 0
  bool instrument = false;        ///< a switch to an input that does not load a guitar
  bool phantom = false;           ///< 48 V
  std::string phantomWarning{};   ///< a sentence for whoever switches it on; empty: nothing to say
  double clipsDbfs = 0.0;         ///< peaks come to no more: below 0 where the preamp clips first
  Milliseconds gainSettles{0.0};  ///< what the input gives is not worth hearing so long after a change
  Milliseconds switchSettles{0.0};
  Milliseconds phantomSettles{0.0};

  bool any() const noexcept { return gain || padDb || instrument || phantom; }
};

/// How an input stands.
struct InputSettings {
  double gainDb = 0.0;
  bool pad = false;
  bool instrument = false;
  bool phantom = false;
  bool operator==(const InputSettings&) const = default;
};

}  // namespace gainstage::devices
