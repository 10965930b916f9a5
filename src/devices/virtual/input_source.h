#pragma once

#include "core/audio_view.h"
#include "core/result.h"

namespace gainstage::devices {

/// Where the inputs of a device without hardware come from.
class InputSource {
 public:
  virtual ~InputSource() = default;

  virtual int channels() const noexcept = 0;  // [any thread]

  /// Before the first fill(), and when the rate changes; goes on from about the time it had reached, or from
  /// its beginning. `waitsForNobody`: fill() may not wait for a disk. [control or device thread, no fill()
  /// meanwhile]
  virtual Result<void> prepare(double sampleRate, bool waitsForNobody) = 0;

  /// The next frames, channels() x frames, any number, the same however they are split. Returns how many
  /// there were: fewer only at its end, the rest is silent then. [audio, outside the RealtimeScope]
  virtual FrameCount fill(AudioView inputs) noexcept = 0;

  /// Why it ended before its time. [control, no fill() meanwhile]
  virtual Result<void> problem() const { return {}; }
};

}  // namespace gainstage::devices
