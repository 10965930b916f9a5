#pragma once

#include "core/units.h"

namespace gainstage::devices {

enum class FaultKind {
  lostFrames,  ///< `frames` are never delivered
  unplug,      ///< gone for `frames`; for good where that is negative
  plugBack,    ///< ends an unplug for good
  format,      ///< another rate or block size, while running
};

/// Something that goes wrong with a device, in its own count of frames.
struct Fault {
  FaultKind kind = FaultKind::lostFrames;
  FrameTime atFrame = 0;  ///< due there, to the frame; at once where that has passed
  FrameTime frames = 0;
  double sampleRate = 0.0;     ///< Hz; 0: as it was
  FrameCount blockFrames = 0;  ///< 0: as it was
};

}  // namespace gainstage::devices
